package radedit.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Scorer;
import radedit.tools.demo.Gallery;
import radedit.weights.DemoModel;
import radedit.weights.ModelFolder;

/** radedit demo. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = {
        "Shows what the program does with the small model inside: generates films, scores them, adds and removes a finding.",
        "Writes one page of HTML with the pictures in it."})
final class DemoCommand implements Callable<Integer> {
    @Option(names = {"-o",
            "--output"}, paramLabel = "F", defaultValue = "demo.html", description = "where the page goes (default: ${DEFAULT-VALUE})")
    private Path output;

    @Option(names = "--pictures", paramLabel = "DIR", description = "write the pictures as PNG files too")
    private Path pictures;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "50", description = "denoising steps of each picture (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "seed of the random numbers (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "processor threads (default: one for each processor)")
    private int threads;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (steps < 2) {
            throw new InvalidRequestException("--steps must be at least 2, not " + steps);
        }
        OutputFile.check(output);
        if (pictures != null && Files.exists(pictures) && !Files.isDirectory(pictures)) {
            throw new InvalidRequestException(pictures + ": is no folder");
        }
        console.to(spec.commandLine().getErr());
        ModelFolder model = ModelFolder.of(DemoModel.folder());
        RadEdit.Options options = new RadEdit.Options("auto", threads, 0);
        try (RadEdit radEdit = RadEdit.open(model, options); Scorer scorer = Scorer.open(model, options)) {
            Gallery gallery = new Gallery(radEdit, scorer, steps, seed, console);
            String html = gallery.html();
            OutputFile.write(output, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
            if (pictures != null) {
                Files.createDirectories(pictures);
                for (Gallery.Figure f : gallery.figures()) {
                    OutputFile.write(pictures.resolve(f.name() + ".png"),
                            out -> Images.writePng(out, f.picture(), Map.of()));
                }
            }
        }
        if (!console.quiet()) {
            spec.commandLine().getOut().println(output);
        }
        return Exit.OK;
    }
}
