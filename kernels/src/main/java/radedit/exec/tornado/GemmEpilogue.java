package radedit.exec.tornado;

import radedit.graph.Activation;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Epilogue of a GEMM, applied to each element before it is stored: bias, GEGLU gate, row bias, residual, activation, in this
 * order.
 *
 * @param out
 *            the result [rows, outChannels]
 * @param columns
 *            columns of the weights: outChannels, or twice as many with GEGLU
 * @param bias
 *            [columns]; optional
 * @param rowBias
 *            [samples, columns], added to all rows of a sample; optional
 * @param residual
 *            [rows, outChannels]; optional
 * @param geglu
 *            whether the second half of the columns gates the first
 */
record GemmEpilogue(Offset.Values out, int columns, int outChannels, Offset.Tables bias, Offset.Values rowBias,
        int rowsPerSample, Offset.Values residual, Activation activation, boolean geglu) {
    // Slots.
    static final int COLUMNS = 1;
    static final int OUT = 8;
    static final int OUT_CHANNELS = 9;
    private static final int BIAS = 10;
    private static final int ROW_BIAS = 11;
    static final int ROWS_PER_SAMPLE = 12;
    private static final int RESIDUAL = 13;
    private static final int ACTIVATION = 14;
    static final int GATE = 15;

    /** Stores the GEMM's result unchanged. */
    static GemmEpilogue none(Offset.Values out, int columns, int rowsPerSample) {
        return new GemmEpilogue(out, columns, columns, Offset.Tables.NONE, Offset.Values.NONE, rowsPerSample,
                Offset.Values.NONE, Activation.NONE, false);
    }

    void encode(Slots to) {
        to.set(COLUMNS, columns).set(OUT, out).set(OUT_CHANNELS, outChannels).set(BIAS, bias).set(ROW_BIAS, rowBias)
                .set(ROWS_PER_SAMPLE, rowsPerSample).set(RESIDUAL, residual)
                .set(ACTIVATION, Activations.code(activation)).set(GATE, geglu);
    }

    /**
     * Applies the epilogue to one element and stores it. Called in kernels.
     *
     * @param sum
     *            its sum
     * @param gate
     *            the sum of its gate, with GEGLU
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
            v += values.get(p.get(ROW_BIAS) + row / p.get(ROWS_PER_SAMPLE) * p.get(COLUMNS) + column);
        }
        int to = row * p.get(OUT_CHANNELS) + column;
        if (p.get(RESIDUAL) >= 0) {
            v += values.get(p.get(RESIDUAL) + to);
        }
        values.set(p.get(OUT) + to, Activations.apply(p.get(ACTIVATION), v));
    }
}
