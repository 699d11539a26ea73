package radedit.cli;

import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import radedit.pipeline.InvalidRequestException;
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

    @Option(names = "--size", paramLabel = "N", description = "height and width in pixels (default: what the model was trained at)")
    private Integer size;

    @Option(names = "--batch", paramLabel = "N", description = "latents the UNet sees at once (default: by memory); no result depends on it")
    private Integer batch;

    /** 0 unless given. */
    int batch() {
        return given("--batch", batch);
    }

    long seed() {
        return seed;
    }

    Rng rng() {
        return rng;
    }

    /** 0 unless given. */
    int size() {
        return given("--size", size);
    }

    /** A number whose absence the program knows by a 0, which nobody may therefore give. */
    private static int given(String option, Integer value) {
        if (value != null && value < 1) {
            throw new InvalidRequestException(option + " must be at least 1, not " + value);
        }
        return value == null ? 0 : value;
    }
}
