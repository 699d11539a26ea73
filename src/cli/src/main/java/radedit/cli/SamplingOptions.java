package radedit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RunOptions;
import radedit.pipeline.Rng;
import radedit.pipeline.SamplingRequest;

/** Seed, size and batch. */
final class SamplingOptions {
    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", converter = SeedConverter.class, description = "seed of the random numbers, -2^63 to 2^64 - 1 as torch takes them (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--rng", paramLabel = "NAME", defaultValue = "torch", description = "torch (as torch on a CPU) or torch-cuda (default: ${DEFAULT-VALUE})")
    private Rng rng;

    @Option(names = "--size", paramLabel = "N", description = "height and width in pixels (default: what the model was trained at)")
    private @Nullable Integer size;

    @Option(names = "--deep-cache", paramLabel = "N", defaultValue = "1", description = "run the whole UNet at every Nth step only and reuse its deep features in between: faster, an approximation, recorded (default: ${DEFAULT-VALUE}, exact)")
    private int deepCache;

    @Option(names = "--guidance-interval", paramLabel = "A,B", defaultValue = "0,1", converter = GuidanceInterval.Converter.class, description = "guide only at timesteps from A to B, shares of the training timesteps (0 is clean, 1 is noise), and save evaluations where the prompt alone counts; recorded (default: ${DEFAULT-VALUE}, everywhere)")
    private GuidanceInterval interval;

    @Option(names = "--batch", paramLabel = "N", description = "latents the UNet sees at once (default: by memory); no result depends on it")
    private @Nullable Integer batch;

    /** 0 unless given. */
    int batch() {
        return batch == null ? 0 : batch(batch);
    }

    /** Checks a given batch size. */
    static int batch(int given) {
        if (given < 1 || given > RunOptions.MAX_BATCH) {
            throw new InvalidRequestException(
                    "--batch must be from 1 to " + RunOptions.MAX_BATCH + ", not " + given);
        }
        return given;
    }

    long seed() {
        return seed;
    }

    /** Sets how evaluations of the UNet are saved at the expense of exactness. */
    <R extends SamplingRequest<R>> R shorten(R request) {
        return request.deepCache(deepCache).guidanceInterval(interval.from(), interval.to());
    }

    Rng rng() {
        return rng;
    }

    /** 0 unless given. */
    int size() {
        return size(size);
    }

    /**
     * Checks a given height and width in pixels, of which a model may accept only some.
     *
     * @param given
     *            null if not given
     * @return 0, the model's own size, if not given
     */
    static int size(@Nullable Integer given) {
        if (given != null && (given < 1 || given > RunOptions.MAX_SIDE)) {
            throw new InvalidRequestException("--size must be a multiple of the model's cell (8 pixels of the published"
                    + " model) of at most " + RunOptions.MAX_SIDE + ", not " + given);
        }
        return given == null ? 0 : given;
    }
}
