package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import radedit.graph.Activation;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.DType;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Cases of the self-test for the kernels that round, with every format. */
final class RoundingCases {
    /** Mantissas of float32: around ties of 10 and 7 bits after even and odd bits, and where a carry changes the exponent. */
    private static final int[] MANTISSAS = {0, 1, 0x0FFF, 0x1000, 0x1001, 0x2FFF, 0x3000, 0x3001, 0x7FFF, 0x8000,
            0x8001, 0x17FFF, 0x18000, 0x18001, 0x345678, 0x5A5A5A, 0x7EFFFF, 0x7FEFFF, 0x7FF000, 0x7FFFFF};

    private RoundingCases() {
    }

    static List<SelfTestCase> all() {
        List<SelfTestCase> all = new ArrayList<>();
        for (Precision p : Precision.values()) {
            if (p != Precision.NONE) {
                all.add(new SelfTestCase("rounding to " + p.label(), values(p), DType.F32, Map.of("x", numbers()), 0));
                Graph attention = attention(p);
                // Weights that are not rounded give an error of a third of the unit roundoff.
                all.add(new SelfTestCase("attention with weights in " + p.label(), attention, DType.F32,
                        SelfTestCase.randomInputs(attention), p.unitRoundoff() / 5));
            }
        }
        return all;
    }

    private static Graph values(Precision p) {
        Scope s = Scope.root();
        Value x = s.input("x", numbers().shape());
        return with(s.build(Map.of("rounded", s.activation("round", x, Activation.RELU))), new Op.Round(p));
    }

    private static Graph attention(Precision p) {
        Scope s = Scope.root();
        Value q = s.input("q", Shape.of(1, 9, 160));
        Value k = s.input("k", Shape.of(1, 70, 160));
        Value v = s.input("v", Shape.of(1, 70, 160));
        Graph exact = s.build(Map.of("attended", s.attention("attention", q, k, v, 2)));
        Op.Attention a = (Op.Attention) exact.nodes().getLast().op();
        return with(exact, new Op.Attention(a.heads(), a.scale(), false, p));
    }

    /** A graph whose last node has another operation. */
    private static Graph with(Graph graph, Op op) {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        Node n = nodes.removeLast();
        nodes.add(new Node(n.name(), op, n.inputs(), n.weights(), n.output(), n.covers()));
        return new Graph(nodes, graph.outputs());
    }

    /** Normal numbers of every exponent; a device need not have subnormal ones. */
    private static Tensor numbers() {
        double[] all = new double[2 * 254 * MANTISSAS.length];
        int n = 0;
        for (int exponent = 1; exponent < 255; exponent++) {
            for (int mantissa : MANTISSAS) {
                float x = Float.intBitsToFloat(exponent << 23 | mantissa);
                all[n++] = x;
                all[n++] = -x;
            }
        }
        return Tensor.of(Shape.of(1, all.length / 8, 8), all);
    }
}
