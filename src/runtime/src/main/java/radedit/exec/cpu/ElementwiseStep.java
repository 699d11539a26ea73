package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import radedit.graph.Activation;
import radedit.tensor.Precision;

/**
 * An elementwise operation on whole values as flat arrays. Values in the arena begin multiples of the longest vector
 * apart, so the last vector may extend past the end of a value without touching another.
 */
final class ElementwiseStep implements Step {
    /** Computes elements {@code from} (inclusive) to {@code to} (exclusive), in whole vectors. */
    @FunctionalInterface
    private interface Kernel {
        void run(float[] arena, int from, int to);
    }

    private static final int BLOCK = 1 << 14;

    private final int length;
    private final Kernel kernel;

    private ElementwiseStep(int length, Kernel kernel) {
        this.length = length;
        this.kernel = kernel;
    }

    static ElementwiseStep activation(Activation f, int length, int xAt, int outAt) {
        return new ElementwiseStep(length, (arena, from, to) -> {
            System.arraycopy(arena, xAt + from, arena, outAt + from, to - from);
            Activations.apply(f, arena, outAt + from, to - from);
        });
    }

    static ElementwiseStep sum(int length, int xAt, int yAt, int outAt) {
        return new ElementwiseStep(length, (arena, from, to) -> {
            for (int i = from; i < to; i += L) {
                FloatVector.fromArray(S, arena, xAt + i).add(FloatVector.fromArray(S, arena, yAt + i)).intoArray(arena,
                        outAt + i);
            }
        });
    }

    static ElementwiseStep rounded(Precision p, int length, int xAt, int outAt) {
        return new ElementwiseStep(length,
                (arena, from, to) -> p.round(arena, xAt + from, to - from, arena, outAt + from));
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        memory.workers().run((length + BLOCK - 1) / BLOCK,
                (task, worker) -> kernel.run(arena, task * BLOCK, Math.min(length, (task + 1) * BLOCK)));
    }
}
