package radedit.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

class GraphTest {
    private final Scope root = Scope.root();

    private static List<String> names(Graph g) {
        return g.nodes().stream().map(Node::name).toList();
    }

    private static Node last(Graph g) {
        return g.nodes().getLast();
    }

    @Test
    void modulesAreNamedByTheirPathsAndRepeatedCallsAreNumbered() {
        Scope inner = root.at("down").at("blocks", 3);
        Value x = root.input("x", Shape.of(1, 2, 2, 4));
        Value y = inner.conv2d("conv", x, 4, 3);
        for (int i = 0; i < 3; i++) {
            y = inner.activation("act", y, Activation.SILU);
        }
        Value z = inner.identity("", y);
        Graph g = root.build(Map.of("z", z));
        assertEquals(List.of("x", "down.blocks.3.conv", "down.blocks.3.act@1", "down.blocks.3.act@2",
                "down.blocks.3.act", "down.blocks.3"), names(g));
        assertEquals(Map.of("down.blocks.3.conv.weight", Shape.of(4, 4, 3, 3), "down.blocks.3.conv.bias", Shape.of(4)),
                g.weights());
        assertEquals(List.of("x"), g.inputs().stream().map(Node::name).toList());
        assertEquals(Set.of("z"), g.outputs().keySet());
        assertEquals(last(g), g.producers().get(z.id()));
        assertEquals(g.nodes().size(), g.producers().size());
    }

    @Test
    void operationsAreCountedAsPyTorchCountsThem() {
        Value x = root.input("x", Shape.of(2, 4, 6, 8));
        Value c = root.conv2d("c", x, 5, 3);
        assertEquals(Shape.of(2, 4, 6, 5), c.shape());
        Value l = root.linear("l", root.tokens("t", c), 7);
        Value q = root.linear("q", l, 10);
        Value k = root.input("k", Shape.of(2, 9, 10));
        Value a = root.attention("a", q, k, k, 2);
        Graph g = root.build(Map.of("a", a));
        Map<Integer, Node> by = g.producers();
        assertEquals(2.0 * (2 * 4 * 6) * 5 * 8 * 9, by.get(c.id()).flops());
        assertEquals(2.0 * (2 * 24) * 7 * 5, by.get(l.id()).flops());
        assertEquals(2.0 * (2 * 24) * 9 * 10 * 2, by.get(a.id()).flops(), "scores and their sums");
        assertEquals(0, by.get(x.id()).flops());
        assertEquals(by.get(c.id()).flops() + by.get(l.id()).flops() + by.get(q.id()).flops() + by.get(a.id()).flops(),
                g.flops());
        assertEquals(1 / Math.sqrt(5), ((Op.Attention) by.get(a.id()).op()).scale());
        Value mask = root.input("m", Shape.of(2, 9));
        Graph masked = root.build(Map.of("b", root.attention("b", q, k, k, mask, 5)));
        assertEquals(new Op.Attention(5, 1 / Math.sqrt(2), true), last(masked).op());
        assertEquals(4, last(masked).inputs().size());
    }

    @Test
    void viewsAndLayouts() {
        Value x = root.input("x", Shape.of(1, 2, 3, 4));
        Value t = root.tokens("t", x);
        root.groupNorm("g", t, 2, 1e-5);
        root.layerNorm("l", t, 1e-5);
        root.identity("i", t);
        Graph g = root.build(Map.of());
        assertEquals(List.of(false, true, false, false, true), g.nodes().stream().map(Node::isView).toList());
        assertEquals(List.of(true, false, true, false, false), g.nodes().stream().map(Node::channelsFirst).toList());
    }

    @Test
    void pruningLeavesInputsOutputsAndWhatIsWanted() {
        Value x = root.input("x", Shape.of(1, 4));
        root.input("unused", Shape.of(1, 4));
        Value a = root.activation("a", x, Activation.RELU);
        Value b = root.activation("b", a, Activation.RELU);
        root.activation("side", a, Activation.GELU);
        root.activation("after", b, Activation.GELU);
        Graph g = root.build(Map.of("b", b));
        assertEquals(List.of("x", "unused", "a", "b"), names(g.prune(n -> false)));
        assertEquals(List.of("x", "unused", "a", "b", "side"), names(g.prune(n -> n.equals("side"))));
        assertEquals(g.outputs(), g.prune(n -> false).outputs());
    }

    @Test
    void aPartBeginsWithTheValuesItIsGiven() {
        Value x = root.input("x", Shape.of(1, 4));
        Value a = root.activation("a", x, Activation.RELU);
        Value b = root.activation("b", a, Activation.SILU);
        Value c = root.add("c", b, a);
        Value d = root.activation("d", c, Activation.GELU);
        root.activation("e", d, Activation.GELU);
        Graph g = root.build(Map.of("d", d));
        Graph part = g.between(List.of(a, a), Map.of("out", d));
        assertEquals(List.of("value " + a.id(), "b", "c", "d"), names(part));
        assertEquals(Graph.inputName(a), part.inputs().getFirst().name());
        assertEquals(a.shape(), part.inputs().getFirst().shape());
        assertEquals(Map.of("out", d), part.outputs());
    }

