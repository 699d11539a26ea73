package radedit.exec.tornado;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.Backends;
import radedit.exec.LatentPool;
import radedit.graph.Activation;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Padding;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * Runs small graphs that use every kernel, on the device and on the reference backend, so that a miscompiled kernel is detected
 * before it computes a picture.
 */
final class SelfTest {
    /** Largest relative error allowed. Sums are short, so a correct kernel stays far below it, even with fast maths. */
    private static final double BOUND = 1e-4;

    /** Footprint of all graphs, so that kernels are compiled once. */
    static final Footprint ROOM = new Footprint(1 << 22, 1 << 14, 1 << 20, 1 << 22, 1 << 20, 1 << 18);

    private SelfTest() {
    }

    /**
     * @throws BackendException
     *             if a result is wrong; the message names graph and output
     */
    static void run(TornadoBackend backend) {
        try {
            Path folder = Files.createTempDirectory("radedit");
            try {
                Map<String, Graph> graphs = graphs();
                List<TilePolicy> policies = policies(backend.policy());
                for (Map.Entry<String, Graph> e : graphs.entrySet()) {
                    check(backend, e.getKey(), e.getValue(), DType.F32, policies, folder);
                }
                for (DType dtype : List.of(DType.F16, DType.BF16)) {
                    check(backend, dtype + " products", graphs.get("products"), dtype, policies, folder);
                }
                latents(backend);
            } finally {
                Files.deleteIfExists(folder.resolve("model.safetensors"));
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Graph> graphs() {
        Map<String, Graph> all = new LinkedHashMap<>();
        Scope products = Scope.root();
        Value x = products.input("x", Shape.of(2, 10, 9, 12));
        Value wide = products.conv2d("conv", x, 136, 3);
        Value narrow = products.conv2d("strided", wide, 24, 3, 2, Padding.all(1), true);
        Value gated = products.geglu("gate", products.linear("linear", products.tokens("tokens", narrow), 80));
        all.put("products", products.build(Map.of("wide", wide, "gated", gated)));
        Scope doubled = Scope.root();
        Value d = doubled.input("x", Shape.of(2, 9, 8, 16));
        Value many = doubled.conv2d("conv", doubled.upsample("up", d, 18, 16), 40, 3);
        all.put("doubled",
                doubled.build(Map.of("many", doubled.add("sum", many, doubled.conv2d("residual", many, 40, 3)))));
        Scope attention = Scope.root();
        Value q = attention.input("q", Shape.of(1, 130, 80));
        Value k = attention.input("k", Shape.of(1, 70, 80));
        all.put("attention", attention.build(Map.of("attended", attention.attention("attention", q, k, k, 1))));
        Scope norms = Scope.root();
        Value n = norms.input("x", Shape.of(2, 40, 30, 16));
        Value group = norms.activation("silu", norms.groupNorm("group", n, 4, 1e-5), Activation.SILU);
        Value layer = norms.layerNorm("layer", norms.tokens("tokens", n), 1e-5);
        all.put("norms", norms.build(Map.of("group norm", group, "layer norm", layer)));
        Scope two = Scope.root();
        Value left = two.input("x", Shape.of(2, 6, 8, 24));
        Value both = two.concat("concat", left, two.activation("gelu", left, Activation.GELU));
        all.put("two", two.build(Map.of("sum", two.add("sum", two.conv2d("conv", both, 16, 1),
                two.conv2d("conv3", two.groupNorm("group", both, 4, 1e-5), 16, 3)))));
        Scope rest = Scope.root();
        Value p = rest.input("x", Shape.of(2, 6, 8, 12));
        Value joined = rest.concat("concat", p, rest.activation("gelu", p, Activation.GELU));
        Value pooled = rest.maxPool("max", joined, 3, 2, 1);
        all.put("the rest", rest.build(Map.of("moved", rest.upsample("up", joined, 9, 11), "pooled", pooled, "mean",
                rest.l2Normalize("l2", rest.meanPool("mean", pooled), 1e-12))));
        return all;
    }

    /** Both tile sizes, with and without Winograd in several runs, as far as the policy in use may need them. */
    private static List<TilePolicy> policies(TilePolicy used) {
        List<TilePolicy> all = new ArrayList<>();
        for (Winograd winograd : used.winograd() == Winograd.OFF
                ? List.of(Winograd.OFF)
                : List.of(Winograd.OFF, Winograd.ON)) {
            if (used.uses(Kernel.GEMM_128)) {
                all.add(new TilePolicy(0, winograd, 0));
            }
            if (used.uses(Kernel.GEMM_64)) {
                all.add(new TilePolicy(TilePolicy.NARROW, winograd, 0));
            }
        }
        return all;
    }

    private static void check(TornadoBackend backend, String name, Graph graph, DType dtype, List<TilePolicy> policies,
            Path folder)
            throws IOException {
        Random random = new Random(1);
        SafetensorsWriter writer = new SafetensorsWriter();
        graph.weights().forEach((weight, shape) -> writer.add(weight, dtype, random(shape, random)
                .map(v -> shape.rank() > 1 ? v * Math.sqrt((double) shape.dim(0) / shape.elements()) : v)));
        try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
            writer.writeTo(out);
        }
        Map<String, Tensor> inputs = new HashMap<>();
        for (Node n : graph.inputs()) {
            Shape s = n.shape();
            inputs.put(n.name(), random(
                    s.rank() == 4 ? Shape.of(s.dim(0), s.dim(3), s.dim(1), s.dim(2)) : s, random));
        }
        try (WeightStore store = WeightStore.open(folder); Backend reference = Backends.open("reference", 1)) {
            Map<String, Tensor> exact = reference.compile(graph, store, Probe.NONE).run(inputs);
            for (TilePolicy policy : policies) {
                new TornadoProgram(Fusion.apply(graph, v -> false), store, Probe.NONE, backend, policy).run(inputs)
                        .forEach((output, ours) -> compare(name + ", " + output, ours, exact.get(output)));
            }
        }
    }

    private static void latents(TornadoBackend backend) {
        Shape each = Shape.of(1, 4, 9, 7);
        Random random = new Random(1);
        Tensor x = random(each, random);
        Tensor y = random(each, random);
        Tensor mask = random(Shape.of(1, 1, 9, 7), random).map(v -> v > 0 ? 1 : 0);
        double[] factors = {0.7, -1.3};
        try (LatentPool pool = backend.latents(each, 6);
                Latents a = pool.put(x);
                Latents b = pool.put(y);
                Latents sum = a.sum(factors, b);
                Latents clamped = sum.clamp(1)) {
            compare("latents", clamped.where(mask, b).toTensor(), x.sum(factors, y).clamp(1).where(mask, y));
        }
    }

    private static Tensor random(Shape shape, Random random) {
        return Tensor.zeros(shape).map(v -> (float) random.nextGaussian());
    }

    private static void compare(String what, Tensor ours, Tensor exact) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < exact.data().length; i++) {
            double d = ours.data()[i] - exact.data()[i];
            difference += d * d;
            size += exact.data()[i] * exact.data()[i];
        }
        double error = Math.sqrt(difference / size);
        if (!(error <= BOUND)) {
            throw new BackendException(String.format(java.util.Locale.ROOT,
                    "the GPU computes wrong results (%s: relative error %.1e); try another driver, or use the cpu backend",
                    what,
                    error));
        }
    }
}
