package radedit.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import radedit.graph.Activation;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Padding;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * A test case for operations: a small graph that runs on every backend.
 *
 * @param name
 *            names the case in test reports
 * @param graph
 *            the graph
 * @param terms
 *            length of the longest sum in an element of the result, which determines its rounding error
 */
public record OpCase(String name, Graph graph, int terms) {
    /** Unit roundoff of float32. */
    private static final double UNIT = 0x1p-24;

    /** Builds the tested operation on an input. */
    private interface Body {
        Value build(Scope s, Value x);
    }

    private static OpCase of(String name, Shape in, int terms, Body body) {
        Scope s = Scope.root();
        Value y = body.build(s, s.input("x", in));
        return new OpCase(name, s.build(Map.of("y", y)), terms);
    }

    /** {@return all cases} */
    public static List<OpCase> all() {
        List<OpCase> c = new ArrayList<>();
        linear(c);
        convolutions(c);
        norms(c);
        attention(c);
        others(c);
        residualNetwork(c);
        return c;
    }

    private static void linear(List<OpCase> c) {
        int[][] shapes = {{1, 1, 1}, {1, 320, 1280}, {5, 7, 3}, {6, 64, 64}, {7, 33, 65}, {64, 48, 200}, {13, 1700, 70},
                {800, 130, 24}, {770, 3100, 17}, {1000, 64, 320}};
        for (int[] s : shapes) {
            c.add(of("linear " + s[0] + " x " + s[1] + " -> " + s[2], Shape.of(1, s[0], s[1]), s[1],
                    (n, x) -> n.linear("f", x, s[2])));
        }
        c.add(of("linear without bias", Shape.of(2, 9, 40), 40, (n, x) -> n.linear("f", x, 40, false)));
        c.add(of("linear gelu", Shape.of(2, 9, 40), 40,
                (n, x) -> n.activation("a", n.linear("f", x, 56), Activation.GELU)));
        c.add(of("linear residual", Shape.of(2, 9, 40), 40, (n, x) -> n.add("a", x, n.linear("f", x, 40))));
        c.add(of("linear residual relu", Shape.of(2, 9, 40), 40,
                (n, x) -> n.activation("r", n.add("a", n.linear("f", x, 40), x), Activation.RELU)));
        c.add(of("linear geglu", Shape.of(2, 70, 64), 64, (n, x) -> n.geglu("g", n.linear("f", x, 512))));
        c.add(of("linear geglu, long sum", Shape.of(1, 31, 1700), 1700, (n, x) -> n.geglu("g", n.linear("f", x, 90))));
        c.add(of("linear read twice", Shape.of(1, 5, 16), 16, (n, x) -> {
            Value y = n.linear("f", x, 16);
            return n.add("a", n.activation("s", y, Activation.SILU), y);
        }));
    }

