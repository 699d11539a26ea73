package radedit.cli;

import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import radedit.pipeline.Rng;

/** Random numbers, size and batch. */
final class SamplingOptions {
    static final class RngConverter implements ITypeConverter<Rng> {
        @Override
        public Rng convert(String value) {
            List<Rng> all = Arrays.asList(Rng.values());
            return all.stream().filter(r -> r.toString().equals(value)).findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is none of " + Main.words(all)));
        }
    }

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "seed of the random numbers (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--rng", paramLabel = "NAME", defaultValue = "torch", converter = RngConverter.class, description = "torch (as torch on a CPU) or torch-cuda (default: ${DEFAULT-VALUE})")
    private Rng rng;

    @Option(names = "--size", paramLabel = "N", defaultValue = "0", description = "height and width in pixels (default: what the model was trained at)")
    private int size;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "0", description = "latents the UNet sees at once (default: by memory); no result depends on it")
    private int batch;

    int batch() {
        return batch;
    }

    long seed() {
        return seed;
    }

    Rng rng() {
        return rng;
    }

    int size() {
        return size;
    }
}
