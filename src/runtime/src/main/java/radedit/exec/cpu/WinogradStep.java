package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.ROWS;
import static radedit.exec.cpu.MicroKernel.S;
import static radedit.exec.cpu.MicroKernel.WIDTH;

import java.util.List;

import jdk.incubator.vector.FloatVector;
import radedit.exec.cpu.Panels.Panel;

/**
 * 3 x 3 convolution of stride 1 by Winograd's minimal filtering F(2x2, 3x3) (Lavin and Gray, arXiv:1509.09308): a tile
 * of 2 x 2 outputs takes 16 multiplications for each pair of channels instead of 36.
 *
 * <pre>
 * Y = A^T [ (G g G^T) * (B^T d B) ] A
 *
 *       1  0 -1  0          1    0    0          1  0
 * B^T = 0  1  1  0     G = 1/2  1/2  1/2     A = 1  1
 *       0 -1  1  0         1/2 -1/2  1/2         1 -1
 *       0  1  0 -1          0    0    1          0 -1
 * </pre>
 *
 * <p>
 * First all workers transform the input d of a block of tiles to V [16][tiles][channels], which they share. Then a
 * task takes one panel of output channels and a range of tiles: it transforms the panel's weights to U
 * [16][channels][panel], computes the 16 GEMMs, and transforms the sums back while they are in cache. Blocks are
 * limited so that V fits in the last-level cache. Weights are transformed again for each task: dozens of tiles share
 * the cost, and memory holds the weights only once.
 */
final class WinogradStep implements Step {
    /** Largest size of V in floats: 24 MB. */
    private static final int MAX_V_FLOATS = 6 << 20;
    /** Tiles multiplied and transformed back at a time. */
    private static final int GROUP = 16 * ROWS;
    /** Tiles below which transforming a panel's weights for another task does not pay. */
    private static final int MIN_TILES = 2 * GROUP;
    /** Input channels whose weights are transformed at a time. */
    private static final int CHANNEL_BLOCK = 32;
    private static final int POINTS = 16;

    private final Weights weight;
    private final ConvGeometry g;
    private final EpilogueKernel epilogue;
    private final List<Panel> panels;
    private final int tilesDown;
    private final int tilesAcross;
    private final int tiles;
    private final int tilesPerBlock;

    /**
     * @param weight
     *            [out, in, 3, 3]
     */
    WinogradStep(Weights weight, ConvGeometry geometry, EpilogueKernel epilogue) {
        this.weight = weight;
        this.g = geometry;
        this.epilogue = epilogue;
        this.panels = Panels.of(geometry.outChannels());
        this.tilesDown = (g.outHeight() + 1) / 2;
        this.tilesAcross = (g.outWidth() + 1) / 2;
        this.tiles = g.batch() * tilesDown * tilesAcross;
        int most = Math.max(GROUP, MAX_V_FLOATS / (POINTS * g.channels()));
        int runs = (tiles + most - 1) / most;
        this.tilesPerBlock = (tiles + runs - 1) / runs;
    }

    /** Whether this algorithm applies to a convolution. */
    static boolean fits(ConvGeometry g) {
        return g.kernel() == 3 && g.stride() == 1 && g.channels() % L == 0 && g.padding().top() == 1
                && g.padding().left() == 1 && g.padding().bottom() == 1 && g.padding().right() == 1;
    }

    @Override
    public long shared() {
        return (long) POINTS * tilesPerBlock * g.channels();
    }

    @Override
    public long scratch() {
        return MappedWeights.stageSize() + 9L * CHANNEL_BLOCK * WIDTH + (long) POINTS * g.channels() * WIDTH
                + (long) POINTS * GROUP * WIDTH + 4L * WIDTH;
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        float[] v = memory.shared();
        for (int first = 0; first < tiles; first += tilesPerBlock) {
            int from = first;
            int n = Math.min(tilesPerBlock, tiles - first);
            int chunk = Math.clamp(n / (4 * memory.workers().size()), 1, 64);
            memory.workers().run((n + chunk - 1) / chunk, (task, worker) -> {
                for (int t = task * chunk; t < Math.min(n, (task + 1) * chunk); t++) {
                    transformInput(arena, from + t, v, t, n);
                }
            });
            int ranges = ranges(n, memory.workers().size());
            int range = ((n + ranges - 1) / ranges + ROWS - 1) / ROWS * ROWS;
            int used = (n + range - 1) / range;
            memory.workers().run(panels.size() * used, (task, worker) -> {
                int t = task % used * range;
                multiply(arena, v, memory.scratch(worker), panels.get(task / used), from, n, t, Math.min(n, t + range));
            });
        }
    }

