package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import radedit.graph.Activation;

/**
 * Where the results of a convolution or matrix product go: adds bias, time embedding and residual, applies the
 * activation or the GEGLU gate, and stores a row of a panel into the arena.
 */
final class Sink {
    private final float[] bias;
    private final int rowBiasAt;
    private final int residualAt;
    private final Activation activation;
    private final int outAt;
    private final int columns;
    private final int rowsPerSample;

    /**
     * @param bias
     *            a value for each column of the product, then at least a panel of zeros
     * @param rowBiasAt
     *            where the vectors [batch, columns] lie that are added to all rows of a sample, or -1
     * @param residualAt
     *            where a value of the result's shape lies, or -1
     * @param columns
     *            of the stored result
     */
    Sink(float[] bias, int rowBiasAt, int residualAt, Activation activation, int outAt, int columns,
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
     * Stores {@code count} values for columns {@code column} on of result row {@code row}. The tile's line is changed on
     * the way; past the last column it may hold anything.
     */
    void store(float[] arena, float[] tile, int at, int row, int column, int count) {
        int rowBias = rowBiasAt + row / rowsPerSample * columns + column;
        int residual = residualAt + row * columns + column;
        int out = outAt + row * columns + column;
        // Whole vectors need no copy where nothing is to come; the last panel may end within one.
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
     * Stores products gated by GELU: the tile's line at {@code at} holds columns {@code column} on, the one at
     * {@code gateAt} those that lie {@code columns} further.
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
