package radedit.exec.cpu;

import java.util.Arrays;

import radedit.graph.Op;
import radedit.tensor.Shape;

/** Maximum over a square window, one row of output pixels at a time. */
final class MaxPoolStep implements Step {
    private final Op.MaxPool op;
    private final Shape in;
    private final Shape out;
    private final int inAt;
    private final int outAt;

    MaxPoolStep(Op.MaxPool op, Shape in, Shape out, int inAt, int outAt) {
        this.op = op;
        this.in = in;
        this.out = out;
        this.inAt = inAt;
        this.outAt = outAt;
    }

    @Override
    public void run(Memory memory) {
        memory.workers().run(out.dim(0) * out.dim(1), (row, worker) -> row(memory.arena(), row));
    }

    private void row(float[] arena, int row) {
        int channels = in.dim(3);
        int top = row % out.dim(1) * op.stride() - op.padding();
        int sample = row / out.dim(1) * in.dim(1);
        for (int ox = 0; ox < out.dim(2); ox++) {
            int to = outAt + (row * out.dim(2) + ox) * channels;
            int left = ox * op.stride() - op.padding();
            Arrays.fill(arena, to, to + channels, Float.NEGATIVE_INFINITY);
            for (int y = Math.max(0, top); y < Math.min(in.dim(1), top + op.kernel()); y++) {
                for (int x = Math.max(0, left); x < Math.min(in.dim(2), left + op.kernel()); x++) {
                    int from = inAt + ((sample + y) * in.dim(2) + x) * channels;
                    for (int c = 0; c < channels; c++) {
                        arena[to + c] = Math.max(arena[to + c], arena[from + c]);
                    }
                }
            }
        }
    }
}