    /** The smallest number of ranges with which the workers finish within a few percent of each other. */
    private int ranges(int n, int workers) {
        int most = Math.max(1, n / MIN_TILES);
        for (int r = 1; r < most; r++) {
            int tasks = panels.size() * r;
            int rounds = (tasks + workers - 1) / workers;
            if (rounds * workers <= tasks * 1.07) {
                return r;
            }
        }
        return most;
    }

    /** V[point][t] = B^T d B for all channels of one tile. */
    private void transformInput(float[] arena, int tile, float[] v, int t, int n) {
        int x = tile % tilesAcross * 2 - 1;
        int y = tile / tilesAcross % tilesDown * 2 - 1;
        int sample = tile / tilesAcross / tilesDown;
        int[] at = new int[POINTS];
        for (int i = 0; i < POINTS; i++) {
            at[i] = g.pixel(sample, y + i / 4, x + i % 4);
        }
        int channels = g.channels();
        int step = n * channels;
        for (int c = 0; c < channels; c += L) {
            // B^T d, column by column
            FloatVector d0 = FloatVector.fromArray(S, arena, at[0] + c);
            FloatVector d1 = FloatVector.fromArray(S, arena, at[4] + c);
            FloatVector d2 = FloatVector.fromArray(S, arena, at[8] + c);
            FloatVector d3 = FloatVector.fromArray(S, arena, at[12] + c);
            FloatVector a0 = d0.sub(d2);
            FloatVector a1 = d1.add(d2);
            FloatVector a2 = d2.sub(d1);
            FloatVector a3 = d1.sub(d3);
            d0 = FloatVector.fromArray(S, arena, at[1] + c);
            d1 = FloatVector.fromArray(S, arena, at[5] + c);
            d2 = FloatVector.fromArray(S, arena, at[9] + c);
            d3 = FloatVector.fromArray(S, arena, at[13] + c);
            FloatVector b0 = d0.sub(d2);
            FloatVector b1 = d1.add(d2);
            FloatVector b2 = d2.sub(d1);
            FloatVector b3 = d1.sub(d3);
            d0 = FloatVector.fromArray(S, arena, at[2] + c);
            d1 = FloatVector.fromArray(S, arena, at[6] + c);
            d2 = FloatVector.fromArray(S, arena, at[10] + c);
            d3 = FloatVector.fromArray(S, arena, at[14] + c);
            FloatVector c0 = d0.sub(d2);
            FloatVector c1 = d1.add(d2);
            FloatVector c2 = d2.sub(d1);
            FloatVector c3 = d1.sub(d3);
            d0 = FloatVector.fromArray(S, arena, at[3] + c);
            d1 = FloatVector.fromArray(S, arena, at[7] + c);
            d2 = FloatVector.fromArray(S, arena, at[11] + c);
            d3 = FloatVector.fromArray(S, arena, at[15] + c);
            FloatVector e0 = d0.sub(d2);
            FloatVector e1 = d1.add(d2);
            FloatVector e2 = d2.sub(d1);
            FloatVector e3 = d1.sub(d3);
            // times B, row by row
            int to = t * channels + c;
            a0.sub(c0).intoArray(v, to);
            b0.add(c0).intoArray(v, to + step);
            c0.sub(b0).intoArray(v, to + 2 * step);
            b0.sub(e0).intoArray(v, to + 3 * step);
            a1.sub(c1).intoArray(v, to + 4 * step);
            b1.add(c1).intoArray(v, to + 5 * step);
            c1.sub(b1).intoArray(v, to + 6 * step);
            b1.sub(e1).intoArray(v, to + 7 * step);
            a2.sub(c2).intoArray(v, to + 8 * step);
            b2.add(c2).intoArray(v, to + 9 * step);
            c2.sub(b2).intoArray(v, to + 10 * step);
            b2.sub(e2).intoArray(v, to + 11 * step);
            a3.sub(c3).intoArray(v, to + 12 * step);
            b3.add(c3).intoArray(v, to + 13 * step);
            c3.sub(b3).intoArray(v, to + 14 * step);
            b3.sub(e3).intoArray(v, to + 15 * step);
        }
    }

