package radedit.exec;

/** The frequencies of the sinusoidal timestep embedding, shared because their float32 rounding is part of the model. */
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
}
