package radedit.pipeline;

import radedit.diffusion.Noise;
import radedit.diffusion.PhiloxRandom;
import radedit.diffusion.TorchRandom;

/** The generator whose random numbers are reproduced. */
public enum Rng {
    /** torch.randn on a CPU ({@link TorchRandom}). */
    TORCH("torch") {
        @Override
        Noise seeded(long seed) {
            return new TorchRandom(seed);
        }
    },
    /** torch.randn on an NVIDIA GPU ({@link PhiloxRandom}). */
    TORCH_CUDA("torch-cuda") {
        @Override
        Noise seeded(long seed) {
            return new PhiloxRandom(seed);
        }
    };

    private final String label;

    Rng(String label) {
        this.label = label;
    }

    abstract Noise seeded(long seed);

    /** {@return the name on the command line} */
    @Override
    public String toString() {
        return label;
    }
}
