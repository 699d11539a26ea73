package radedit.cli;

import picocli.CommandLine.Option;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Rng;

/** Random numbers, size and batch. */
final class SamplingOptions {
    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", converter = SeedConverter.class, description = "seed of the random numbers, -2^63 to 2^64 - 1 as torch takes them (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--rng", paramLabel = "NAME", defaultValue = "torch", description = "torch (as torch on a CPU) or torch-cuda (default: ${DEFAULT-VALUE})")
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
