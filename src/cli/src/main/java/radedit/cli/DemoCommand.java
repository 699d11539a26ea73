package radedit.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import radedit.checkpoint.DemoModel;
import radedit.checkpoint.ModelFolder;
import radedit.files.OutputFile;
import radedit.files.OutputFolder;
import radedit.imaging.Images;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.pipeline.Scorer;
import radedit.tools.demo.DemoEvaluation;
import radedit.tools.demo.Gallery;

/** radedit demo. */
@Command(name = "demo", subcommands = {DemoCommand.Evaluate.class,
        DemoStressCommand.class}, mixinStandardHelpOptions = true, description = {
                "Shows what the program can do, with the demo model.",
                "Generates films, scores them, adds and removes a finding.",
                "Writes one page of HTML with the pictures in it."})
final class DemoCommand implements Callable<Integer> {
    /** Folder of the films in the page's commands, unless --pictures is given. */
    private static final Path PICTURES = Path.of("demo-pictures");

    @Option(names = {"-o",
            "--output"}, paramLabel = "F", defaultValue = "demo.html", description = "where the page goes (default: ${DEFAULT-VALUE})")
    private Path output;

    @Option(names = "--pictures", paramLabel = "DIR", description = "write the pictures and masks as PNG files too, which the page's commands read")
    private @Nullable Path pictures;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "50", description = "denoising steps of each picture (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", converter = SeedConverter.class, description = "seed of the random numbers (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "threads, at most 1024 (default: 0, one per processor)")
    private int threads;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (steps < 2 || steps > 1000) {
            throw new InvalidRequestException("--steps must be from 2 to 1000, not " + steps);
        }
        OutputFile.check(output);
        if (pictures != null) {
            OutputFolder.check(pictures);
        }
        console.to(spec.commandLine().getErr());
        ModelFolder model = ModelFolder.of(DemoModel.folder());
        RunOptions options = new RunOptions("auto", threads, 0);
        try (RadEdit radEdit = RadEdit.open(model, options); Scorer scorer = Scorer.open(model, options)) {
            Gallery gallery = new Gallery(radEdit, scorer, steps, seed,
                    pictures == null ? PICTURES : pictures, console);
            String html = gallery.html();
            OutputFile.write(output, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
            if (pictures != null) {
                Files.createDirectories(pictures);
                for (Gallery.Figure f : gallery.figures()) {
                    OutputFile.write(pictures.resolve(f.name() + ".png"),
                            out -> Images.writePng(out, f.picture(), f.about()));
                }
            }
        }
        if (!console.quiet()) {
            spec.commandLine().getOut().println(output);
        }
        return Exit.OK;
    }

    /** radedit demo evaluate. */
    @Command(name = "evaluate", mixinStandardHelpOptions = true, description = {
            "Measures a model for phantoms with a judge that knows their geometry and uses no network.",
            "It measures films generated with and without a finding, findings added and removed, and scores of right and"
                    + " wrong captions."})
    static final class Evaluate implements Callable<Integer> {
        @Option(names = "--films", paramLabel = "N", defaultValue = "100", description = "number of films with a finding, and without (default: ${DEFAULT-VALUE})")
        private int films;

        @Option(names = "--edits", paramLabel = "N", defaultValue = "50", description = "number of additions, and of removals (default: ${DEFAULT-VALUE})")
        private int edits;

        @Option(names = "--steps", paramLabel = "N", defaultValue = "50", description = "denoising steps (default: ${DEFAULT-VALUE})")
        private int steps;

        @Option(names = "--guidance", paramLabel = "X", defaultValue = "7.5", description = "guidance scale of generations (default: ${DEFAULT-VALUE})")
        private double guidance;

        @Option(names = "--weight", paramLabel = "X", defaultValue = "7.5", description = "guidance scale of edits (default: ${DEFAULT-VALUE})")
        private double weight;

        @Option(names = "--pictures", paramLabel = "DIR", description = "write sheets of the films too")
        private @Nullable Path pictures;

        @Mixin
        private ModelOptions model;

        @Mixin
        private ConsoleListener console;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (films < 1 || edits < 1) {
                throw new InvalidRequestException(films < 1
                        ? "--films must be at least 1, not " + films
                        : "--edits must be at least 1, not " + edits);
            }
            if (pictures != null) {
                OutputFolder.check(pictures);
            }
            console.to(spec.commandLine().getErr());
            ModelFolder folder = model.folder();
            try (RadEdit radEdit = RadEdit.open(folder, model.options(0));
                    Scorer scorer = Scorer.open(folder, model.options(0))) {
                var settings = new DemoEvaluation.Settings(films, edits, steps, guidance, weight, pictures);
                new DemoEvaluation(radEdit, scorer, settings).run()
                        .forEach((what, result) -> spec.commandLine().getOut().println(what + ": " + result));
            }
            return Exit.OK;
        }
    }
}
