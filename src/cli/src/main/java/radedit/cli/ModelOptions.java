package radedit.cli;

import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import radedit.checkpoint.ModelFolder.Part;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RunOptions;
import radedit.tensor.Precision;

/** Model and machine options of commands that need all parts. */
final class ModelOptions extends EncoderOptions {
    @Option(names = "--unet", paramLabel = "DIR", description = "take the UNet from this folder")
    private @Nullable Path unet;

    @Option(names = "--vae", paramLabel = "DIR", description = "take the VAE from this folder")
    private @Nullable Path vae;

    @Option(names = "--scheduler", paramLabel = "DIR", description = "take the scheduler from this folder")
    private @Nullable Path scheduler;

    @Option(names = "--fast-math", description = "tornado only: let the GPU's compiler reorder sums and use approximate functions; faster, not audited, recorded in the metadata")
    private boolean fastMath;

    @Option(names = "--emulate-precision", paramLabel = "FORMAT", description = "round the operands of every matrix product to tf32, fp16 or bf16, as a GPU's tensor cores read them; an approximation, recorded (default: none)")
    private @Nullable Precision emulated;

    @Option(names = "--vae-tile", paramLabel = "ROWS", description = "process the VAE in strips of this many rows: less memory on the device, slower, no seams")
    private @Nullable Integer vaeTile;

    @Option(names = "--no-reuse", description = "compute at every step what no step changes, such as keys and values of the text; slower, the same result to the bit")
    private boolean noReuse;

    @Override
    Map<Part, Path> parts() {
        Map<Part, Path> single = super.parts();
        put(single, Part.UNET, unet);
        put(single, Part.VAE, vae);
        put(single, Part.SCHEDULER, scheduler);
        return single;
    }

    private int vaeTile() {
        if (vaeTile != null && vaeTile < 1) {
            throw new InvalidRequestException("--vae-tile must be at least 1, not " + vaeTile);
        }
        return vaeTile == null ? 0 : vaeTile;
    }

    /**
     * The options of a run that repeats another.
     *
     * @param backend
     *            name of the backend
     * @param recordedFastMath
     *            whether the other run left the accuracy rule
     * @param recordedTile
     *            rows of the other run's strips; 0 for none
     * @param recordedPrecision
     *            to what the other run rounded operands
     */
    RunOptions repeating(String backend, boolean recordedFastMath, int recordedTile, Precision recordedPrecision) {
        return new RunOptions(backend, threads(), 0, fastMath || recordedFastMath,
                vaeTile == null ? recordedTile : vaeTile(), !noReuse, emulated == null ? recordedPrecision : emulated);
    }

    @Override
    RunOptions options(int batch) {
        return new RunOptions(backend(), threads(), batch, fastMath, vaeTile(), !noReuse,
                emulated == null ? Precision.NONE : emulated);
    }
}