    private static void convolutions(List<OpCase> c) {
        // batch, height, width, in, out, kernel, stride
        int[][] shapes = {{1, 1, 1, 1, 1, 3, 1}, {1, 8, 8, 4, 32, 3, 1}, {2, 7, 9, 32, 4, 3, 1},
                {1, 8, 8, 32, 32, 3, 1},
                {2, 5, 3, 64, 96, 3, 1}, {3, 6, 10, 48, 80, 3, 1}, {1, 33, 31, 32, 64, 3, 1},
                {1, 64, 64, 128, 16, 3, 1},
                {1, 4, 4, 700, 24, 3, 1}, {2, 8, 8, 32, 48, 3, 2}, {1, 9, 7, 33, 17, 3, 2}, {1, 12, 12, 3, 64, 7, 2},
                {2, 6, 6, 40, 24, 1, 1}, {1, 8, 8, 64, 128, 1, 2}, {1, 9, 9, 16, 16, 5, 1}};
        for (int[] s : shapes) {
            String name = "conv " + s[0] + " x " + s[1] + " x " + s[2] + " x " + s[3] + " -> " + s[4] + ", " + s[5]
                    + " x "
                    + s[5] + " / " + s[6];
            c.add(of(name, Shape.of(s[0], s[1], s[2], s[3]), s[3] * s[5] * s[5],
                    (n, x) -> n.conv2d("f", x, s[4], s[5], s[6], Padding.all(s[5] / 2), true)));
        }
        Shape in = Shape.of(2, 6, 5, 32);
        c.add(of("conv, zeros right and below", in, 288,
                (n, x) -> n.conv2d("f", x, 40, 3, 2, new Padding(0, 0, 1, 1), true)));
        c.add(of("conv without padding", in, 288, (n, x) -> n.conv2d("f", x, 40, 3, 1, Padding.all(0), false)));
        c.add(of("conv silu", in, 288, (n, x) -> n.activation("a", n.conv2d("f", x, 40, 3), Activation.SILU)));
        c.add(of("conv residual", in, 288, (n, x) -> n.add("a", x, n.conv2d("f", x, 32, 3))));
        c.add(of("conv after doubling", in, 288,
                (n, x) -> n.conv2d("f", n.upsample("u", x, 12, 10), 40, 3)));
        c.add(of("conv after doubling, few channels", Shape.of(1, 3, 4, 5), 45,
                (n, x) -> n.conv2d("f", n.upsample("u", x, 6, 8), 7, 3)));
        c.add(of("conv after odd upsampling", in, 288, (n, x) -> n.conv2d("f", n.upsample("u", x, 11, 10), 40, 3)));
        c.add(of("conv, time embedding, residual", in, 288, (n, x) -> {
            Value t = n.linear("t", n.input("temb", Shape.of(2, 24)), 32);
            return n.add("r", x, n.add("a", n.conv2d("f", x, 32, 3), t));
        }));
        c.add(of("small conv, time embedding", Shape.of(2, 4, 4, 5), 45, (n, x) -> {
            Value t = n.linear("t", n.input("temb", Shape.of(2, 24)), 7);
            return n.add("a", n.conv2d("f", x, 7, 3), t);
        }));
    }

    private static void norms(List<OpCase> c) {
        // pixels each way, channels, groups
        int[][] shapes = {{1, 32, 32}, {5, 32, 8}, {16, 96, 32}, {9, 30, 3}, {12, 320, 32}};
        for (int[] s : shapes) {
            Shape in = Shape.of(2, s[0], s[0], s[1]);
            c.add(of("group norm " + in + ", " + s[2] + " groups", in, s[0] * s[0] * s[1] / s[2],
                    (n, x) -> n.groupNorm("f", x, s[2], 1e-5)));
        }
        c.add(of("group norm silu", Shape.of(2, 9, 9, 64), 162,
                (n, x) -> n.activation("a", n.groupNorm("f", x, 32, 1e-6), Activation.SILU)));
        c.add(of("group norm silu, odd channels", Shape.of(2, 3, 3, 30), 90,
                (n, x) -> n.activation("a", n.groupNorm("f", x, 3, 1e-6), Activation.SILU)));
        c.add(of("group norm of tokens", Shape.of(2, 21, 48), 126, (n, x) -> n.groupNorm("f", x, 8, 1e-6)));
        for (int channels : new int[]{1, 5, 48, 320, 1280}) {
            c.add(of("layer norm " + channels, Shape.of(2, 17, channels), channels,
                    (n, x) -> n.layerNorm("f", x, 1e-5)));
        }
    }

    private static void attention(List<OpCase> c) {
        // queries, keys, channels, heads
        int[][] shapes = {{1, 1, 4, 1}, {4, 4, 96, 8}, {16, 128, 48, 4}, {70, 70, 80, 2}, {130, 131, 40, 1},
                {33, 300, 36, 3},
                {64, 200, 512, 1}, {97, 96, 64, 4}};
        for (int[] s : shapes) {
            c.add(of("attention " + s[0] + " over " + s[1] + ", " + s[2] + " channels, " + s[3] + " heads",
                    Shape.of(2, s[0], s[2]), s[1] + s[2] / s[3], (n, q) -> n.attention("f", q,
                            n.input("k", Shape.of(2, s[1], s[2])), n.input("v", Shape.of(2, s[1], s[2])), s[3])));
        }
        c.add(of("masked attention", Shape.of(2, 100, 48), 112, (n, q) -> n.attention("f", q, q, q,
                n.input("mask", Shape.of(2, 100)), 4)));
    }

