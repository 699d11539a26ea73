package radedit.pipeline;

import radedit.diffusion.Noise;
import radedit.diffusion.PhiloxRandom;
import radedit.diffusion.TorchRandom;

/** Whose random numbers to draw. */
public enum Rng {
    /** torch.randn on a CPU. */
    TORCH("torch") {
        @Override
        Noise seeded(long seed) {
            return new TorchRandom(seed);
        }
    },
    /** torch.randn on an NVIDIA GPU. */
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

    /** The name on the command line. */
    @Override
    public String toString() {
        return label;
    }
}
