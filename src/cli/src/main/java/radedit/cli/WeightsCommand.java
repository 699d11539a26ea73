package radedit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import radedit.files.OutputFolder;
import radedit.pipeline.InvalidRequestException;
import radedit.synthetic.SyntheticModel;
import radedit.tensor.DType;

/** radedit weights. */
@Command(name = "weights", mixinStandardHelpOptions = true, description = "Tools for checkpoints.", subcommands = {
        WeightsSignCommand.class, WeightsVerifySignatureCommand.class,
        WeightsInspectCommand.class, WeightsVerifyCommand.class, WeightsConvertCommand.class, FetchCommand.class,
        WeightsCommand.SynthesizeFolder.class, PhantomCommand.class})
final class WeightsCommand {
    private WeightsCommand() {
    }

    /** Refuses a folder that is not empty. */
    static void requireEmpty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.isDirectory(folder) ? Files.list(folder) : Stream.of(folder)) {
                if (entries.findAny().isPresent()) {
                    throw new InvalidRequestException(folder + ": exists already and is not an empty folder");
                }
            }
        }
    }

    /** radedit weights synthesize. */
    @Command(name = "synthesize", mixinStandardHelpOptions = true, description = {
            "Writes a model folder in the published layout with synthetic weights.",
            "It runs like a real model; its pictures mean nothing."})
    static final class SynthesizeFolder implements Callable<Integer> {
        /** Values of --dtype. */
        static final class DTypeNames extends ArrayList<String> {
            private static final long serialVersionUID = 1;

            DTypeNames() {
                super(List.of("float32", "float16", "bfloat16"));
            }
        }

        static final class DTypeConverter implements ITypeConverter<DType> {
            @Override
            public DType convert(String value) {
                return switch (value) {
                    case "float32" -> DType.F32;
                    case "float16" -> DType.F16;
                    case "bfloat16" -> DType.BF16;
                    default ->
                            throw new TypeConversionException(
                                    "'" + value + "' is not one of float32, float16, bfloat16");
                };
            }
        }

        @Parameters(paramLabel = "DIR", description = "a folder that does not exist yet, or is empty")
        private Path folder;

        @Option(names = "--size", paramLabel = "NAME", defaultValue = "tiny", description = "tiny, variant or full, which takes 4 GB as float32 (default: ${DEFAULT-VALUE})")
        private SyntheticModel.Size size;

        @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "seed of the weights (default: ${DEFAULT-VALUE})")
        private long seed;

        @Option(names = "--dtype", paramLabel = "NAME", defaultValue = "float32", converter = DTypeConverter.class, completionCandidates = DTypeNames.class, description = "float32, float16 or bfloat16 (default: ${DEFAULT-VALUE})")
        private DType dtype;

        @Mixin
        private ConsoleListener console;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            requireEmpty(folder);
            console.to(spec.commandLine().getErr());
            try (OutputFolder out = OutputFolder.begin(folder)) {
                SyntheticModel.write(out.path(), size, seed, dtype,
                        (done, total) -> console.progress("writing MB", (int) (done >> 20), (int) (total >> 20)));
                out.commit();
            }
            if (!console.quiet()) {
                spec.commandLine().getOut().println(folder);
            }
            return Exit.OK;
        }
    }
}
