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
    /** Share of multiply-adds in a whole slice loop, from bench/gpu-static.md. */
    private static final Map<Kind, Double> ISSUE = Map.of(Kind.GEMM_128, 0.75, Kind.GEMM_64, 0.72, Kind.ATTENTION, 0.6);

    private record Gpu(String name, int units, double tflops, double gigabytes) {}

    private static final List<Gpu> GPUS = List.of(new Gpu("H200", 132, 67, 4800), new Gpu("RTX 4090", 128, 82.6, 1008),
            new Gpu("integrated (96 units)", 96, 2.4, 70));

    /** One kernel call: operations, bytes that have to pass the device's memory, bytes its groups load, and at least. */
    private record Cost(String kind, Kind kernel, int groups, double flops, double memory, double loads, double least) {}

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
                yield new Cost(kind, l.kind, l.groups(), 2 * rows * columns * terms, memory,
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
                // scores in every part, values in their own
                double flops = 2 * heads * l.groupsX * AttentionKernel.QUERY_TILE * paddedKeys
                        * (parts * Math.ceilDiv((int) each, 8) * 8 + parts * AttentionKernel.CHANNEL_TILE);
                double loads = 4 * heads * tiles
                        * (parts * (AttentionKernel.QUERY_TILE + AttentionKernel.KEY_TILE) * each
                                + AttentionKernel.KEY_TILE * each);
                double least = 4 * heads * queries / AttentionKernel.QUERY_TILE * keys / AttentionKernel.KEY_TILE
                        * (AttentionKernel.QUERY_TILE + 2 * AttentionKernel.KEY_TILE) * each;
                yield new Cost("attention", l.kind, l.groups(), flops, memory, loads, least);
            }
            default -> new Cost("norms and the rest", l.kind, l.groups(), 0, memory, memory, memory);
        };
    }

    @Test
    void tableOfTheUNet() throws IOException {
        Graph graph = unet();
        for (Gpu gpu : GPUS) {
            Map<String, double[]> table = new LinkedHashMap<>();
            for (Cost c : costs(graph, gpu.units)) {
                double[] row = table.computeIfAbsent(c.kind, k -> new double[6]);
                double share = ISSUE.getOrDefault(c.kernel, 1.0);
                // the last round of groups does not fill the device
                double full = (double) c.groups / (Math.ceilDiv(c.groups, gpu.units) * gpu.units);
                double compute = c.flops / (gpu.tflops * 1e12 * share * full);
                row[0]++;
                row[1] += c.flops / 1e9;
                row[2] += c.memory / 1e9;
                row[3] += c.loads / 1e9;
                row[4] += c.least / 1e9;
                row[5] += 1e3 * Math.max(compute, c.memory / (gpu.gigabytes * 1e9));
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

    private static double sum(Map<String, double[]> table, int column) {
        return table.values().stream().mapToDouble(r -> r[column]).sum();
    }
}
