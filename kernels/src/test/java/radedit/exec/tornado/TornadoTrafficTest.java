package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.model.UNet;
import radedit.model.UNetConfig;

/**
 * What the kernels of the published UNet move, by their tiles, and how long a step takes at least on some devices. The
 * table is kept in bench/gpu-static.md.
 */
class TornadoTrafficTest {
    private static final int BATCH = 2;
    /** Share of multiply-adds among the instructions of a slice, with its part of what a block needs; sm_90, float weights. */
    private static final double ISSUE_128 = 512 / (600 + 148 / 32.0);
    private static final double ISSUE_64 = 512 / (623 + 146 / 32.0);
    /** Instructions of attention for 64 keys: once; for 8 channels of the scores; for 8 keys of the result; for a key. */
    private static final double[] ATTENTION = {480, 603, 581, 47};

    private record Gpu(String name, int units, double tflops, double gigabytes) {}

    private static final List<Gpu> GPUS = List.of(new Gpu("H200", 132, 67, 4800), new Gpu("RTX 4090", 128, 82.6, 1008),
            new Gpu("integrated (96 units)", 96, 2.4, 70));

    /**
     * One kernel call: operations, the share of the device's peak that they can reach, bytes that have to pass the
     * device's memory, bytes its groups load, and at least.
     */
    private record Cost(String kind, int groups, double flops, double share, double memory, double loads,
            double least) {
        /** Seconds at best. */
        double time(Gpu gpu) {
            // the last round of groups does not fill the device
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

    private static List<Cost> costs(Graph graph, int units) {
        Lowering lowering = new Lowering(graph, null, new Residents(), units);
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
        return switch (l.kind) {
            case GEMM_128, GEMM_64 -> {
                double tile = l.kind == Kind.GEMM_128 ? GemmTile128.TILE : GemmTile64.TILE;
                double terms = (double) l.parameters[Gemm.TAPS] * l.parameters[Gemm.PADDED_CHANNELS];
                double rows = l.parameters[Gemm.ROWS];
                double columns = l.parameters[Gemm.COLUMNS];
                String kind = n.op() instanceof Op.Conv2d c && c.kernel() == 3 ? "convolution 3 x 3" : "linear, 1 x 1";
                yield new Cost(kind, l.groups(), 2 * rows * columns * terms, issue(l.kind), memory,
                        4 * l.groups() * 2 * tile * terms, 4 * rows * columns * terms * 2 / tile);
            }
            case ATTENTION -> {
                double queries = l.parameters[AttentionKernel.QUERIES];
                double keys = l.parameters[AttentionKernel.KEYS];
                double each = (double) l.parameters[AttentionKernel.CHANNELS] / l.parameters[AttentionKernel.HEADS];
                double parts = l.parameters[AttentionKernel.PARTS];
                double heads = l.groupsY / parts;
                double paddedKeys = Math.ceilDiv((int) keys, AttentionKernel.KEY_TILE) * AttentionKernel.KEY_TILE;
                double tiles = l.groupsX * paddedKeys / AttentionKernel.KEY_TILE;
                double slices = Math.ceilDiv((int) each, 8);
                // A warp has 16 keys of the scores, in every part, and 16 channels of the result; it rests beyond the last.
                double flops = 2 * heads * l.groupsX * AttentionKernel.QUERY_TILE
                        * (parts * slices * 8 * Math.ceilDiv((int) keys, 16) * 16
                                + Math.ceilDiv((int) each, 16) * 16 * Math.ceilDiv((int) keys, 8) * 8);
                double share = 512 * (slices + 8)
                        / (ATTENTION[0] + slices * ATTENTION[1] + 8 * ATTENTION[2] + 64 * ATTENTION[3]);
                double loads = 4 * heads * tiles
                        * (parts * (AttentionKernel.QUERY_TILE + AttentionKernel.KEY_TILE) * each
                                + AttentionKernel.KEY_TILE * each);
                double least = 4 * heads * queries / AttentionKernel.QUERY_TILE * keys / AttentionKernel.KEY_TILE
                        * (AttentionKernel.QUERY_TILE + 2 * AttentionKernel.KEY_TILE) * each;
                yield new Cost("attention", l.groups(), flops, share, memory, loads, least);
            }
            default -> new Cost("norms and the rest", l.groups(), 0, 1, memory, memory, memory);
        };
    }

    @Test
    void tableOfTheUNet() throws IOException {
        Graph graph = unet();
        for (Gpu gpu : GPUS) {
            Map<String, double[]> table = new LinkedHashMap<>();
            for (Cost c : costs(graph, gpu.units)) {
                double[] row = table.computeIfAbsent(c.kind, k -> new double[6]);
                row[0]++;
                row[1] += c.flops / 1e9;
                row[2] += c.memory / 1e9;
                row[3] += c.loads / 1e9;
                row[4] += c.least / 1e9;
                row[5] += 1e3 * c.time(gpu);
            }
            System.out.printf("%s, UNet at batch %d%n", gpu.name, BATCH);
            table.forEach((kind, r) -> System.out.printf(
                    "| %s | %.0f | %.0f | %.2f | %.1f | %.2f | %.1f |%n", kind, r[0], r[1], r[2], r[3], r[3] / r[4], r[5]));
            System.out.printf("| all | %.0f | %.0f | %.2f | %.1f | | %.1f |%n", sum(table, 0), sum(table, 1),
                    sum(table, 2), sum(table, 3), sum(table, 5));
            assertTrue(table.get("convolution 3 x 3")[3] / table.get("convolution 3 x 3")[4] <= 1.3);
            assertTrue(table.get("linear, 1 x 1")[3] / table.get("linear, 1 x 1")[4] <= 1.3);
            assertEquals(4, table.size());
        }
    }

    /**
     * Winograd's F(2 x 2, 3 x 3) (Lavin and Gray, arXiv:1509.09308) as three steps: neighbourhoods of 4 x 4 to 16 planes, a
     * product for each plane, and back. Layers take it where it is faster; those with a stride never do.
     */
    @Test
    void whatWinogradWouldGain() throws IOException {
        Graph graph = unet();
        for (Gpu gpu : GPUS) {
            Lowering lowering = new Lowering(graph, null, new Residents(), gpu.units);
            double direct = 0;
            double best = 0;
            int won = 0;
            for (Node n : graph.nodes()) {
                if (!(n.op() instanceof Op.Conv2d c && c.kernel() == 3)) {
                    continue;
                }
                double now = cost(n, ((Step.Launches) lowering.step(n)).all().getFirst()).time(gpu);
                double then = c.stride() == 1 ? winograd(n, gpu) : now;
                direct += now;
                best += Math.min(now, then);
                won += then < now ? 1 : 0;
            }
            System.out.printf("%s: 3 x 3 directly %.1f ms, with F(2 x 2, 3 x 3) where it is faster %.1f ms (%d layers)%n",
                    gpu.name, 1e3 * direct, 1e3 * best, won);
        }
    }

    private static double winograd(Node n, Gpu gpu) {
        double channels = n.inputs().getFirst().channels();
        int columns = n.output().channels();
        int rows = n.shape().dim(0) * Math.ceilDiv(n.shape().dim(1), 2) * Math.ceilDiv(n.shape().dim(2), 2);
        double planes = 16.0 * rows * channels;
        double products = 16.0 * rows * columns;
        double weights = 16 * channels * columns;
        int large = 16 * Math.ceilDiv(rows, GemmTile128.TILE) * Math.ceilDiv(columns, GemmTile128.TILE);
        int small = 16 * Math.ceilDiv(rows, GemmTile64.TILE) * Math.ceilDiv(columns, GemmTile64.TILE);
        boolean big = large >= gpu.units;
        double tile = big ? GemmTile128.TILE : GemmTile64.TILE;
        int groups = big ? large : small;
        double bytes = gpu.gigabytes * 1e9 / 4;
        Cost product = new Cost("", groups, 2 * groups * tile * tile * channels,
                issue(big ? Kind.GEMM_128 : Kind.GEMM_64), 4 * (planes + weights + products), 0, 0);
        return (planes / 4 + planes) / bytes + product.time(gpu) + (products + products / 4) / bytes;
    }

    private static double issue(Kind kind) {
        return kind == Kind.GEMM_128 ? ISSUE_128 : ISSUE_64;
    }

    /** What it costs that the up path's concatenations are written and read again. */
    @Test
    void whatConcatenationsMove() throws IOException {
        double bytes = unet().nodes().stream().filter(n -> n.op() instanceof Op.Concat)
                .mapToDouble(n -> 2 * 4.0 * n.shape().elements()).sum();
        for (Gpu gpu : GPUS) {
            System.out.printf("%s: concatenations move %.2f GB, %.2f ms%n", gpu.name, bytes / 1e9,
                    1e3 * bytes / (gpu.gigabytes * 1e9));
        }
    }

    private static double sum(Map<String, double[]> table, int column) {
        return table.values().stream().mapToDouble(r -> r[column]).sum();
    }
}