    private static void others(List<OpCase> c) {
        for (Activation a : Activation.values()) {
            c.add(of(a.toString(), Shape.of(3, 7, 11), 1, (n, x) -> n.activation("f", x, a)));
        }
        c.add(of("large silu", Shape.of(1, 50, 40), 1,
                (n, x) -> n.activation("f", n.scaleShift("s", x, n.input("big", Shape.of(1, 40)),
                        n.input("big2", Shape.of(1, 40))), Activation.SILU)));
        c.add(of("geglu", Shape.of(2, 9, 22), 1, (n, x) -> n.geglu("f", x)));
        c.add(of("add", Shape.of(2, 3, 5, 7), 1, (n, x) -> n.add("f", x, n.input("o", Shape.of(2, 3, 5, 7)))));
        c.add(of("add rows", Shape.of(2, 3, 5, 7), 1, (n, x) -> n.add("f", x, n.input("o", Shape.of(2, 7)))));
        c.add(of("add to every sample", Shape.of(3, 5, 7), 1,
                (n, x) -> n.add("f", x, n.input("o", Shape.of(1, 5, 7)))));
        c.add(of("scale and shift", Shape.of(2, 3, 5, 7), 1,
                (n, x) -> n.scaleShift("f", x, n.input("s", Shape.of(2, 7)), n.input("t", Shape.of(2, 7)))));
        c.add(of("concat", Shape.of(2, 3, 5, 7), 1,
                (n, x) -> n.concat("f", x, n.input("o", Shape.of(2, 3, 5, 9)), x)));
        // Groups of channels span both parts, as in the UNet's up path.
        c.add(of("group norm and 1 x 1 conv of a concat", Shape.of(2, 9, 10, 24), 9 * 64, (n, x) -> {
            Value both = n.concat("c", x, n.input("o", Shape.of(2, 9, 10, 40)));
            Value h = n.activation("silu", n.groupNorm("g", both, 4, 1e-5), Activation.SILU);
            return n.add("a", n.conv2d("f", h, 72, 3), n.conv2d("s", both, 72, 1));
        }));
        c.add(of("strided 1 x 1 conv of a concat", Shape.of(1, 9, 10, 8), 24, (n, x) -> n.conv2d("f",
                n.concat("c", x, n.input("o", Shape.of(1, 9, 10, 16))), 20, 1, 2, Padding.all(0), true)));
        c.add(of("3 x 3 conv of a concat", Shape.of(1, 9, 10, 24), 9 * 64, (n, x) -> n.conv2d("f",
                n.concat("c", x, n.input("o", Shape.of(1, 9, 10, 40))), 20, 3)));
        c.add(of("upsample", Shape.of(2, 3, 5, 7), 1, (n, x) -> n.upsample("f", x, 7, 9)));
        c.add(of("slice", Shape.of(2, 20), 1, (n, x) -> n.slice("f", x, 3, 16)));
        c.add(of("reshape", Shape.of(2, 3, 5, 7), 1, (n, x) -> n.activation("a", n.tokens("f", x), Activation.SILU)));
        c.add(of("embedding", Shape.of(1, 4, 20), 1,
                (n, x) -> n.add("f", n.embedding("words", n.input("ids", Shape.of(2, 4)), 50, 20), x)));
        c.add(of("positions and segment", Shape.of(2, 4, 20), 1,
                (n, x) -> n.add("f", n.add("g", x, n.tableRows("p", 4, 9, 20)), n.firstRow("q", 4, 2, 20))));
        c.add(of("token", Shape.of(3, 4, 20), 1, (n, x) -> n.token("f", x, 2)));
        c.add(of("l2 normalize", Shape.of(3, 20), 20, (n, x) -> n.l2Normalize("f", x, 1e-12)));
        for (boolean flip : new boolean[]{true, false}) {
            c.add(of("timesteps, flip " + flip, Shape.of(3, 32), 1,
                    (n, x) -> n.add("f", x, n.timestepEmbedding("t", n.input("timestep", Shape.of(3)), 32, flip, 0))));
        }
        c.add(of("timesteps, odd and shifted", Shape.of(3, 33), 1,
                (n, x) -> n.add("f", x, n.timestepEmbedding("t", n.input("timestep", Shape.of(3)), 33, true, 1))));
    }

