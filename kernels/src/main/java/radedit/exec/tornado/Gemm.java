package radedit.exec.tornado;

import radedit.graph.Padding;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A convolution or linear layer as an implicit GEMM: im2col(input) [rows, taps * channels] times weights
 * [columns, taps * channels] transposed. {@link GemmTile} is the kernel.
 *
 * <p>
 * im2col is never materialised. Channels are a multiple of {@link #SLICE}, so a slice of {@link #SLICE} terms lies within one
 * tap of the window, and its pixel is located, or found to be padding, once per slice. A concatenation need not be
 * materialised: the channels of a second input follow those of the first.
 *
 * <p>
 * A work-item has two runs of columns. With GEGLU, values come from the first half of the weights and their gates from the
 * second half, so that both end up in one work-item.
 *
 * @param kernel
 *            {@link Kernel#GEMM_128} or {@link Kernel#GEMM_64}
 * @param rows
 *            pixels of the result, over all samples
 */
record Gemm(Kernel kernel, int rows, FeatureMap input, Second second, Window window, Weights weights,
        GemmEpilogue epilogue)
        implements
            Launch {
    /** Terms in local memory at a time: one slice. */
    static final int SLICE = 8;
    /** Terms summed before they are added to the total; bounds the rounding error of long sums. */
    static final int BLOCK = 256;

    // Slots, besides those of FeatureMap and GemmEpilogue.
    static final int ROWS = 0;
    static final int CHANNELS_2 = 3;
    static final int TAPS = 4;
    static final int KERNEL_WIDTH = 5;
    static final int WEIGHT = 7;
    static final int OUT_WIDTH = 18;
    static final int STRIDE = 19;
    static final int PAD_TOP = 20;
    static final int PAD_LEFT = 21;
    static final int X_2 = 23;
    static final int DECODE = 24;
    static final int PLANES = 25;
    static final int PLANE_ROWS = 26;

    /** A second input with the height and width of the first; 0 channels for none. */
    record Second(Offset.Values x, int channels) {
        static final Second NONE = new Second(new Offset.Values(0), 0);
    }

    /** Window of a convolution, and width of its result. */
    record Window(int kernel, int stride, int padTop, int padLeft, int outWidth) {
        static Window of(int kernel, int stride, Padding padding, int outWidth) {
            return new Window(kernel, stride, padding.top(), padding.left(), outWidth);
        }

        /** The window of a linear layer: one pixel. */
        static Window point(int outWidth) {
            return new Window(1, 1, 0, 0, outWidth);
        }

        int taps() {
            return kernel * kernel;
        }
    }

    /**
     * @param decode
     *            middle of the table that decodes 16-bit weights ({@link WeightFormat#table}); unused for 32-bit weights
     * @param planes
     *            number of consecutive matrices in each column; matrix i multiplies rows i * {@code planeRows} to (i + 1) *
     *            {@code planeRows}
     * @param planeRows
     *            rows per plane; a multiple of the tile size if there are several planes
     */
    record Weights(DeviceWeights.Place place, Offset.Tables decode, int planes, int planeRows) {}

    static Grid grid(Kernel kernel, int rows, int columns) {
        return new Grid(Math.ceilDiv(columns, kernel.tile), Math.ceilDiv(rows, kernel.tile),
                kernel.items(), 1);
    }

    @Override
    public Grid grid() {
        return grid(kernel, rows, epilogue.columns());
    }

    @Override
    public void encode(Slots to) {
        input.encode(to);
        epilogue.encode(to);
        to.set(ROWS, rows).set(CHANNELS_2, second.channels).set(TAPS, window.taps()).set(KERNEL_WIDTH, window.kernel)
                .set(WEIGHT, weights.place.at()).set(OUT_WIDTH, window.outWidth).set(STRIDE, window.stride)
                .set(PAD_TOP, window.padTop).set(PAD_LEFT, window.padLeft).set(X_2, second.x)
                .set(DECODE, weights.decode)
                .set(PLANES, weights.planes).set(PLANE_ROWS, weights.planeRows);
    }

    /**
     * Decodes a 16-bit number: scale * fraction + base, exactly. Called in kernels.
     *
     * @param fraction
     *            number of fraction bits
     * @param decode
     *            offset of the middle of the table; negative numbers are before it
     */
    static float decode(FloatArray tables, int fraction, int decode, int bits) {
        int exponent = decode + 2 * (bits >> fraction);
        return (bits & ((1 << fraction) - 1)) * tables.get(exponent) + tables.get(exponent + 1);
    }
}
