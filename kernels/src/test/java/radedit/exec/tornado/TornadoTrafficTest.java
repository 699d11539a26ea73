package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.exec.PlannedGraph;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.model.UNet;
import radedit.model.UNetConfig;

/**
 * Memory traffic of the kernels of the published UNet, by their tile sizes, and lower bounds of the time of a step on
 * some devices. The table is kept in bench/gpu-static.md.
 */
class TornadoTrafficTest {
    private static final int BATCH = 2;
    /**
     * Share of multiply-adds among the instructions of a slice, including its part of the instructions per block of 32
     * slices; sm_90, float weights.
     */
    private static final double ISSUE_128 = 512 / (612 + 161 / 32.0);
    private static final double ISSUE_64 = 256 / (327 + 91 / 32.0);
    /**
     * Instructions of attention per 64 keys: fixed; per 8 channels of the scores; per 8 keys of the result; per key.
     */
    private static final double[] ATTENTION = {480, 584, 582, 47};

    private record Gpu(String name, int units, double tflops, double gigabytes) {}

    private static final List<Gpu> GPUS = List.of(new Gpu("H200", 132, 67, 4800), new Gpu("RTX 4090", 128, 82.6, 1008),
            new Gpu("integrated (96 units)", 96, 2.4, 70));

    /**
     * One launch: operations, the share of the device's peak that they can reach, bytes of device memory traffic at
     * least, bytes that its work-groups load, and their lower bound.
     */
    private record Cost(String kind, int groups, double flops, double share, double memory, double loads,
            double least) {
        /** Lower bound of the time, in seconds. */
        double time(Gpu gpu) {
            // the last wave of work-groups does not fill the device
            double full = (double) groups / (Math.ceilDiv(groups, gpu.units) * gpu.units);
            return Math.max(flops / (gpu.tflops * 1e12 * share * full), memory / (gpu.gigabytes * 1e9));
        }
    }

    @TempDir
    Path temp;

    private Graph unet() throws IOException {
        Files.writeString(temp.resolve("config.json"), """
                {"sample_size": 64, "in_channels": 4, "out_channels": 4, "block_out_channels": [320, 640, 1280, 1280],
                 "layers_per_block": 2, "cross_attention_dim": 768, "attention_head_dim": 8, "norm_num_groups": 32,
                 "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D",
                  "DownBlock2D"], "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D",
                  "CrossAttnUpBlock2D"]}
                """);
        return Fusion.apply(UNet.graph(UNetConfig.read(temp), BATCH, 64, 64, 128).prune(n -> false), n -> false);
    }

    private static List<Cost> costs(Graph graph, int units, Winograd winograd) {
        Lowering lowering = new Lowering(graph, null, new DeviceWeights(),
                new TilePolicy(units, winograd, TilePolicy.PLANES), n -> false);
        List<Cost> all = new ArrayList<>();
        for (Node n : graph.nodes()) {
            if (lowering.step(n) instanceof Step.Launches s) {
                s.all().forEach(l -> all.add(cost(n, l)));
            }
        }
        return all;
    }

