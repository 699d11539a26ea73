package radedit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.checkpoint.DemoModel;
import radedit.checkpoint.ModelFolder;
import radedit.metrics.Bootstrap;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.stress.Controls;
import radedit.stress.FinishedRun;
import radedit.stress.Manifest;
import radedit.stress.Plan;
import radedit.stress.Shard;
import radedit.stress.StressRun;
import radedit.stress.Values;
import radedit.stress.evaluate.Evaluation;
import radedit.stress.evaluate.EvaluationFiles;
import radedit.stress.evaluate.ModelRunner;
import radedit.stress.evaluate.RunFilms;
import radedit.stress.evaluate.Validation;
import radedit.stress.report.Report;
import radedit.stress.template.PublishedResults;
import radedit.tools.demo.ShortcutClassifiers;
import radedit.tools.demo.ShortcutPhantoms;
import radedit.undertest.ModelOptions;
import radedit.undertest.ModelUnderTest;
import radedit.undertest.ModelsUnderTest;
import radedit.undertest.Preprocessing;

/** radedit demo stress. */
@Command(name = "stress", mixinStandardHelpOptions = true, description = {
        "Stress-tests two classifiers of pneumothorax, one of which goes by the chest drain.",
        "Draws films with a pneumothorax and a drain, removes the pneumothoraces with the demo model and keeps the drains,"
                + " and compares both classifiers before and after, with controls."})
final class DemoStressCommand implements Callable<Integer> {
    private static final int VALIDATION_FILMS = 60;
    private static final int RESAMPLES = 2000;

    @Option(names = {"-o",
            "--output"}, paramLabel = "DIR", defaultValue = "demo-stress", description = "where films, edits and results go; continues what is there (default: ${DEFAULT-VALUE})")
    private Path output;

    @Option(names = "--films", paramLabel = "N", defaultValue = "30", description = "number of films (default: ${DEFAULT-VALUE})")
    private int films;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "25", description = "denoising steps of each edit (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "3", description = "series of films, 0 to 65535 (default: ${DEFAULT-VALUE})")
    private int seed;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "threads, at most 1024 (default: 0, one per processor)")
    private int threads;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        check("--films", films, 2, 1000);
        check("--steps", steps, 2, 1000);
        check("--seed", seed, 0, 65535);
        console.to(spec.commandLine().getErr());
        Files.createDirectories(output);
        ShortcutPhantoms phantoms = new ShortcutPhantoms(output, seed);
        Path manifest = phantoms.writeFilms(films, n -> console.progress("films", n, films));
        Path validation = phantoms.writeValidation(VALIDATION_FILMS,
                n -> console.progress("validation films", n, VALIDATION_FILMS));
        ShortcutClassifiers.write(output);
        Path run = output.resolve("run");
        edit(manifest, run);
        Evaluation evaluation = evaluate(run, Validation.read(validation));
        PublishedResults.of("manifestation").ifPresent(p -> evaluation.note("published", List.of(p.toMap())));
        EvaluationFiles.json(evaluation, output.resolve("results.json"));
        EvaluationFiles.csv(evaluation, output.resolve("results.csv"));
        Report.write(evaluation, output.resolve("report.html"), Report.Options.DEFAULT);
        if (!console.quiet()) {
            StressTable.print(evaluation, spec.commandLine().getErr());
        }
        spec.commandLine().getOut().println(output.resolve("report.html"));
        return Exit.OK;
    }

    private static void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidRequestException(option + " must be from " + least + " to " + most + ", not " + value);
        }
    }

    private void edit(Path manifest, Path run) throws IOException {
        Listener progress = new Listener() { // the masks overlap on purpose, of which each edit would warn
            @Override
            public void progress(String phase, int done, int total) {
                console.progress(phase, done, total);
            }
        };
        ManifestRows rows = new ManifestRows();
        Values settings = new Values(Map.of("steps", List.of(Integer.toString(steps))));
        Plan plan = Plan.of(Manifest.read(manifest), settings,
                Controls.of("sham,null,reverse,background", Controls.SHAM_PROMPT), rows, console::warning);
        try (RadEdit radEdit = RadEdit.open(ModelFolder.of(DemoModel.folder()), new RunOptions("auto", threads, 0),
                progress);
                StressRun work = StressRun.open(run, plan, rows, radEdit,
                        new StressRun.Options(Shard.WHOLE, false), progress)) {
            work.run(radEdit);
        }
    }

    private Evaluation evaluate(Path run, Validation validation) throws IOException {
        FinishedRun finished = FinishedRun.read(run, console::warning);
        Evaluation evaluation = new Evaluation(finished, new Evaluation.Options(List.of(),
                new Bootstrap(RESAMPLES, 0.95, 0, Bootstrap.Method.BCA)));
        ModelRunner runner = new ModelRunner(RunFilms.of(finished), console);
        Preprocessing how = Preprocessing.of(output.resolve(ShortcutClassifiers.PREPROCESSING).toString());
        for (String name : List.of(ShortcutClassifiers.WEAK, ShortcutClassifiers.STRONG)) {
            try (ModelUnderTest model = ModelsUnderTest.open(output.resolve(name), how, ModelOptions.DEFAULT)) {
                evaluation.add(validation.youden(runner.scores(name.replace(".onnx", ""), model),
                        evaluation.targets(), model));
            }
        }
        return evaluation;
    }
}
