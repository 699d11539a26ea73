package radedit.exec.cpu;

import java.util.HashMap;
import java.util.Map;

import radedit.exec.cpu.Panels.Panel;

/**
 * A weight whose output channels are scaled by the batch norm behind them. Since that makes new values, they are kept,
 * and in the layout of use.
 */
final class FoldedWeights implements Weights {
    private final int rows;
    private final int terms;
    /** For the first row of each panel its columns, term by term. */
    private final Map<Integer, float[]> panels = new HashMap<>();

    /**
     * @param scale
     *            for each output channel
     */
    FoldedWeights(Weights source, double[] scale) {
        this.rows = source.rows();
        this.terms = source.terms();
        float[] stage = new float[MappedWeights.stageSize()];
        for (Panel p : Panels.of(rows)) {
            float[] packed = new float[p.width() * terms];
            source.pack(p.start(), p.count(), p.width(), 0, terms, stage, packed, 0);
            for (int i = 0; i < packed.length; i++) {
                int r = i % p.width();
                packed[i] = r < p.count() ? (float) (packed[i] * scale[p.start() + r]) : 0;
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