    private static Cost cost(Node n, Launch l) {
        double out = n.shape().elements();
        double in = n.inputs().stream().mapToDouble(v -> v.shape().elements()).sum();
        double weights = n.weights().stream().mapToDouble(w -> w.shape().elements()).sum();
        double memory = 4 * (in + weights + out);
        int groups = l.grid().groups();
        return switch (l) {
            case Gemm g -> {
                double tile = g.kernel().tile;
                double terms = (double) g.window().taps() * (g.input().channels() + g.second().channels());
                double rows = g.rows();
                double columns = g.epilogue().columns();
                String kind = n.op() instanceof Op.Conv2d c && c.kernel() == 3 ? "convolution 3 x 3" : "linear, 1 x 1";
                if (g.weights().planes() == Winograd.POINTS) {
                    kind = "convolution 3 x 3, Winograd's products";
                    memory = 4 * (rows * (terms + columns) + Winograd.POINTS * columns * terms);
                }
                // Tiles are multiplied whole, even where they extend over the edge.
                yield new Cost(kind, groups, 2 * groups * tile * tile * terms, issue(g.kernel()), memory,
                        4 * groups * 2 * tile * terms,
                        4 * rows * columns * terms * 2 / tile);
            }
            case Attention a -> {
                double each = (double) a.channels() / a.heads();
                int groupsX = a.grid().groupsX();
                double heads = a.batch() * a.heads();
                double paddedKeys = Math.ceilDiv(a.keys(), Attention.KEY_TILE) * Attention.KEY_TILE;
                double tiles = groupsX * paddedKeys / Attention.KEY_TILE;
                double slices = Math.ceilDiv((int) each, 8);
                // A warp has 16 keys of the scores, in every part, and 16 channels of the result; it skips those out of
                // range.
                double flops = 2 * heads * groupsX * Attention.QUERY_TILE
                        * (a.parts() * slices * 8 * Math.ceilDiv(a.keys(), 16) * 16
                                + Math.ceilDiv((int) each, 16) * 16 * Math.ceilDiv(a.keys(), 8) * 8);
                double share = 512 * (slices + 8)
                        / (ATTENTION[0] + slices * ATTENTION[1] + 8 * ATTENTION[2] + 64 * ATTENTION[3]);
                double loads = 4 * heads * tiles
                        * (a.parts() * (Attention.QUERY_TILE + Attention.KEY_TILE) * each + Attention.KEY_TILE * each);
                double least = 4 * heads * a.queries() / Attention.QUERY_TILE * a.keys() / Attention.KEY_TILE
                        * (Attention.QUERY_TILE + 2 * Attention.KEY_TILE) * each;
                yield new Cost("attention", groups, flops, share, memory, loads, least);
            }
            case WinogradInput w -> {
                double planes = (double) w.tiles().count() * w.input().channels();
                double once = (Winograd.POINTS + (w.input().upsample() ? 1 : 4)) * planes;
                yield new Cost("convolution 3 x 3, to planes", groups, 0, 1, 4 * once,
                        4 * (Winograd.POINTS * planes + 8.0 * columnPairs(w) * w.input().channels()), 4 * once);
            }
            case WinogradOutput w -> {
                double once = (Winograd.POINTS + 4 + (w.epilogue().residual().at() >= 0 ? 4 : 0))
                        * (double) w.tiles().count() * w.epilogue().columns();
                yield new Cost("convolution 3 x 3, from planes", groups, 0, 1, 4 * once, 4 * once, 4 * once);
            }
            default -> new Cost("norms and the rest", groups, 0, 1, memory, memory, memory);
        };
    }

    /**
     * Number of reads of two columns of four pixels in a work-item of Winograd's input transform: one per tile, and one
     * more at the left of a row of tiles.
     */
    private static int columnPairs(WinogradInput w) {
        int across = ((w.input().width() << (w.input().upsample() ? 1 : 0)) + 1) / 2;
        int tiles = w.tiles().count();
        int pairs = tiles;
        for (int t = 0; t < tiles; t++) {
            if (t % WinogradInput.STRIP == 0 || (w.tiles().first() + t) % across == 0) {
                pairs++;
            }
        }
        return pairs;
    }

    @Test
    void tableOfTheUNet() throws IOException {
        Graph graph = unet();
        for (Winograd winograd : List.of(Winograd.OFF, Winograd.AUTO)) {
            for (Gpu gpu : GPUS) {
                Map<String, double[]> table = new LinkedHashMap<>();
                for (Cost c : costs(graph, gpu.units, winograd)) {
                    double[] row = table.computeIfAbsent(c.kind, k -> new double[6]);
                    row[0]++;
                    row[1] += c.flops / 1e9;
                    row[2] += c.memory / 1e9;
                    row[3] += c.loads / 1e9;
                    row[4] += c.least / 1e9;
                    row[5] += 1e3 * c.time(gpu);
                }
                System.out.printf("%s, UNet at batch %d, Winograd %s%n", gpu.name, BATCH, winograd);
                table.forEach((kind, r) -> System.out.printf("| %s | %.0f | %.0f | %.2f | %.1f | %.2f | %.1f |%n", kind,
                        r[0], r[1], r[2], r[3], r[3] / r[4], r[5]));
                System.out.printf("| all | %.0f | %.0f | %.2f | %.1f | | %.1f |%n", sum(table, 0), sum(table, 1),
                        sum(table, 2), sum(table, 3), sum(table, 5));
                table.forEach((kind, r) -> assertTrue(r[3] / r[4] <= 1.3, kind));
                assertEquals(winograd == Winograd.OFF ? 4 : 7, table.size());
            }
        }
    }

