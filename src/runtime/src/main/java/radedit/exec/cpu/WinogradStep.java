package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.ROWS;
import static radedit.exec.cpu.MicroKernel.WIDTH;

import java.util.List;

import radedit.exec.cpu.Panels.Panel;

/**
 * 3 x 3 convolution of stride 1 by Winograd's minimal filtering F(2x4, 3x3) (Lavin and Gray, arXiv:1509.09308): a tile
 * of 2 x 4 outputs takes 24 multiplications for each pair of channels instead of 72.
 *
 * <pre>
 * Y = A^T [ (G g H^T) * (B^T d C) ] D
 *
 *       1  0 -1  0          1    0    0          1  0
 * B^T = 0  1  1  0     G = 1/2  1/2  1/2     A = 1  1
 *       0 -1  1  0         1/2 -1/2  1/2         1 -1
 *       0  1  0 -1          0    0    1          0 -1
 * </pre>
 *
 * <p>
 * C, H and D are those of F(4, 3), {@link WinogradPoints}.
 *
 * <p>
 * First all workers transform the input d of a block of tiles to V [channel block][24][tiles][channels of the block],
 * which they share. Then a task takes one panel of output channels and a range of tiles. For a group of tiles and a
 * block of channels it computes the 24 GEMMs; after the last block it transforms the group's sums back while they are in
 * cache. The panel's weights are transformed block by block with the first group, to U [channel block][24][channels of
 * the block][panel], and kept for further groups. Blocks of tiles are limited so that V fits in the last-level cache.
 * Weights are transformed again for each task: dozens of tiles share the cost, and memory holds the weights only once.
 *
 * <p>
 * Sums over a block of channels are added to those of earlier blocks: the shorter the blocks, the smaller the rounding
 * error.
 */
final class WinogradStep implements Step {
    /** Largest size of V in floats: 24 MB. */
    private static final int MAX_V_FLOATS = 6 << 20;
    /** Most tiles multiplied and transformed back at a time, so that their sums stay in a core's cache. */
    private static final int SMALL_GROUP = 8 * ROWS;
    /** The same for many channels: weights that fit no cache are then read less often. */
    private static final int LARGE_GROUP = 22 * ROWS;
    private static final int MANY_CHANNELS = 512;
    /** Tiles below which transforming a panel's weights for another task does not pay. */
    private static final int MIN_TILES = 16 * ROWS;
    /** Input channels per block; a multiple of all vector lengths. */
    private static final int CHANNEL_BLOCK = 64;
    /** Outputs of a tile, down and across. */
    private static final int DOWN = 2;
    private static final int ACROSS = 4;
    /** Inputs of a tile, down and across. */
    private static final int IN_DOWN = DOWN + 2;
    private static final int IN_ACROSS = ACROSS + 2;
    private static final int POINTS = IN_DOWN * IN_ACROSS;

    private final Weights weight;
    private final ConvGeometry g;
    private final EpilogueKernel epilogue;
    private final List<Panel> panels;
    private final int tilesDown;
    private final int tilesAcross;
    private final int tiles;
    private final int tilesPerBlock;
    private final int mostInGroup;

    /**
     * @param weight
     *            [out, in, 3, 3]
     */
    WinogradStep(Weights weight, ConvGeometry geometry, EpilogueKernel epilogue) {
        this.weight = weight;
        this.g = geometry;
        this.epilogue = epilogue;
        this.panels = Panels.of(geometry.outChannels());
        this.tilesDown = (g.outHeight() + DOWN - 1) / DOWN;
        this.tilesAcross = (g.outWidth() + ACROSS - 1) / ACROSS;
        this.tiles = g.batch() * tilesDown * tilesAcross;
        this.mostInGroup = g.channels() > MANY_CHANNELS ? LARGE_GROUP : SMALL_GROUP;
        int most = Math.max(mostInGroup, MAX_V_FLOATS / (POINTS * g.channels()));
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
        return Memory.ALIGNED + (long) POINTS * tilesPerBlock * g.channels();
    }

