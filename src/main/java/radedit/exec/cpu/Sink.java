package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
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

    /** Stores {@code count} values for columns {@code column} on of result row {@code row}. */
    void store(float[] arena, float[] tile, int at, int row, int column, int count) {
        int rowBias = rowBiasAt < 0 ? -1 : rowBiasAt + row / rowsPerSample * columns + column;
        int residual = residualAt < 0 ? -1 : residualAt + row * columns + column;
        int out = outAt + row * columns + column;
        int whole = S.loopBound(count);
        for (int i = 0; i < whole; i += L) {
            FloatVector v = FloatVector.fromArray(S, tile, at + i).add(FloatVector.fromArray(S, bias, column + i));
            if (rowBias >= 0) {
                v = v.add(FloatVector.fromArray(S, arena, rowBias + i));
            }
            if (residual >= 0) {
                v = v.add(FloatVector.fromArray(S, arena, residual + i));
            }
            VectorMath.apply(activation, v).intoArray(arena, out + i);
        }
        if (whole < count) {
            VectorMask<Float> tail = S.indexInRange(whole, count);
            FloatVector v = FloatVector.fromArray(S, tile, at + whole)
                    .add(FloatVector.fromArray(S, bias, column + whole));
            if (rowBias >= 0) {
                v = v.add(FloatVector.fromArray(S, arena, rowBias + whole, tail));
            }
            if (residual >= 0) {
                v = v.add(FloatVector.fromArray(S, arena, residual + whole, tail));
            }
            VectorMath.apply(activation, v).intoArray(arena, out + whole, tail);
        }
    }

    /**
     * Stores products gated by GELU: the tile at {@code at} holds columns {@code column} on, the one at {@code gateAt}
     * those that lie {@code columns} further.
     */
    void storeGated(float[] arena, float[] tile, int at, int gateAt, int row, int column, int count) {
        int out = outAt + row * columns + column;
        for (int i = 0; i < count; i += L) {
            FloatVector v = FloatVector.fromArray(S, tile, at + i).add(FloatVector.fromArray(S, bias, column + i));
            FloatVector gate = FloatVector.fromArray(S, tile, gateAt + i)
                    .add(FloatVector.fromArray(S, bias, columns + column + i));
            v = v.mul(VectorMath.gelu(gate));
            if (i + L <= count) {
                v.intoArray(arena, out + i);
            } else {
                v.intoArray(arena, out + i, S.indexInRange(i, count));
            }
        }
    }
}
