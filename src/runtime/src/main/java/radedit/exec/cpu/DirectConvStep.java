package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.ROWS;
import static radedit.exec.cpu.MicroKernel.WIDTH;

import java.util.Arrays;
import java.util.List;

import radedit.exec.cpu.Panels.Panel;

/**
 * Convolution of any kernel size and stride as a GEMM whose input is addressed indirectly, not copied: a tile of 6
 * output pixels accumulates the products of its input pixels and the weights, one kernel position after another
 * ("indirect convolution", Dukhan, arXiv:1907.02129). With few input channels, as in a picture, these sums are too
 * short to be efficient; the receptive fields of the 6 pixels are then copied to contiguous rows instead (im2col).
 */
final class DirectConvStep implements Step {
    private static final int MIN_ROWS = 192;
    /** With fewer input channels, receptive fields are copied. */
    private static final int IM2COL_BELOW = 8;

    private final Weights weight;
    private final ConvGeometry g;
    private final EpilogueKernel epilogue;
    private final List<Panel> panels;

    /**
     * @param weight
     *            [out, in, k, k]
     */
    DirectConvStep(Weights weight, ConvGeometry geometry, EpilogueKernel epilogue) {
        this.weight = weight;
        this.g = geometry;
        this.epilogue = epilogue;
        this.panels = Panels.of(geometry.outChannels());
    }

    private int terms() {
        return g.channels() * g.taps();
    }

    private boolean usesIm2col() {
        return g.channels() < IM2COL_BELOW;
    }

    @Override
    public long scratch() {
        return MappedWeights.stageSize() + 2L * WIDTH * terms() + (long) ROWS * WIDTH
                + (usesIm2col() ? (long) ROWS * terms() : 0);
    }

    @Override
    public void run(Memory memory) {
        int rows = g.rows();
        int wanted = (4 * memory.workers().size() + panels.size() - 1) / panels.size();
        int ranges = Math.max(1, Math.min(wanted, rows / MIN_ROWS));
        int range = ((rows + ranges - 1) / ranges + ROWS - 1) / ROWS * ROWS;
        int used = (rows + range - 1) / range;
        memory.workers().run(panels.size() * used, (task, worker) -> {
            int from = task % used * range;
            task(memory.arena(), memory.scratch(worker), panels.get(task / used), from, Math.min(from + range, rows));
        });
    }

    private void task(float[] arena, float[] scratch, Panel p, int from, int to) {
        int loose = MappedWeights.stageSize();
        int packed = loose + WIDTH * terms();
        int tile = packed + WIDTH * terms();
        weight.pack(p.start(), p.count(), p.width(), 0, terms(), scratch, scratch, loose);
        // from [in][tap] to [tap][in], so that the sum over channels is contiguous
        for (int c = 0; c < g.channels(); c++) {
            for (int t = 0; t < g.taps(); t++) {
                System.arraycopy(scratch, loose + (c * g.taps() + t) * p.width(), scratch,
                        packed + (t * g.channels() + c) * p.width(), p.width());
            }
        }
        int[] row = new int[ROWS];
        for (int m = from; m < to; m += ROWS) {
            Arrays.fill(scratch, tile, tile + ROWS * p.width(), 0);
            if (usesIm2col()) {
                for (int r = 0; r < ROWS; r++) {
                    row[r] = tile + ROWS * WIDTH + r * terms();
                    gather(arena, Math.min(m + r, to - 1), scratch, row[r]);
                }
                MicroKernel.multiply(p.width(), terms(), scratch, row, scratch, packed, scratch, tile);
            } else {
                for (int t = 0; t < g.taps(); t++) {
                    for (int r = 0; r < ROWS; r++) {
                        row[r] = g.tap(Math.min(m + r, to - 1), t);
                    }
                    MicroKernel.multiply(p.width(), g.channels(), arena, row, scratch,
                            packed + t * g.channels() * p.width(), scratch, tile);
                }
            }
            for (int r = 0; r < Math.min(ROWS, to - m); r++) {
                epilogue.store(arena, scratch, tile + r * p.width(), m + r, p.start(), p.count());
            }
        }
    }

    /** Copies the receptive field of output row {@code m}, [tap][in]. */
    private void gather(float[] arena, int m, float[] to, int at) {
        int line = g.kernel() * g.channels();
        int x = m % g.outWidth() * g.stride() - g.padding().left();
        boolean whole = !g.upsample() && x >= 0 && x + g.kernel() <= g.width();
        for (int ky = 0; ky < g.kernel(); ky++) {
            int first = ky * g.kernel();
            if (whole) { // the pixels of a row are contiguous, unless all are padding
                System.arraycopy(arena, g.tap(m, first), to, at + ky * line, line);
                continue;
            }
            for (int kx = 0; kx < g.kernel(); kx++) {
                System.arraycopy(arena, g.tap(m, first + kx), to, at + ky * line + kx * g.channels(), g.channels());
            }
        }
    }
}
