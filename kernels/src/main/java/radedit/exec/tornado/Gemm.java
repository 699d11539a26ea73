package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What the kernels of convolutions and linear layers share. Each is an implicit matrix product of the pixels'
 * neighbourhoods [rows, taps * channels] with the weights [columns, taps * channels].
 *
 * <p>
 * The neighbourhood is never stored: a slice of terms lies within one pixel, which is found, or found to be padding,
 * once for all its channels. That is why there are a multiple of {@link #SLICE} of them. They may be those of two
 * pictures, one after the other, which is how a concatenation is read without being made.
 *
 * <p>
 * An item has two runs of columns, which may come from different halves of the weights. A GEGLU layer takes its values
 * from the first and its gates from the second, which brings both together in one tile.
 */
final class Gemm {
    /** Terms that are in local memory at a time. */
    static final int SLICE = 8;
    /** Terms that are added up by themselves before they join the total, which keeps the rounding of long sums small. */
    static final int BLOCK = 256;

    static final int ROWS = 0;
    static final int COLUMNS = 1;
    /** Of the first picture; a multiple of {@link #SLICE}. */
    static final int CHANNELS = 2;
    /** Of the second picture, as wide and high as the first; 0 without one. */
    static final int CHANNELS_2 = 3;
    static final int TAPS = 4;
    static final int KERNEL_WIDTH = 5;
    static final int X = 6;
    static final int WEIGHT = 7;
    static final int OUT = 8;
    static final int OUT_CHANNELS = 9;
    /** Place of the bias among the tables, or -1. */
    static final int BIAS = 10;
    /** Place of a vector for each sample, or -1. */
    static final int ROW_BIAS = 11;
    /** Rows of a sample. */
    static final int PIXELS = 12;
    /** Place of a value to add, or -1. */
    static final int RESIDUAL = 13;
    static final int ACTIVATION = 14;
    /** 1 with a GEGLU gate, else 0. */
    static final int GATE = 15;
    static final int HEIGHT = 16;
    static final int WIDTH = 17;
    static final int OUT_WIDTH = 18;
    static final int STRIDE = 19;
    static final int PAD_TOP = 20;
    static final int PAD_LEFT = 21;
    /** 1 if the picture is doubled first, else 0. */
    static final int UPSAMPLE = 22;
    /** Place of the second picture. */
    static final int X_2 = 23;
    /** Place of the middle of {@link WeightFormat#table} among the tables. */
    static final int DECODE = 24;
    /** Planes that lie side by side in each column of the weights, and rows that meet the same plane; a multiple of the tile. */
    static final int PLANES = 25;
    static final int PLANE_ROWS = 26;

    private Gemm() {
    }

    /**
     * The 16-bit number of these bits: scale * fraction + base, which is exact.
     *
     * @param fraction
     *            bits of the fraction
     * @param decode
     *            place of the middle of the table: negative numbers come before it
     */
    static float decode(FloatArray tables, int fraction, int decode, int bits) {
        int exponent = decode + 2 * (bits >> fraction);
        return (bits & ((1 << fraction) - 1)) * tables.get(exponent) + tables.get(exponent + 1);
    }

    /**
     * Stores a result after the epilogue.
     *
     * @param sum
     *            the product
     * @param gate
     *            the product for the gate, where there is one
     */
    static void finish(FloatArray values, FloatArray tables, IntArray p, int row, int column, float sum, float gate) {
        float v = sum;
        int bias = p.get(BIAS);
        if (bias >= 0) {
            v += tables.get(bias + column);
        }
        if (p.get(GATE) == 1) {
            float g = gate;
            if (bias >= 0) {
                g += tables.get(bias + p.get(COLUMNS) / 2 + column);
            }
            v *= Activations.gelu(g);
        }
        if (p.get(ROW_BIAS) >= 0) {
            v += values.get(p.get(ROW_BIAS) + row / p.get(PIXELS) * p.get(COLUMNS) + column);
        }
        int to = row * p.get(OUT_CHANNELS) + column;
        if (p.get(RESIDUAL) >= 0) {
            v += values.get(p.get(RESIDUAL) + to);
        }
        values.set(p.get(OUT) + to, Activations.apply(p.get(ACTIVATION), v));
    }
}
