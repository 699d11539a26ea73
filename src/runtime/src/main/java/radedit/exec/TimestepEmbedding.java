package radedit.exec;

import java.util.Arrays;

import radedit.graph.Op;

/** Computes {@link Op.TimestepEmbedding} for all backends, because its float32 rounding is part of the model. */
public final class TimestepEmbedding {
    private static final float MINUS_LN_MAX_PERIOD = (float) -Math.log(10000);

    private TimestepEmbedding() {
    }

    /**
     * {@return the frequencies exp(-ln 10000 * i / (dim/2 - shift)) for i of 0 to dim/2 - 1}
     *
     * <p>
     * Product, quotient and exponential are each rounded to float32, as in diffusers' get_timestep_embedding.
     *
     * @param dim
     *            number of channels of the embedding
     * @param shift
     *            the operation's shift
     */
    public static float[] frequencies(int dim, double shift) {
        int half = dim / 2;
        float[] f = new float[half];
        for (int i = 0; i < half; i++) {
            float exponent = MINUS_LN_MAX_PERIOD * i / (float) (half - shift);
            f[i] = (float) Math.exp(exponent);
        }
        return f;
    }

    /**
     * Embeds one timestep: sines and cosines of timestep * frequency, each rounded to float32.
     *
     * @param t
     *            the operation
     * @param frequencies
     *            {@link #frequencies} its dim and shift
     * @param timestep
     *            the timestep
     * @param to
     *            receives {@code t.dim()} elements; the last is 0 if dim is odd
     * @param at
     *            index of the first element in {@code to}
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
