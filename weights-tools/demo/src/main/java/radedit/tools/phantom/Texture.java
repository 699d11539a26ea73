package radedit.tools.phantom;

import java.util.random.RandomGenerator;

/** Periodic smooth noise: random values on a grid, interpolated bilinearly with eased weights. */
final class Texture {
    private static final int CELLS = 32;
    /** Cells per body unit. */
    private static final double FREQUENCY = 7;

    private final double[] values = new double[CELLS * CELLS];

    Texture(RandomGenerator random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextDouble(-1, 1);
        }
    }

    /** A value from -1 to 1. */
    double at(double x, double y) {
        double fx = x * FREQUENCY + CELLS;
        double fy = y * FREQUENCY + CELLS;
        int ix = (int) Math.floor(fx);
        int iy = (int) Math.floor(fy);
        double tx = ease(fx - ix);
        double ty = ease(fy - iy);
        double top = cell(ix, iy) * (1 - tx) + cell(ix + 1, iy) * tx;
        double bottom = cell(ix, iy + 1) * (1 - tx) + cell(ix + 1, iy + 1) * tx;
        return top * (1 - ty) + bottom * ty;
    }

    private static double ease(double t) {
        return t * t * (3 - 2 * t);
    }

    private double cell(int x, int y) {
        return values[Math.floorMod(y, CELLS) * CELLS + Math.floorMod(x, CELLS)];
    }
}
