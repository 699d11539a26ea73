package radedit.exec.cpu;

import java.util.HashMap;
import java.util.Map;

import radedit.exec.FoldedBatchNorm;
import radedit.exec.cpu.Panels.Panel;

/**
 * A weight with the following batch norm folded in. The folded values are not in any file, so they are kept in memory,
 * packed for the micro-kernel.
 */
final class FoldedWeights implements Weights {
    private final int rows;
    private final int terms;
    /** Packed panels [terms][width] by the first output channel of each. */
    private final Map<Integer, float[]> panels = new HashMap<>();

    /**
     * @param norm
     *            of the output channels
     */
    FoldedWeights(Weights source, FoldedBatchNorm norm) {
        this.rows = source.rows();
        this.terms = source.terms();
        float[] stage = new float[MappedWeights.stageSize()];
        for (Panel p : Panels.of(rows)) {
            float[] packed = new float[p.width() * terms];
            source.pack(p.start(), p.count(), p.width(), 0, terms, stage, packed, 0);
            for (int i = 0; i < packed.length; i++) {
                int r = i % p.width();
                packed[i] = r < p.count() ? norm.foldWeight(packed[i], p.start() + r) : 0;
            }
            panels.put(p.start(), packed);
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int terms() {
        return terms;
    }

    @Override
    public void pack(int row, int count, int width, int from, int n, float[] stage, float[] to, int at) {
        System.arraycopy(panels.get(row), from * width, to, at, n * width);
    }
}
