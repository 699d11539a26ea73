package radedit.imaging.codec;

/**
 * The inverse 9/7 transform in single precision (T.800 F.3.8.2.1.2). The standard leaves rounding to the decoder;
 * operations and constants are OpenJPEG's, so that lossy pictures equal those of most programs.
 */
final class J2kIrreversibleWavelet extends J2kWavelet<float[]> {
    private static final float ALPHA = -1.586134342059924f;
    private static final float BETA = -0.052980118572961f;
    private static final float GAMMA = 0.882911075530934f;
    private static final float DELTA = 0.443506852043971f;
    private static final float K = 1.230174105f;
    /** 1 / K, off by 3e-5 as in OpenJPEG, which changes one sample in a hundred by 1. */
    private static final float INVERSE_K = 1.625732422f / 2;

    J2kIrreversibleWavelet(float[] plane, int stride) {
        super(plane, stride);
    }

    @Override
    float[] newArray(int length) {
        return new float[length];
    }

    @Override
    void lift(Halves<float[]> halves, int low, int high, int unit, int odd) {
        scale(halves.low(), low * unit, unit, K);
        scale(halves.high(), high * unit, unit, INVERSE_K);
        int before = odd == 0 ? -unit : 0;
        int after = -unit - before;
        step(halves.low(), low, halves.high(), high, unit, before, DELTA);
        step(halves.high(), high, halves.low(), low, unit, after, GAMMA);
        step(halves.low(), low, halves.high(), high, unit, before, BETA);
        step(halves.high(), high, halves.low(), low, unit, after, ALPHA);
    }

    private static void scale(float[] units, int count, int from, float factor) {
        for (int i = from; i < from + count; i++) {
            units[i] *= factor;
        }
    }

    /** Subtracts a multiple of its two neighbours from each unit. */
    private static void step(float[] units, int count, float[] beside, int besideCount, int unit, int shift,
            float factor) {
        extend(beside, besideCount, unit);
        for (int i = unit; i < (count + 1) * unit; i++) {
            units[i] -= factor * (beside[i + shift] + beside[i + shift + unit]);
        }
    }

    @Override
    void halve(float[] array, int at) {
        array[at] *= 0.5f;
    }

    @Override
    void interleave(float[] from, int count, float[] to, int at) {
        for (int i = 0; i < count; i++) {
            to[at + 2 * i] = from[i + 1];
        }
    }
}
