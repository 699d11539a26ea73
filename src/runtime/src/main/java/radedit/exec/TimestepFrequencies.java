package radedit.exec;

import java.util.Arrays;

import radedit.graph.Op;

/** The sinusoidal timestep embedding, shared by all backends because its float32 rounding is part of the model. */
public final class TimestepFrequencies {
    private static final float MINUS_LN_MAX_PERIOD = (float) -Math.log(10000);

    private TimestepFrequencies() {
    }

    /**
     * exp(-ln 10000 * i / (dim/2 - shift)) for i in 0 .. dim/2 - 1; product, quotient and exponential are each rounded
     * to float32, as in diffusers' get_timestep_embedding.
     */
    public static float[] of(int dim, double shift) {
        int half = dim / 2;
        float[] f = new float[half];
        for (int i = 0; i < half; i++) {
            float exponent = MINUS_LN_MAX_PERIOD * i / (float) (half - shift);
            f[i] = (float) Math.exp(exponent);
        }
        return f;
    }

    /**
     * The embedding of one timestep: sines and cosines of timestep * frequency, each rounded to float32.
     *
     * @param frequencies
     *            {@link #of} the operation's dim and shift
     * @param to
     *            gets {@code t.dim()} elements from {@code at} on; the last is 0 if dim is odd
     */
    public static void embed(Op.TimestepEmbedding t, float[] frequencies, float timestep, float[] to, int at) {
        int half = t.dim() / 2;
        int sine = at + (t.flipSinToCos() ? half : 0);
        int cosine = at + (t.flipSinToCos() ? 0 : half);
        Arrays.fill(to, at, at + t.dim(), 0);
        for (int i = 0; i < half; i++) {
            float angle = timestep * frequencies[i];
            to[sine + i] = (float) Math.sin(angle);
            to[cosine + i] = (float) Math.cos(angle);
        }
    }
}
