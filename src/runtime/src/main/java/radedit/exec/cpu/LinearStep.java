package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.ROWS;
import static radedit.exec.cpu.MicroKernel.WIDTH;

import java.util.List;

import radedit.exec.cpu.Panels.Panel;

/**
 * GEMM: rows in the arena times a weight [out, in]. A task takes a few panels of output columns and a range of rows: it
 * packs the panels so that they stay in its core's L2 cache and streams the rows through them.
 *
 * <p>
 * Long sums are cut into blocks that fit the cache; the partial sums of all rows are then kept in scratch memory.
 */
final class LinearStep implements Step {
    /** Packed weights of a task, in floats: 384 kB. */
    private static final int PACKED_FLOATS = 96 << 10;
    /** Terms per block of a long sum. */
    private static final int BLOCK_TERMS = PACKED_FLOATS / 64;
    /** Most rows per task if partial sums are kept. */
    private static final int MAX_STRIP_ROWS = 768;
    /** Rows below which packing a panel for another task does not pay. */
    private static final int MIN_ROWS = 192;

    private final Weights weight;
    private final int rows;
    private final int terms;
    private final boolean gated;
    private final int columns;
    private final EpilogueKernel epilogue;
    private final int xAt;
    private final List<Panel> panels;
    private final int blocks;
    private final int panelsPerTask;

    /**
     * @param gated
     *            whether the second half of the outputs gates the first
     */
    LinearStep(Weights weight, int rows, boolean gated, EpilogueKernel epilogue, int xAt) {
        this.weight = weight;
        this.rows = rows;
        this.terms = weight.terms();
        this.gated = gated;
        this.columns = weight.rows() / (gated ? 2 : 1);
        this.epilogue = epilogue;
        this.xAt = xAt;
        this.panels = Panels.of(columns);
        this.blocks = (terms + BLOCK_TERMS - 1) / BLOCK_TERMS;
        int fit = Math.max(1, PACKED_FLOATS / (Math.min(terms, BLOCK_TERMS) * WIDTH * (gated ? 2 : 1)));
        int groups = (panels.size() + fit - 1) / fit;
        this.panelsPerTask = blocks > 1 ? 1 : (panels.size() + groups - 1) / groups;
    }

    private int halves() {
        return gated ? 2 : 1;
    }

    /** Packed columns of one task, including those of the gate. */
    private int packedWidth() {
        return panelsPerTask * WIDTH * halves();
    }

    private int stripRows() {
        return blocks > 1 ? MAX_STRIP_ROWS : ROWS;
    }

    @Override
    public long scratch() {
        return MappedWeights.stageSize() + (long) packedWidth() * (Math.min(terms, BLOCK_TERMS) + stripRows());
    }

    @Override
    public void run(Memory memory) {
        int groups = (panels.size() + panelsPerTask - 1) / panelsPerTask;
        int most = blocks > 1 ? MAX_STRIP_ROWS : Math.max(rows, 1);
        int wanted = (4 * memory.workers().size() + groups - 1) / groups;
        int ranges = Math.max((rows + most - 1) / most, Math.min(wanted, (rows + MIN_ROWS - 1) / MIN_ROWS));
        int range = ((rows + ranges - 1) / ranges + ROWS - 1) / ROWS * ROWS;
        int used = (rows + range - 1) / range;
        memory.workers().run(groups * used, (task, worker) -> {
            int first = task / used * panelsPerTask;
            List<Panel> mine = panels.subList(first, Math.min(first + panelsPerTask, panels.size()));
            int from = task % used * range;
            task(memory.arena(), memory.scratch(worker), mine, from, Math.min(from + range, rows));
        });
    }

    private void task(float[] arena, float[] scratch, List<Panel> mine, int from, int to) {
        int packed = MappedWeights.stageSize();
        int strip = packed + packedWidth() * Math.min(terms, BLOCK_TERMS);
        int[] row = new int[ROWS];
        for (int block = 0; block < blocks; block++) {
            int k0 = block * BLOCK_TERMS;
            int k = Math.min(BLOCK_TERMS, terms - k0);
            int at = packed;
            for (Panel p : mine) {
                for (int half = 0; half < halves(); half++) {
                    weight.pack(half * columns + p.start(), p.count(), p.width(), k0, k, scratch,
                            scratch, at);
                    at += p.width() * k;
                }
            }
            for (int m = from; m < to; m += ROWS) {
                for (int r = 0; r < ROWS; r++) {
                    row[r] = xAt + Math.min(m + r, to - 1) * terms + k0;
                }
                int next = m + 2 * ROWS <= to && blocks == 1 ? row[0] + ROWS * terms : -1;
                int b = packed;
                int c = strip + (blocks > 1 ? (m - from) * packedWidth() : 0);
                for (Panel p : mine) {
                    for (int half = 0; half < halves(); half++) {
                        int tile = c + half * ROWS * p.width();
                        boolean fresh = block == 0;
                        boolean last = p.start() == mine.getLast().start() && half == halves() - 1;
                        MicroKernel.multiply(p.width(), k, arena, row, last ? next : -1, scratch, b,
                                fresh ? MicroKernel.ZEROS : scratch, fresh ? 0 : tile, scratch, tile);
                        b += p.width() * k;
                    }
                    if (block == blocks - 1) {
                        store(arena, scratch, c, p, m, to);
                    }
                    c += halves() * ROWS * p.width();
                }
            }
        }
    }

    private void store(float[] arena, float[] tile, int at, Panel p, int m, int to) {
        for (int r = 0; r < Math.min(ROWS, to - m); r++) {
            int line = at + r * p.width();
            if (gated) {
                epilogue.storeGated(arena, tile, line, line + ROWS * p.width(), m + r, p.start(), p.count());
            } else {
                epilogue.store(arena, tile, line, m + r, p.start(), p.count());
            }
        }
    }
}
