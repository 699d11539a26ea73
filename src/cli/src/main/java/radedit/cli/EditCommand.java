package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.diffusion.Editor;
import radedit.diffusion.MaskDownsampling;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.EditRequest;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
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
    @Option(names = "--image", paramLabel = "F", required = true, description = "the film: " + FilmInput.FORMATS)
    private Path image;

    @Option(names = "--edit-mask", paramLabel = "MASK", required = true, description = "where to change; repeat to join several: "
            + Masks.SOURCES)
    private List<String> editMasks;

    @Option(names = "--keep-mask", paramLabel = "MASK", description = "what must stay; wins over the edit mask; repeat to join several")
    private List<String> keepMasks = new ArrayList<>();

    @Option(names = "--free-band", paramLabel = "N", defaultValue = "0", description = "pixels of the film around the edit mask to remove from the keep mask, so that neither applies there"
            + " (default: ${DEFAULT-VALUE})")
    private int freeBand;

    @Option(names = "--prompt", paramLabel = "T", required = true, description = "what the edit mask should show; may be repeated")
    private List<String> prompts;

    @Option(names = "--weight", paramLabel = "X", description = "guidance scale of each prompt, in order (default: 7.5 for all)")
    private List<Double> weights = new ArrayList<>();

    @Option(names = "--invert-prompt", paramLabel = "T", defaultValue = "", description = "what the film is inverted under (default: empty)")
    private String invertPrompt;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "200", description = "timesteps (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--skip-ratio", paramLabel = "X", defaultValue = "0.3", description = "share of the noisiest steps to leave out (default: ${DEFAULT-VALUE})")
    private double skipRatio;

    @Option(names = "--eta", paramLabel = "X", defaultValue = "1", description = "share of DDPM's noise, above 0 and at most 1 (default: ${DEFAULT-VALUE})")
    private double eta;

    @Option(names = "--mode", paramLabel = "NAME", defaultValue = "paper", description = "paper, or released for the published pipeline's behaviour (default: ${DEFAULT-VALUE})")
    private Editor.Mode mode;

    @Option(names = "--mask-rule", paramLabel = "NAME", description = "when a cell of the latent grid is in a mask: nearest (its top-left pixel is), any or majority of its pixels"
            + " (default: nearest for the edit mask, as published, any for the keep mask)")
    private MaskDownsampling.@Nullable Rule maskRule;

    @Option(names = "--keep-rule", paramLabel = "NAME", description = "the same for the keep mask only (default: --mask-rule if given, else any: every pixel of the mask is kept)")
    private MaskDownsampling.@Nullable Rule keepRule;

    @Option(names = "--original-text", paramLabel = "T", description = "what the film shows before the edit; enables the edit score")
    private @Nullable String originalText;

    @Option(names = "--min-score", paramLabel = "X", description = "exit with code 6 if the score (the edit score with --original-text) is below X")
    private @Nullable Double minScore;

    @Option(names = "--tries", paramLabel = "N", defaultValue = "1", description = "try the next seeds until an edit reaches --min-score; the best is kept (default: ${DEFAULT-VALUE})")
    private int tries;

    @Option(names = "--noise", paramLabel = "F", description = "read the noise from a safetensors file (noise, first_noise)")
    private @Nullable Path noise;

    @Mixin
    private FilmInput film;

    @Mixin
    private GeometryOptions geometry;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PatientOptions patient;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Listener listener = console.to(spec.commandLine().getErr());
        if (!weights.isEmpty() && weights.size() != prompts.size()) {
            throw new InvalidRequestException("--weight is given " + times(weights.size()) + ", --prompt "
                    + times(prompts.size()) + "; give one for each prompt or none");
        }
        if (freeBand < 0 || freeBand > 0 && keepMasks.isEmpty()) {
            throw new InvalidRequestException("--free-band needs a --keep-mask");
        }
        if (keepRule != null && keepMasks.isEmpty()) {
            throw new InvalidRequestException("--keep-rule needs a --keep-mask");
        }
        List<MaskSource> edits = editMasks.stream().map(MaskSource::of).toList();
        List<MaskSource> keeps = keepMasks.stream().map(MaskSource::of).toList();
        Path[] inputs = Stream.concat(Stream.of(image, noise), Stream.concat(edits.stream(), keeps.stream())
                .flatMap(s -> s.file().stream())).toArray(Path[]::new);
        OutputNames names = output.check(List.of(labels(sampling.seed())), inputs);
        geometry.check(output, inputs);
        Film shown = Inputs.film(image, film.options(), listener::warning);
        film.requireEffect(shown);
        patient.apply(output, image, shown, listener);
        Extent size = new Extent(shown.columns(), shown.rows());
        Mask edit = Masks.union("the edit mask", edits, size, listener::warning);
        EditRequest request = new EditRequest(shown, edit)
                .invertPrompt(invertPrompt).steps(steps).skipRatio(skipRatio).eta(eta).mode(mode)
                .seed(sampling.seed()).rng(sampling.rng()).size(sampling.size());
        geometry.apply(request, shown, output, listener);
        request.originalText(originalText).tries(tries);
        if (minScore != null) {
            request.minScore(minScore);
        }
        for (int i = 0; i < prompts.size(); i++) {
            request.prompt(prompts.get(i), weights.isEmpty() ? EditRequest.DEFAULT_WEIGHT : weights.get(i));
        }
        if (maskRule != null) {
            request.maskRule(maskRule);
        }
        if (keepRule != null) {
            request.keepRule(keepRule);
        }
        if (!keeps.isEmpty()) {
            request.keepMask(keepMask(keeps, edit, size, listener));
        }
        if (noise != null) {
            request.noise(Inputs.tensor(noise, "noise")).firstNoise(Inputs.tensor(noise, "first_noise"));
        }
        if (request.editMaskIsEmpty()) {
            throw new InvalidInputException(Masks.names(edits) + ": the edit mask is empty");
        }
        boolean named = !patient.isWithheld();
        request.note("inputs", new Provenance(named).file("film", image).masks("edit_mask", edits)
                .masks("keep_mask", keeps).file("noise", noise).inputs());
        request.note("command_line", CommandRecord.of(spec, named ? model.effective() : withheld()));
        try (RadEdit radEdit = RadEdit.open(model.folder(), model.options(sampling.batch()), console);
                ResultWriter writer = new ResultWriter(output, names, spec.commandLine().getOut(), console.quiet());
                BatchReport report = new BatchReport(spec.commandLine().getErr(), new TreeSet<>(Set.of(1)),
                        k -> output.path())) {
            Result result = radEdit.edit(request, listener);
            long seed = result.judgement() == null ? sampling.seed() : result.judgement().best().seed();
            writer.add(labels(seed), result);
            report.done(1);
            writer.finish((System.nanoTime() - start) / 1e9);
            geometry.write(result, spec.commandLine().getOut(), output.printsNames() && !console.quiet());
            return judge(result.judgement(), listener);
        }
    }

    private static String times(int n) {
        return n == 1 ? "once" : n + " times";
    }

    private Mask keepMask(List<MaskSource> sources, Mask edit, Extent size, Listener listener) {
        Mask keep = Masks.union("the keep mask", sources, size, listener::warning);
        if (keep.isEmpty()) {
            throw new InvalidInputException(
                    Masks.names(sources) + ": the keep mask is empty; leave it out to keep nothing");
        }
        Mask apart = freeBand == 0 ? keep : keep.difference(edit.dilate(freeBand));
        if (apart.isEmpty()) {
            throw new InvalidInputException("--free-band " + freeBand + " leaves nothing of the keep mask");
        }
        return apart;
    }

    private OutputNames.Labels labels(long seed) {
        String name = image.getFileName() == null ? "film" : image.getFileName().toString();
        return new OutputNames.Labels(1, seed, String.join(" ", prompts), name.replaceFirst("\\.[^.]*$", ""));
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
            String edit = j.best().edit() == null
                    ? ""
                    : ", edit score " + ScoreTable.number(j.best().edit())
                            + (Double.isNaN(j.best().edit()) ? " (the film or the text did not change)" : "");
            spec.commandLine().getErr().println("image-text score " + ScoreTable.number(j.best().imageText()) + edit);
        }
        if (!j.passed()) {
            listener.warning("no edit of " + j.tries().size() + " reached the score of " + minScore
                    + "; the best is kept, do not rely on it");
        }
        return j.passed() ? Exit.OK : Exit.CHECK;
    }
}