    @Test
    void shapesFollowTheFormulas() {
        Shape in = Shape.of(2, 9, 7, 6);
        Value x = root.input("x", in);
        assertEquals(Shape.of(2, 5, 4, 6), root.maxPool("m", x, 3, 2, 1).shape());
        assertEquals(Shape.of(2, 7, 5, 6), root.maxPool("m", x, 3, 1, 0).shape());
        assertEquals(Shape.of(2, 5, 4, 3), root.conv2d("c", x, 3, 3, 2, Padding.all(1), true).shape());
        assertEquals(Shape.of(2, 4, 3, 3), root.conv2d("c", x, 3, 3, 2, new Padding(0, 0, 0, 0), true).shape());
        assertEquals(Shape.of(2, 9, 7, 3), root.conv2d("c", x, 3, 5).shape());
        assertEquals(Shape.of(2, 6), root.meanPool("p", x).shape());
        assertEquals(Shape.of(2, 9, 7, 3), root.geglu("g", x).shape());
        assertEquals(Shape.of(2, 9, 7, 3), root.slice("s", x, 2, 5).shape());
        assertEquals(Shape.of(2, 9, 7, 12), root.concat("j", x, x).shape());
        assertEquals(Shape.of(2, 3, 4, 6), root.upsample("u", x, 3, 4).shape());
        assertEquals(Shape.of(1, 12, 8), root.gridPositions("q", 3, 4, 8).shape());
        assertEquals(Shape.of(1, 3, 8), root.tableRows("r", 3, 3, 8).shape());
        assertEquals(Shape.of(2, 5, 8),
                root.embedding("e", root.input("ids", Shape.of(2, 5)), 11, 8).shape());
        assertEquals(Shape.of(2, 6), root.token("k", root.tokens("t", x), 3).shape());
        assertEquals(in, root.add("a", x, root.input("v", Shape.of(2, 6))).shape());
        assertEquals(in, root.add("a", x, root.input("o", Shape.of(1, 9, 7, 6))).shape());
        assertEquals(Shape.of(3, 32),
                root.timestepEmbedding("te", root.input("ts", Shape.of(3)), 32, true, 0).shape());
        Op fused = new Op.Linear(8, true, Epilogue.NONE.withGeglu());
        assertEquals(Shape.of(2, 9, 7, 4), fused.infer(List.of(in)));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Value x = root.input("x", Shape.of(2, 3, 6));
        Value narrow = root.input("narrow", Shape.of(2, 3, 5));
        Value other = root.input("other", Shape.of(1, 3, 6));
        Value vector = root.input("vector", Shape.of(2, 6));
        List<Runnable> wrong = List.of(() -> root.add("f", x, narrow), () -> root.add("f", other, x),
                () -> root.add("f", x, root.input("v", Shape.of(2, 5))),
                () -> root.add("f", x, root.input("v", Shape.of(1, 6))),
                () -> root.add("f", vector, root.input("v", Shape.of(2, 5))),
                () -> root.attention("f", x, x, x, 4), () -> root.attention("f", x, x, narrow, 2),
                () -> root.attention("f", x, other, other, 2),
                () -> root.concat("f", x, other), () -> root.groupNorm("f", x, 4, 1e-5),
                () -> root.reshape("f", x, Shape.of(2, 3, 5)), () -> root.tableRows("f", 4, 3, 8));
        for (int i = 0; i < wrong.size(); i++) {
            assertThrows(IllegalArgumentException.class, wrong.get(i)::run, "case " + i);
        }
    }

    @Test
    void probesWatchOrReplaceOneResult() {
        List<Tensor> seen = new ArrayList<>();
        Tensor one = Tensor.of(Shape.of(1), 1);
        Probe watching = Probe.watching("a", seen::add);
        assertTrue(watching.wants("a") && !watching.wants("b"));
        assertTrue(watching.touches("a") && !watching.touches("b") && !watching.replaces("a"));
        watching.accept("a", one);
        assertEquals(List.of(one), seen);
        assertEquals(one, watching.replace("a", one));
        Probe replacing = Probe.replacing("a", t -> t.map(v -> 2 * v));
        assertTrue(replacing.replaces("a") && !replacing.replaces("b"));
        assertTrue(replacing.touches("a") && !replacing.touches("b") && !replacing.wants("a"));
        assertEquals(2, replacing.replace("a", one).data()[0]);
        assertFalse(Probe.NONE.touches("a"));
        for (Probe p : List.of(Probe.NONE, replacing)) {
            assertThrows(IllegalStateException.class, () -> p.accept("a", one));
        }
    }

    /** The largest value first, and each at the lowest place that is free. */
    @Test
    void thePlanReusesWhatIsNoLongerRead() {
        Value x = root.input("x", Shape.of(1, 16));
        Value y = x;
        for (int i = 0; i < 6; i++) {
            y = root.activation("a", y, Activation.RELU);
        }
        MemoryPlan chain = MemoryPlan.of(root.build(Map.of("y", y)));
        assertEquals(32, chain.size(), "a chain needs two places");
        Scope s = Scope.root();
        Value small = s.linear("s", s.input("x", Shape.of(1, 16)), 16);
        Value large = s.linear("l", small, 160);
        Value end = s.linear("e", large, 16);
        MemoryPlan plan = MemoryPlan.of(s.build(Map.of("end", end)));
        assertEquals(0, plan.offsets().get(large.id()));
        assertEquals(176, plan.size());
    }
}
