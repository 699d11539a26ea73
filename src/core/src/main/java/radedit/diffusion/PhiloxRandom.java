package radedit.diffusion;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * The random numbers of torch.manual_seed and torch.randn on an NVIDIA GPU: Philox 4x32-10 (Salmon et al., "Parallel
 * random numbers: as easy as 1, 2, 3", 2011), one counter for each element, and the first normal of the Box-Muller
 * transform as cuRAND computes it.
 *
 * <p>
 * torch gives each element a thread of its own up to the number of resident threads of the GPU (221,184 on an A100; a
 * latent of 64 x 64 has 16,384 elements). Longer draws depend on the GPU and are not reproduced.
 */
public final class PhiloxRandom implements Noise {
    private final long seed;
    private int call;

    /**
     * Creates a generator.
     *
     * @param seed
     *            as for torch.manual_seed
     */
    public PhiloxRandom(long seed) {
        this.seed = seed;
    }

    @Override
    public Tensor randn(Shape shape) {
        double[] out = new double[Math.toIntExact(shape.elements())];
        for (int i = 0; i < out.length; i++) {
            out[i] = normal(call, i);
        }
        call++;
        return Tensor.of(shape, out);
    }

    private float normal(int offset, int element) {
        int c0 = offset;
        int c1 = 0;
        int c2 = element;
        int c3 = 0;
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = (c0 & 0xFFFFFFFFL) * 0xD2511F53L;
            long p1 = (c2 & 0xFFFFFFFFL) * 0xCD9E8D57L;
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        float u = Math.fma(unsigned(c0), 0x1p-32f, 0x1p-33f);
        float v = Math.fma(unsigned(c1), (float) (0x1p-32 * 2 * Math.PI), (float) (0x1p-33 * 2 * Math.PI));
        float radius = (float) Math.sqrt(-2 * (float) Math.log(u));
        return radius * (float) Math.sin(v);
    }

    private static float unsigned(int x) {
        return x & 0xFFFFFFFFL;
    }
}
