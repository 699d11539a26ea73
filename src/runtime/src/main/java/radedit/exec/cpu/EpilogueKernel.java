package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import radedit.graph.Activation;

/**
 * The epilogue of a convolution or GEMM: adds bias, time embedding and residual, applies the activation or the GEGLU
 * gate, and stores a row of a panel to the arena.
 */
final class EpilogueKernel {
    private final float[] bias;
    private final int rowBiasAt;
    private final int residualAt;
    private final Activation activation;
    private final int outAt;
    private final int columns;
    private final int rowsPerSample;

    /**
     * @param bias
     *            a value for each column of the GEMM, then at least a panel of zeros
     * @param rowBiasAt
     *            offset of the vectors [batch, columns] to add to all rows of a sample, or -1
     * @param residualAt
     *            offset of a value of the result's shape to add, or -1
     * @param columns
     *            columns of the stored result
     */
    EpilogueKernel(float[] bias, int rowBiasAt, int residualAt, Activation activation, int outAt, int columns,
            int rowsPerSample) {
        this.bias = bias;
        this.rowBiasAt = rowBiasAt;
        this.residualAt = residualAt;
        this.activation = activation;
        this.outAt = outAt;
        this.columns = columns;
        this.rowsPerSample = rowsPerSample;
    }

    /**
     * Stores {@code count} values to row {@code row} of the result, from column {@code column}. Overwrites the tile's
     * row, whose elements after the last column may have any value.
     */
    void store(float[] arena, float[] tile, int at, int row, int column, int count) {
        int rowBias = rowBiasAt + row / rowsPerSample * columns + column;
        int residual = residualAt + row * columns + column;
        int out = outAt + row * columns + column;
        // Without an activation, whole vectors go to the arena directly; the last panel may end within a vector.
        boolean direct = activation == Activation.NONE && count % L == 0;
        float[] to = direct ? arena : tile;
        int toAt = direct ? out : at;
        for (int i = 0; i < count; i += L) {
            FloatVector v = FloatVector.fromArray(S, tile, at + i).add(FloatVector.fromArray(S, bias, column + i));
            if (rowBiasAt >= 0) {
                v = v.add(FloatVector.fromArray(S, arena, rowBias + i));
            }
            if (residualAt >= 0) {
                v = v.add(FloatVector.fromArray(S, arena, residual + i));
            }
            v.intoArray(to, toAt + i);
        }
        if (!direct) {
            Activations.apply(activation, tile, at, count);
            System.arraycopy(tile, at, arena, out, count);
        }
    }

    /**
     * Stores values times the GELU of their gates: the tile's row at {@code at} holds the values from column
     * {@code column}, the row at {@code gateAt} their gates, from column {@code column + columns} of the GEMM.
     */
    @SuppressWarnings("InvalidParam") // columns is a field
    void storeGated(float[] arena, float[] tile, int at, int gateAt, int row, int column, int count) {
        for (int i = 0; i < count; i += L) {
            FloatVector.fromArray(S, tile, gateAt + i).add(FloatVector.fromArray(S, bias, columns + column + i))
                    .intoArray(tile, gateAt + i);
        }
        Activations.gelu(tile, gateAt, count);
        for (int i = 0; i < count; i += L) {
            FloatVector.fromArray(S, tile, at + i).add(FloatVector.fromArray(S, bias, column + i))
                    .mul(FloatVector.fromArray(S, tile, gateAt + i)).intoArray(tile, at + i);
        }
        System.arraycopy(tile, at, arena, outAt + row * columns + column, count);
    }
}
