package radedit.diffusion;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * The random numbers of torch.manual_seed and torch.randn on a CPU, bit-identical to PyTorch's AVX2 kernel.
 *
 * <p>
 * Bits come from the Mersenne Twister mt19937 (Matsumoto and Nishimura, 1998). From 16 values on, a call fills the
 * array with 24-bit uniforms and turns each group of 16 into normals by the Box-Muller transform, the first eight
 * paired with the last eight; where the length is not a multiple of 16, the last 16 values are then drawn again. The
 * logarithm, sine and cosine are the Cephes polynomials of that kernel in float32 with fused multiply-adds. Fewer than
 * 16 values PyTorch draws one by one in double precision from 53-bit uniforms; it keeps the second normal of a pair for
 * the next such call.
 */
public final class TorchRandom implements Noise {
    private static final int N = 624;
    private static final int M = 397;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private final int[] state = new int[N];
    private int next = N;
    private double spare;
    private boolean hasSpare;

    /**
     * Creates a generator.
     *
     * @param seed
     *            as for torch.manual_seed; the engine uses its low 32 bits
     */
    public TorchRandom(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    @Override
    public Tensor randn(Shape shape) {
        int n = Math.toIntExact(shape.elements());
        double[] out = new double[n];
        if (n < 16) {
            for (int i = 0; i < n; i++) {
                out[i] = (float) normal();
            }
            return Tensor.of(shape, out);
        }
        float[] v = new float[n];
        for (int i = 0; i < n; i++) {
            v[i] = uniform();
        }
        for (int i = 0; i <= n - 16; i += 16) {
            boxMuller(v, i);
        }
        if (n % 16 != 0) {
            for (int i = n - 16; i < n; i++) {
                v[i] = uniform();
            }
            boxMuller(v, n - 16);
        }
        for (int i = 0; i < n; i++) {
            out[i] = v[i];
        }
        return Tensor.of(shape, out);
    }

    private int bits() {
        if (next == N) {
            for (int i = 0; i < N; i++) {
                int y = state[i] & 0x80000000 | state[(i + 1) % N] & 0x7FFFFFFF;
                state[i] = state[(i + M) % N] ^ y >>> 1 ^ -(y & 1) & 0x9908B0DF;
            }
            next = 0;
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9D2C5680;
        y ^= y << 15 & 0xEFC60000;
        return y ^ y >>> 18;
    }

    private float uniform() {
        return (bits() & 0xFFFFFF) * 0x1p-24f;
    }

    private double uniformDouble() {
        long high = bits() & 0xFFFFFFFFL;
        long low = bits() & 0xFFFFFFFFL;
        return ((high << 32 | low) & (1L << 53) - 1) * 0x1p-53;
    }

    private double normal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double u1 = uniformDouble();
        double u2 = uniformDouble();
        double radius = Math.sqrt(-2 * Math.log1p(-u2));
        double theta = 2 * Math.PI * u1;
        spare = radius * Math.sin(theta);
        hasSpare = true;
        return radius * Math.cos(theta);
    }

    private static void boxMuller(float[] v, int at) {
        for (int i = at; i < at + 8; i++) {
            float radius = (float) Math.sqrt(-2 * log(1 - v[i]));
            float theta = TWO_PI * v[i + 8];
            v[i] = radius * sineOrCosine(theta, true);
            v[i + 8] = radius * sineOrCosine(theta, false);
        }
    }

    /** Cephes logf for a positive normal number. */
    private static float log(float x) {
        int b = Float.floatToRawIntBits(x);
        float e = (b >>> 23) - 126;
        float m = Float.intBitsToFloat(b & 0x7FFFFF | 0x3F000000);
        if (m < 0.70710678f) {
            e -= 1;
            m = m - 1 + m;
        } else {
            m -= 1;
        }
        float z = m * m;
        float y = 7.0376836292E-2f;
        y = Math.fma(y, m, -1.1514610310E-1f);
        y = Math.fma(y, m, 1.1676998740E-1f);
        y = Math.fma(y, m, -1.2420140846E-1f);
        y = Math.fma(y, m, 1.4249322787E-1f);
        y = Math.fma(y, m, -1.6668057665E-1f);
        y = Math.fma(y, m, 2.0000714765E-1f);
        y = Math.fma(y, m, -2.4999993993E-1f);
        y = Math.fma(y, m, 3.3333331174E-1f);
        y = Math.fma(y * m, z, e * -2.12194440e-4f);
        y = Math.fma(z, -0.5f, y);
        return Math.fma(e, 0.693359375f, m + y);
    }

    /** Cephes sinf or cosf for 0 to 2 pi. */
    private static float sineOrCosine(float x, boolean cosine) {
        int j = (int) (x * 1.27323954473516f) + 1 & ~1;
        float y = j;
        x = Math.fma(y, -0.78515625f, x);
        x = Math.fma(y, -2.4187564849853515625e-4f, x);
        x = Math.fma(y, -3.77489497744594108e-8f, x);
        float z = x * x;
        float c = 2.443315711809948E-005f;
        c = Math.fma(c, z, -1.388731625493765E-003f);
        c = Math.fma(c, z, 4.166664568298827E-002f);
        c = Math.fma(c * z, z, z * -0.5f) + 1;
        float s = -1.9515295891E-4f;
        s = Math.fma(s, z, 8.3321608736E-3f);
        s = Math.fma(s, z, -1.6666654611E-1f);
        s = Math.fma(s * z, x, x);
        boolean sineFirst = (j & 2) == 0;
        float magnitude = sineFirst == cosine ? c : s;
        boolean negative = cosine ? (~(j - 2) & 4) != 0 : (j & 4) != 0;
        return negative ? -magnitude : magnitude;
    }
}
