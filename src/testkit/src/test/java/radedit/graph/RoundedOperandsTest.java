package radedit.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.testkit.OpCase;

class RoundedOperandsTest {
    static List<OpCase> cases() {
        return OpCase.all();
    }

    private static int operands(Op op) {
        return switch (op) {
            case Op.Conv2d c -> 1;
            case Op.Linear l -> 1;
            case Op.Attention a -> 3;
            default -> 0;
        };
    }

    /** GEMMs read nothing but rounded operands, of the values that they read before; everything else is as it was. */
    @ParameterizedTest
    @MethodSource("cases")
    void operandsOfGemmsAndNothingElse(OpCase c) {
        Graph rounded = RoundedOperands.apply(c.graph(), Precision.BF16);
        Map<Integer, Node> producers = rounded.producers();
        Map<String, Node> before = new HashMap<>();
        c.graph().nodes().forEach(n -> before.put(n.name(), n));
        int roundings = 0;
        for (Node n : rounded.nodes()) {
            Node original = before.get(n.name());
            if (original == null) {
                assertEquals(new Op.Round(Precision.BF16), n.op());
                assertEquals(producers.get(n.inputs().getFirst().id()).resultName() + ".rounded", n.name());
                roundings++;
                continue;
            }
            assertSame(original.output(), n.output());
            for (int i = 0; i < n.inputs().size(); i++) {
                Node operand = producers.get(n.inputs().get(i).id());
                boolean isRounded = operand.op() instanceof Op.Round;
                assertEquals(i < operands(n.op()), isRounded, n.name() + " " + i);
                assertEquals(original.inputs().get(i), isRounded ? operand.inputs().getFirst() : n.inputs().get(i));
            }
            for (int i = 0; i < n.weights().size(); i++) {
                boolean isMatrix = i == 0 && operands(n.op()) > 0;
                assertEquals(isMatrix ? Precision.BF16 : Precision.NONE, n.weights().get(i).precision());
                assertEquals(original.weights().get(i).name(), n.weights().get(i).name());
            }
            assertEquals(n.op() instanceof Op.Attention,
                    n.op() instanceof Op.Attention a && a.weights() == Precision.BF16, n.name());
        }
        assertEquals(before.size() + roundings, rounded.nodes().size());
        assertEquals(roundings,
                rounded.nodes().stream().filter(n -> n.op() instanceof Op.Round).map(n -> n.inputs().getFirst())
                        .distinct().count(),
                "each value is rounded once");
        assertEquals(c.graph().outputs(), rounded.outputs());
        assertEquals(c.graph().weights(), rounded.weights());
        assertEquals(c.graph().flops(), rounded.flops());
    }

    @Test
    void aValueWithManyReadersIsRoundedOnceInFrontOfTheFirst() {
        Scope s = Scope.root();
        Value x = s.layerNorm("norm", s.input("x", Shape.of(1, 8, 16)), 1e-5);
        Value q = s.linear("q", x, 16);
        Value y = s.add("sum", s.attention("attention", q, s.linear("k", x, 16), s.linear("v", x, 16), 2), x);
        Graph g = RoundedOperands.apply(s.build(Map.of("y", y)), Precision.TF32);
        assertEquals(List.of("x", "norm", "norm.rounded", "q", "k", "v", "q.rounded", "k.rounded", "v.rounded",
                "attention", "sum"), g.nodes().stream().map(Node::name).toList());
        assertTrue(Fusion.apply(g, n -> false).nodes().stream().anyMatch(n -> n.op() instanceof Op.Round));
    }

    @Test
    void noPrecisionIsTheGraphItself() {
        Graph g = cases().getFirst().graph();
        assertSame(g, RoundedOperands.apply(g, Precision.NONE));
    }
}
