package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import radedit.audit.TensorErrors;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.graph.RoundedOperands;
import radedit.tensor.Precision;
import radedit.tensor.Tensor;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/** Every case of the table of operations, compared with the reference backend on the device that TornadoVM finds. */
class TornadoOpTableTest {
    @TempDir
    static Path temp;
    private static Backend tornado;
    /** A backend that uses large tiles for every GEMM. */
    private static Backend largeTiles;
    /** A backend that uses Winograd wherever it can. */
    private static Backend winograd;
    private static double mostOfBound;
    private static double mostOfRounding;
    private static String worst = "";

    static List<OpCase> cases() {
        return OpCase.all();
    }

    static List<OpCase> casesWithProducts() {
        return cases().stream().filter(c -> c.graph().nodes().stream().map(Node::op)
                .anyMatch(TornadoOpTableTest::isProduct)).toList();
    }

    private static boolean isProduct(Op o) {
        return o instanceof Op.Conv2d || o instanceof Op.Linear || o instanceof Op.Attention;
    }

    @BeforeAll
    static void open() {
        tornado = Backends.open("tornado", 1);
        System.setProperty("radedit.tornado.tile", "128");
        largeTiles = Backends.open("tornado", 1);
        System.clearProperty("radedit.tornado.tile");
        System.setProperty("radedit.tornado.winograd", "on");
        winograd = Backends.open("tornado", 1);
        System.clearProperty("radedit.tornado.winograd");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithReference(OpCase c) throws IOException {
        try (WeightStore weights = c.weights(temp); Backend reference = Backends.open("reference", 1)) {
            Tensor exact = reference.compile(c.graph(), weights, Probe.NONE).run(c.inputs()).get("y");
            judge(c, exact, tornado.compile(c.graph(), weights, Probe.NONE).run(c.inputs()).get("y"));
            if (c.name().startsWith("linear") || c.name().contains("conv")) {
                judge(c, exact, largeTiles.compile(c.graph(), weights, Probe.NONE).run(c.inputs()).get("y"));
            }
            if (c.name().contains("conv")) {
                judge(c, exact, winograd.compile(c.graph(), weights, Probe.NONE).run(c.inputs()).get("y"));
            }
        }
    }

    /**
     * With rounded operands. A single GEMM of inputs errs as without roundings. Behind another, or in attention, a rounding goes
     * to the other neighbour where an error of float32 crosses a tie: one of 2^-20 does so in one of 2^10 roundings to units of
     * 2^-10. That is a whole unit, and a rounding errs by 1 / sqrt(12) unit in the mean. So two results differ by sqrt(12 /
     * 2^10) = 0.11 of what roundings change.
     */
    @ParameterizedTest
    @MethodSource("casesWithProducts")
    void roundedOperandsAgreeWithReference(OpCase c) throws IOException {
        List<Op> products = c.graph().nodes().stream().map(Node::op).filter(TornadoOpTableTest::isProduct).toList();
        boolean single = products.size() == 1 && !(products.getFirst() instanceof Op.Attention);
        try (WeightStore weights = c.weights(temp); Backend reference = Backends.open("reference", 1)) {
            Tensor exact = reference.compile(c.graph(), weights, Probe.NONE).run(c.inputs()).get("y");
            for (Precision p : List.of(Precision.TF32, Precision.FP16, Precision.BF16)) {
                Graph rounded = RoundedOperands.apply(c.graph(), p);
                Tensor defined = reference.compile(rounded, weights, Probe.NONE).run(c.inputs()).get("y");
                double effect = TensorErrors.relative(defined, exact);
                for (Backend b : List.of(tornado, largeTiles, winograd)) {
                    Tensor ours = b.compile(rounded, weights, Probe.NONE).run(c.inputs()).get("y");
                    if (single) {
                        judge(c, defined, ours);
                    } else {
                        double error = TensorErrors.relative(ours, defined);
                        mostOfRounding = Math.max(mostOfRounding, error / effect);
                        assertTrue(error < 0.11 * effect, () -> c + ": error " + error + ", rounding " + effect);
                    }
                }
            }
        }
    }

    private static void judge(OpCase c, Tensor exact, Tensor ours) {
        double error = TensorErrors.relative(ours, exact);
        if (!(error / c.bound() <= mostOfBound)) {
            mostOfBound = error / c.bound();
            worst = c.name();
        }
        assertTrue(error <= c.bound(), () -> c + ": error " + error + ", allowed " + c.bound());
    }

    @AfterAll
    static void report() {
        System.out.printf(
                "op table (%s): largest error is %.0f %% of its bound, in %s; of the effect of roundings %.0f %%%n",
                tornado.describe(), 100 * mostOfBound, worst, 100 * mostOfRounding);
        tornado.close();
        largeTiles.close();
        winograd.close();
    }
}
