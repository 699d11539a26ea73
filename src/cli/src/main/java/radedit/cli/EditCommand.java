package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import radedit.imaging.Film;
import radedit.pipeline.EditRequest;
import radedit.pipeline.Judgement;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;

/** radedit edit. */
@Command(name = "edit", mixinStandardHelpOptions = true, description = "Edits a film inside one mask to match a prompt and keeps what is in another mask.", footer = {
        "", "Examples:", "  radedit edit --image film.png --edit-mask lung.png --keep-mask drain.png \\",
        "      --prompt \"No pneumothorax\" -o edited.png",
        "  radedit edit --image film.dcm --edit-mask box:120,80,200,160 --native \\",
        "      --prompt \"Cardiomegaly\" --keep-patient -o edited.dcm --preview look.png"})
final class EditCommand implements Callable<Integer> {
    @Mixin
    private EditSettings edit;

    @Mixin
    private GeometryOptions geometry;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PatientOptions patient;

    @Mixin
    private ConsoleListener console;

    @Mixin
    private TraceOptions trace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Listener listener = console.to(spec.commandLine().getErr());
        edit.check();
        Path[] inputs = edit.files();
        long seed = edit.sampling().seed();
        OutputNames names = output.check(List.of(labels(seed)),
                Stream.concat(Arrays.stream(inputs), Stream.of(trace.file())).toArray(Path[]::new));
        geometry.check(output, inputs);
        Film shown = edit.film(listener);
        patient.apply(output, edit.image(), shown, listener);
        boolean named = !patient.isWithheld();
        EditRequest request = edit.request(shown, named, listener);
        geometry.apply(request, shown, output, listener);
        request.note("command_line", CommandRecord.of(spec, named ? model.effective() : withheld()));
        try (TraceOptions.Open recorded = trace.open(inputs);
                RadEdit radEdit = RadEdit.open(model.folder(), model.options(edit.sampling().batch()), console,
                        recorded.recorder());
                ResultWriter writer = new ResultWriter(output, names, spec.commandLine().getOut(), console.quiet());
                BatchReport report = new BatchReport(spec.commandLine().getErr(), new TreeSet<>(Set.of(1)),
                        k -> output.path())) {
            Result result = radEdit.edit(request, listener);
            long kept = result.judgement() == null ? seed : result.judgement().best().seed();
            writer.add(labels(kept), result);
            report.done(1);
            writer.finish((System.nanoTime() - start) / 1e9);
            recorded.finish();
            geometry.write(result, spec.commandLine().getOut(), output.printsNames() && !console.quiet());
            return judge(result.judgement(), listener);
        }
    }

    private OutputNames.Labels labels(long seed) {
        Path file = edit.image().getFileName();
        String name = file == null ? "film" : file.toString();
        return new OutputNames.Labels(1, seed, String.join(" ", edit.prompts()), name.replaceFirst("\\.[^.]*$", ""));
    }

    /** Withholds file names, which may be patients' names. */
    private Map<String, String> withheld() {
        Map<String, String> m = new HashMap<>(model.effective());
        for (String option : List.of("--image", "--edit-mask", "--keep-mask", "--noise", "--output", "--preview",
                "--latents")) {
            m.put(option, "(withheld)");
        }
        return m;
    }

    private int judge(@Nullable Judgement j, Listener listener) {
        if (j == null) {
            return Exit.OK;
        }
        if (!console.quiet()) {
            String change = j.best().edit() == null
                    ? ""
                    : ", edit score " + ScoreTable.number(j.best().edit())
                            + (Double.isNaN(j.best().edit()) ? " (the film or the text did not change)" : "");
            spec.commandLine().getErr().println("image-text score " + ScoreTable.number(j.best().imageText()) + change);
        }
        if (!j.passed()) {
            listener.warning("no edit of " + j.tries().size() + " reached the score of " + edit.minScore()
                    + "; the best is kept, do not rely on it");
        }
        return j.passed() ? Exit.OK : Exit.CHECK;
    }
}