    private static void residualNetwork(List<OpCase> c) {
        c.add(of("batch norm", Shape.of(2, 3, 5, 7), 1, (n, x) -> n.batchNorm("f", x, 1e-5)));
        c.add(of("conv, batch norm, relu", Shape.of(2, 9, 7, 20), 180,
                (n, x) -> n.activation("r", n.batchNorm("b", n.conv2d("f", x, 24, 3), 1e-5), Activation.RELU)));
        c.add(of("strided conv without bias, batch norm", Shape.of(1, 17, 15, 3), 147, (n, x) -> n.batchNorm("b",
                n.conv2d("f", x, 20, 7, 2, Padding.all(3), false), 1e-5)));
        c.add(of("pointwise conv, batch norm, residual, relu", Shape.of(2, 6, 5, 16), 16, (n, x) -> {
            Value h = n.conv2d("f", x, 16, 1, 1, Padding.all(0), false);
            return n.activation("r", n.add("a", n.batchNorm("b", h, 1e-5), x), Activation.RELU);
        }));
        c.add(of("max pool", Shape.of(2, 9, 8, 7), 1, (n, x) -> n.maxPool("f", x, 3, 2, 1)));
        c.add(of("max pool, 1 x 1 picture", Shape.of(1, 1, 1, 3), 1, (n, x) -> n.maxPool("f", x, 3, 2, 1)));
        c.add(of("mean pool", Shape.of(2, 9, 8, 7), 72, (n, x) -> n.meanPool("f", x)));
        c.add(of("row of a parameter", Shape.of(2, 6, 20), 1,
                (n, x) -> n.add("f", x, n.repeatedRow("q", n.parameter("types", Shape.of(3, 1, 20)), 1, 6, 20))));
        c.add(of("grid positions", Shape.of(2, 12, 20), 1,
                (n, x) -> n.add("f", x, n.gridPositions("p", 3, 4, 20))));
    }

    /**
     * {@return the relative error allowed for a float32 backend: a few roundings, and a random walk over the terms of
     * the sum}
     */
    public double bound() {
        return UNIT * (4 + Math.sqrt(terms));
    }

    /**
     * Writes random values for the graph's weights.
     *
     * @param temp
     *            a folder, in which a new one is created
     * @return the weights
     * @throws IOException
     *            if they cannot be written
     */
    public WeightStore weights(Path temp) throws IOException {
        Path folder = Files.createDirectories(temp.resolve(Integer.toHexString(name.hashCode())));
        Path file = folder.resolve("model.safetensors");
        if (!Files.exists(file)) {
            SafetensorsWriter w = new SafetensorsWriter();
            graph.weights().forEach((weight, shape) -> {
                double scale = shape.rank() > 1 ? Math.sqrt((double) shape.dim(0) / shape.elements()) : 1;
                boolean variance = weight.endsWith(".running_var");
                w.add(weight, DType.F32, Fixtures.random(shape, weight.hashCode())
                        .map(v -> variance ? 0.5 + Math.abs(v) : v * scale));
            });
            try (var out = Files.newOutputStream(file)) {
                w.writeTo(out);
            }
        }
        return WeightStore.open(folder);
    }

    /** {@return random values for the graph's inputs} */
    public Map<String, Tensor> inputs() {
        Map<String, Tensor> all = new HashMap<>();
        for (Node n : graph.inputs()) {
            Shape s = n.shape();
            Shape outside = s.rank() == 4 ? Shape.of(s.dim(0), s.dim(3), s.dim(1), s.dim(2)) : s;
            Tensor t = Fixtures.random(outside, n.name().hashCode() + name.hashCode());
            Random r = new Random(n.name().hashCode());
            all.put(n.name(), switch (n.name()) {
                case "ids" -> t.map(v -> r.nextInt(50));
                case "timestep" -> t.map(v -> r.nextInt(1000));
                case "mask" -> t.map(v -> v > 0 ? 1 : 0);
                case "big", "big2" -> t.map(v -> (float) (100 * v));
                default -> t;
            });
        }
        return all;
    }

    @Override
    public String toString() {
        return name;
    }
}
