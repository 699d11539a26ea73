package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.files.OutputFolder;
import radedit.pipeline.InvalidRequestException;
import radedit.tools.demo.PhantomDataset;

/** radedit weights phantom. */
@Command(name = "phantom", mixinStandardHelpOptions = true, description = {
        "Writes synthetic chest films with masks and captions.",
        "Writes DIR/films, DIR/masks and DIR/manifest.jsonl.",
        "They are drawn from geometry, not radiographs."})
final class PhantomCommand implements Callable<Integer> {
    private static final int SMALLEST = 128;
    private static final int LARGEST = 2048;

    @Parameters(paramLabel = "DIR", description = "a folder that does not exist yet, or is empty")
    private Path folder;

    @Option(names = "--count", paramLabel = "N", defaultValue = "16", description = "how many (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "another seed, other films (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--size", paramLabel = "N", defaultValue = "128", description = "height and width in pixels, 128 to 2048 (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(names = "--packed", description = "all films in one tensor, films.safetensors, and no masks: for training")
    private boolean packed;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (count < 1 || count > 1_000_000) {
            throw new InvalidRequestException("--count must be from 1 to 1000000, not " + count);
        }
        if (size < SMALLEST || size > LARGEST) {
            throw new InvalidRequestException(
                    "--size must be from " + SMALLEST + " to " + LARGEST + ", not " + size);
        }
        WeightsCommand.requireEmpty(folder);
        console.to(spec.commandLine().getErr());
        try (OutputFolder out = OutputFolder.begin(folder)) {
            PhantomDataset dataset = new PhantomDataset(out.path(), count, seed, size);
            if (packed) {
                dataset.writePacked(done -> console.progress("rendering", done, count));
            } else {
                dataset.write(done -> console.progress("rendering", done, count));
            }
            out.commit();
        }
        if (!console.quiet()) {
            spec.commandLine().getOut().println(folder);
        }
        return Exit.OK;
    }
}
