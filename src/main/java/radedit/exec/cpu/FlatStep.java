package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;

/**
 * An elementwise operation on whole values, taken as flat arrays. Places in the arena are multiples of the longest vector
 * apart, so the last vector may run over the end of a value without touching another.
 */
final class FlatStep implements Step {
    /** One vector of the result from the same elements of the inputs. */
    @FunctionalInterface
    interface Kernel {
        FloatVector at(float[] arena, int i);
    }

    private static final int BLOCK = 1 << 14;

    private final int length;
    private final int outAt;
    private final Kernel kernel;

    FlatStep(int length, int outAt, Kernel kernel) {
        this.length = length;
        this.outAt = outAt;
        this.kernel = kernel;
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        memory.workers().run((length + BLOCK - 1) / BLOCK, (task, worker) -> {
            int end = Math.min(length, (task + 1) * BLOCK);
            for (int i = task * BLOCK; i < end; i += L) {
                kernel.at(arena, i).intoArray(arena, outAt + i);
            }
        });
    }

    static FloatVector load(float[] arena, int at) {
        return FloatVector.fromArray(S, arena, at);
    }
}