    /** The rule that selects layers for Winograd's F(2 x 2, 3 x 3) is close to the best choice for each layer. */
    @Test
    void whereWinogradIsTaken() throws IOException {
        Graph graph = unet();
        for (Gpu gpu : GPUS) {
            Lowering off = lowering(graph, gpu, Winograd.OFF);
            Lowering on = lowering(graph, gpu, Winograd.ON);
            Lowering auto = lowering(graph, gpu, Winograd.AUTO);
            double direct = 0;
            double best = 0;
            double rule = 0;
            int won = 0;
            int taken = 0;
            for (Node n : graph.nodes()) {
                if (n.op() instanceof Op.Conv2d c && c.kernel() == 3) {
                    double now = time(off, n, gpu);
                    double then = time(on, n, gpu);
                    double chosen = time(auto, n, gpu);
                    direct += now;
                    best += Math.min(now, then);
                    rule += chosen;
                    won += then < now ? 1 : 0;
                    taken += chosen == then && then != now ? 1 : 0;
                }
            }
            System.out.printf("%s: 3 x 3 directly %.1f ms, with F(2 x 2, 3 x 3) where it is faster %.1f ms (%d layers),"
                    + " by the rule %.1f ms (%d layers)%n", gpu.name, 1e3 * direct, 1e3 * best, won, 1e3 * rule, taken);
            assertTrue(rule <= 1.05 * best, gpu.name);
        }
        System.out.printf("memory: directly %.2f GB of values, %.2f GB of weights; by the rule %.2f and %.2f%n",
                gigabytes(graph, Winograd.OFF, true), gigabytes(graph, Winograd.OFF, false),
                gigabytes(graph, Winograd.AUTO, true), gigabytes(graph, Winograd.AUTO, false));
    }

    private static Lowering lowering(Graph graph, Gpu gpu, Winograd winograd) {
        return new Lowering(graph, null, new DeviceWeights(), new TilePolicy(gpu.units, winograd, TilePolicy.PLANES),
                n -> false);
    }

    private static double time(Lowering lowering, Node n, Gpu gpu) {
        return ((Step.Launches) lowering.step(n)).all().stream().mapToDouble(l -> cost(n, l).time(gpu)).sum();
    }

    private static double gigabytes(Graph graph, Winograd winograd, boolean values) {
        Footprint n = Footprint.ofFused(new PlannedGraph(graph, null), new TilePolicy(0, winograd, TilePolicy.PLANES),
                node -> false,
                new DeviceWeights());
        return 4e-9 * (values ? n.values() : n.tables() + n.floats());
    }

    private static double issue(Kernel kind) {
        return kind == Kernel.GEMM_128 ? ISSUE_128 : ISSUE_64;
    }

    /** No concatenation of the up path is materialised: group norms and shortcuts read both parts. */
    @Test
    void concatenationsAreNotMade() throws IOException {
        Graph graph = unet();
        long all = graph.nodes().stream().filter(n -> n.op() instanceof Op.Concat).count();
        assertEquals(12, all);
        assertEquals(all, ConcatElision.of(graph, n -> false).size());
        // Those that a probe wants are.
        assertEquals(0, ConcatElision.of(graph, n -> true).size());
    }

    /** All tiles large, all small, or whichever finishes sooner. */
    @Test
    void tilesOfAProduct() {
        assertFalse(new TilePolicy(0, Winograd.OFF, 0).narrow(2, 1));
        assertTrue(new TilePolicy(TilePolicy.NARROW, Winograd.OFF, 0).narrow(2000, 1000));
        TilePolicy some = new TilePolicy(132, Winograd.OFF, 0);
        assertTrue(some.narrow(20, 10), "one small tile on a unit, or one large one");
        assertFalse(some.narrow(528, 132), "four small ones at once, or one large one");
        assertTrue(some.narrow(264, 132), "two small ones at once, or one large one");
        assertTrue(some.narrow(640, 192), "four small ones at once and one more, or two large ones");
    }

    private static double sum(Map<String, double[]> table, int column) {
        return table.values().stream().mapToDouble(r -> r[column]).sum();
    }
}