    private void multiply(float[] arena, float[] v, float[] scratch, Panel p, int firstTile, int n, int from, int to) {
        int stage = MappedWeights.stageSize();
        int u = stage + 9 * CHANNEL_BLOCK * WIDTH;
        int sums = u + POINTS * g.channels() * WIDTH;
        int out = sums + POINTS * GROUP * WIDTH;
        transformWeights(p, scratch, stage, u);
        int[] row = new int[ROWS];
        int channels = g.channels();
        int width = p.width();
        for (int t0 = from; t0 < to; t0 += GROUP) {
            int t1 = Math.min(to, t0 + GROUP);
            for (int point = 0; point < POINTS; point++) {
                for (int t = t0; t < t1; t += ROWS) {
                    for (int r = 0; r < ROWS; r++) {
                        row[r] = (point * n + Math.min(t + r, t1 - 1)) * channels;
                    }
                    int next = t + 2 * ROWS <= n ? row[0] + ROWS * channels : -1;
                    MicroKernel.multiply(width, channels, v, row, next, scratch, u + point * channels * width,
                            MicroKernel.ZEROS, 0, scratch, sums + (point * GROUP + t - t0) * width);
                }
            }
            for (int t = t0; t < t1; t++) {
                transformOutput(scratch, sums + (t - t0) * width, out, width);
                store(arena, scratch, out, p, firstTile + t);
            }
        }
    }

    /** U[point][channel][panel] = G g G^T. */
    private void transformWeights(Panel p, float[] scratch, int stage, int u) {
        int channels = g.channels();
        int width = p.width();
        int step = channels * width;
        for (int c0 = 0; c0 < channels; c0 += CHANNEL_BLOCK) {
            int m = Math.min(CHANNEL_BLOCK, channels - c0);
            weight.pack(p.start(), p.count(), width, 9 * c0, 9 * m, scratch, scratch,
                    stage);
            for (int c = 0; c < m; c++) {
                for (int i = 0; i < width; i += L) {
                    int at = stage + 9 * c * width + i;
                    int to = u + (c0 + c) * width + i;
                    // G g, column by column
                    FloatVector g0 = FloatVector.fromArray(S, scratch, at);
                    FloatVector g1 = FloatVector.fromArray(S, scratch, at + 3 * width);
                    FloatVector g2 = FloatVector.fromArray(S, scratch, at + 6 * width);
                    FloatVector s = g0.add(g2);
                    FloatVector l0 = g0;
                    FloatVector l1 = s.add(g1).mul(0.5f);
                    FloatVector l2 = s.sub(g1).mul(0.5f);
                    FloatVector l3 = g2;
                    g0 = FloatVector.fromArray(S, scratch, at + width);
                    g1 = FloatVector.fromArray(S, scratch, at + 4 * width);
                    g2 = FloatVector.fromArray(S, scratch, at + 7 * width);
                    s = g0.add(g2);
                    FloatVector m0 = g0;
                    FloatVector m1 = s.add(g1).mul(0.5f);
                    FloatVector m2 = s.sub(g1).mul(0.5f);
                    FloatVector m3 = g2;
                    g0 = FloatVector.fromArray(S, scratch, at + 2 * width);
                    g1 = FloatVector.fromArray(S, scratch, at + 5 * width);
                    g2 = FloatVector.fromArray(S, scratch, at + 8 * width);
                    s = g0.add(g2);
                    FloatVector r0 = g0;
                    FloatVector r1 = s.add(g1).mul(0.5f);
                    FloatVector r2 = s.sub(g1).mul(0.5f);
                    FloatVector r3 = g2;
                    // times G^T, row by row
                    s = l0.add(r0);
                    l0.intoArray(scratch, to);
                    s.add(m0).mul(0.5f).intoArray(scratch, to + step);
                    s.sub(m0).mul(0.5f).intoArray(scratch, to + 2 * step);
                    r0.intoArray(scratch, to + 3 * step);
                    s = l1.add(r1);
                    l1.intoArray(scratch, to + 4 * step);
                    s.add(m1).mul(0.5f).intoArray(scratch, to + 5 * step);
                    s.sub(m1).mul(0.5f).intoArray(scratch, to + 6 * step);
                    r1.intoArray(scratch, to + 7 * step);
                    s = l2.add(r2);
                    l2.intoArray(scratch, to + 8 * step);
                    s.add(m2).mul(0.5f).intoArray(scratch, to + 9 * step);
                    s.sub(m2).mul(0.5f).intoArray(scratch, to + 10 * step);
                    r2.intoArray(scratch, to + 11 * step);
                    s = l3.add(r3);
                    l3.intoArray(scratch, to + 12 * step);
                    s.add(m3).mul(0.5f).intoArray(scratch, to + 13 * step);
                    s.sub(m3).mul(0.5f).intoArray(scratch, to + 14 * step);
                    r3.intoArray(scratch, to + 15 * step);
                }
            }
        }
    }