    @Override
    public long scratch() {
        int channels = tilesPerBlock > mostInGroup ? g.channels() : Math.min(g.channels(), CHANNEL_BLOCK);
        return MappedWeights.stageSize() + 9L * CHANNEL_BLOCK * WIDTH + (long) POINTS * channels * WIDTH
                + (long) POINTS * mostInGroup * WIDTH + (long) DOWN * ACROSS * WIDTH;
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

    /** V[point][t] = B^T d C for all channels of one tile. */
    private void transformInput(float[] arena, int tile, float[] v, int t, int n) {
        int x = tile % tilesAcross * ACROSS - 1;
        int y = tile / tilesAcross % tilesDown * DOWN - 1;
        int sample = tile / tilesAcross / tilesDown;
        int[] at = new int[POINTS];
        for (int i = 0; i < POINTS; i++) {
            at[i] = g.pixel(sample, y + i / IN_ACROSS, x + i % IN_ACROSS);
        }
        for (int c0 = 0; c0 < g.channels(); c0 += CHANNEL_BLOCK) {
            int block = Math.min(CHANNEL_BLOCK, g.channels() - c0);
            int to = Memory.ALIGNED + c0 * POINTS * n + t * block;
            for (int i = 0; i < IN_DOWN; i++) {
                WinogradPoints.transformInput(arena, at, i, c0, block, v, to + i * IN_ACROSS * n * block, n * block);
            }
        }
    }

    private void multiply(float[] arena, float[] v, float[] scratch, Panel p, int firstTile, int n, int from, int to) {
        int u = MappedWeights.stageSize() + 9 * CHANNEL_BLOCK * WIDTH;
        int channels = g.channels();
        int width = p.width();
        int groups = (to - from + mostInGroup - 1) / mostInGroup;
        int group = ((to - from + groups - 1) / groups + ROWS - 1) / ROWS * ROWS;
        boolean keep = groups > 1;
        int sums = u + POINTS * (keep ? channels : Math.min(channels, CHANNEL_BLOCK)) * WIDTH;
        int out = sums + POINTS * group * width;
        for (int t0 = from; t0 < to; t0 += group) {
            int t1 = Math.min(to, t0 + group);
            for (int c0 = 0; c0 < channels; c0 += CHANNEL_BLOCK) {
                int block = Math.min(CHANNEL_BLOCK, channels - c0);
                int at = u + (keep ? c0 * POINTS * width : 0);
                if (t0 == from) {
                    transformWeights(p, c0, block, scratch, at);
                }
                multiply(v, c0, block, n, t0, t1, scratch, at, sums, group, width);
            }
            for (int t = t0; t < t1; t++) {
                WinogradPoints.transformOutput(scratch, sums + (t - t0) * width, group * width, out, width);
                store(arena, scratch, out, p, firstTile + t);
            }
        }
    }

    /** Adds the products of a block of channels to a group's sums; those of the first block replace them. */
    private static void multiply(float[] v, int c0, int block, int n, int t0, int t1, float[] scratch, int u, int sums,
            int group, int width) {
        int[] row = new int[ROWS];
        for (int point = 0; point < POINTS; point++) {
            int first = Memory.ALIGNED + (c0 * POINTS + point * block) * n;
            for (int t = t0; t < t1; t += ROWS) {
                for (int r = 0; r < ROWS; r++) {
                    row[r] = first + Math.min(t + r, t1 - 1) * block;
                }
                int next = t + 2 * ROWS <= n ? row[0] + ROWS * block : -1;
                int sum = sums + (point * group + t - t0) * width;
                MicroKernel.multiply(width, block, v, row, next, scratch, u + point * block * width,
                        c0 == 0 ? MicroKernel.ZEROS : scratch, c0 == 0 ? 0 : sum, scratch, sum);
            }
        }
    }

    /** U[point][c] = G g H^T for a block of the channels and all outputs of a panel. */
    private void transformWeights(Panel p, int c0, int block, float[] scratch, int u) {
        int packed = MappedWeights.stageSize();
        weight.pack(p.start(), p.count(), p.width(), 9 * c0, 9 * block, scratch, scratch, packed);
        for (int i = 0; i < IN_DOWN; i++) {
            WinogradPoints.transformWeights(scratch, packed, i, block, p.width(),
                    u + i * IN_ACROSS * block * p.width());
        }
    }

    private void store(float[] arena, float[] scratch, int out, Panel p, int tile) {
        int x = tile % tilesAcross * ACROSS;
        int y = tile / tilesAcross % tilesDown * DOWN;
        int sample = tile / tilesAcross / tilesDown;
        for (int i = 0; i < DOWN * ACROSS; i++) {
            int oy = y + i / ACROSS;
            int ox = x + i % ACROSS;
            if (oy < g.outHeight() && ox < g.outWidth()) {
                epilogue.store(arena, scratch, out + i * p.width(), (sample * g.outHeight() + oy) * g.outWidth() + ox,
                        p.start(), p.count());
            }
        }
    }
}
