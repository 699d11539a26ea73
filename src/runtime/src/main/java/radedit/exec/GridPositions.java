package radedit.exec;

import radedit.graph.Op;

/**
 * Computes {@link Op.GridPositions}; every step is rounded to float32, because the published image encoder stores
 * it that way.
 */
public final class GridPositions {
    private static final float TEMPERATURE = 10000;
    private static final float EPS = 1e-6f;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private GridPositions() {
    }

    /**
     * {@return the encoding, [height * width][channels], row-major}
     *
     * @param g
     *            the operation
     */
    public static float[] of(Op.GridPositions g) {
        int half = g.channels() / 2;
        float[] out = new float[g.height() * g.width() * g.channels()];
        for (int y = 0; y < g.height(); y++) {
            for (int x = 0; x < g.width(); x++) {
                int at = (y * g.width() + x) * g.channels();
                axis(y, g.height(), half, out, at);
                axis(x, g.width(), half, out, at + half);
            }
        }
        return out;
    }

    private static void axis(int index, int count, int channels, float[] out, int at) {
        float place = (index + 1) / (count + EPS) * TWO_PI;
        for (int i = 0; i < channels; i++) {
            int pair = i / 2;
            float exponent = 2f * pair / channels;
            float angle = place / (float) Math.pow(TEMPERATURE, exponent);
            out[at + i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
    }
}