    /** The 2 x 2 outputs of one tile, in row-major order: A^T M A. */
    private static void transformOutput(float[] scratch, int sums, int out, int width) {
        int step = GROUP * width;
        for (int i = 0; i < width; i += L) {
            int at = sums + i;
            FloatVector m0 = FloatVector.fromArray(S, scratch, at);
            FloatVector m1 = FloatVector.fromArray(S, scratch, at + 4 * step);
            FloatVector m2 = FloatVector.fromArray(S, scratch, at + 8 * step);
            FloatVector a0 = m0.add(m1).add(m2);
            FloatVector a1 = m1.sub(m2).sub(FloatVector.fromArray(S, scratch, at + 12 * step));
            m0 = FloatVector.fromArray(S, scratch, at + step);
            m1 = FloatVector.fromArray(S, scratch, at + 5 * step);
            m2 = FloatVector.fromArray(S, scratch, at + 9 * step);
            FloatVector b0 = m0.add(m1).add(m2);
            FloatVector b1 = m1.sub(m2).sub(FloatVector.fromArray(S, scratch, at + 13 * step));
            m0 = FloatVector.fromArray(S, scratch, at + 2 * step);
            m1 = FloatVector.fromArray(S, scratch, at + 6 * step);
            m2 = FloatVector.fromArray(S, scratch, at + 10 * step);
            FloatVector c0 = m0.add(m1).add(m2);
            FloatVector c1 = m1.sub(m2).sub(FloatVector.fromArray(S, scratch, at + 14 * step));
            m0 = FloatVector.fromArray(S, scratch, at + 3 * step);
            m1 = FloatVector.fromArray(S, scratch, at + 7 * step);
            m2 = FloatVector.fromArray(S, scratch, at + 11 * step);
            FloatVector d0 = m0.add(m1).add(m2);
            FloatVector d1 = m1.sub(m2).sub(FloatVector.fromArray(S, scratch, at + 15 * step));
            a0.add(b0).add(c0).intoArray(scratch, out + i);
            b0.sub(c0).sub(d0).intoArray(scratch, out + width + i);
            a1.add(b1).add(c1).intoArray(scratch, out + 2 * width + i);
            b1.sub(c1).sub(d1).intoArray(scratch, out + 3 * width + i);
        }
    }

    private void store(float[] arena, float[] scratch, int out, Panel p, int tile) {
        int x = tile % tilesAcross * 2;
        int y = tile / tilesAcross % tilesDown * 2;
        int sample = tile / tilesAcross / tilesDown;
        for (int i = 0; i < 4; i++) {
            int oy = y + i / 2;
            int ox = x + i % 2;
            if (oy < g.outHeight() && ox < g.outWidth()) {
                epilogue.store(arena, scratch, out + i * p.width(), (sample * g.outHeight() + oy) * g.outWidth() + ox,
                        p.start(), p.count());
            }
        }
    }
}
