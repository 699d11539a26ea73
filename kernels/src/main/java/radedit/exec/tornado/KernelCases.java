package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import radedit.exec.LatentPool;
import radedit.graph.Activation;
import radedit.graph.Graph;
import radedit.graph.Padding;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.DType;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Cases of the self-test that use every kernel that does not round. */
final class KernelCases {
    /** Largest relative error allowed. Sums are short, so a correct kernel stays far below it, even with fast maths. */
    private static final double BOUND = 1e-4;

    private KernelCases() {
    }

    /** All graphs with float32 weights, then GEMMs with 16-bit weights. */
    static List<SelfTestCase> all() {
        Map<String, Graph> graphs = graphs();
        List<SelfTestCase> all = new ArrayList<>();
        graphs.forEach((name, graph) -> all.add(of(name, graph, DType.F32)));
        for (DType dtype : List.of(DType.F16, DType.BF16)) {
            all.add(of(dtype + " products", graphs.get("products"), dtype));
        }
        return all;
    }

    private static SelfTestCase of(String name, Graph graph, DType dtype) {
        return new SelfTestCase(name, graph, dtype, SelfTestCase.randomInputs(graph), BOUND);
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

    /** Compares arithmetic on latents. */
    static void latents(TornadoBackend backend) {
        Shape each = Shape.of(1, 4, 9, 7);
        Random random = new Random(1);
        Tensor x = SelfTestCase.random(each, random);
        Tensor y = SelfTestCase.random(each, random);
        Tensor mask = SelfTestCase.random(Shape.of(1, 1, 9, 7), random).map(v -> v > 0 ? 1 : 0);
        double[] factors = {0.7, -1.3};
        try (LatentPool pool = backend.latents(each, 6);
                Latents a = pool.put(x);
                Latents b = pool.put(y);
                Latents sum = a.sum(factors, b);
                Latents clamped = sum.clamp(1)) {
            SelfTestCase.compare("latents", clamped.where(mask, b).toTensor(),
                    x.sum(factors, y).clamp(1).where(mask, y),
                    BOUND);
        }
    }
}
