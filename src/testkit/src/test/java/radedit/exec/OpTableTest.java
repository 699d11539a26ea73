package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import radedit.audit.TensorErrors;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.tensor.Tensor;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/**
 * Every case of the table on the cpu backend, held against the reference backend. Run once more with 256-bit and with
 * 128-bit vectors (see the build).
 */
class OpTableTest {
    private static double mostOfBound;

    @TempDir
    static Path temp;

    static List<OpCase> cases() {
        return OpCase.all();
    }

    /**
     * The transforms of F(2x4, 3x3) let the error of a sum of equally many terms grow by a factor of up to about 3.
     */
    private static double bound(OpCase c) {
        boolean winograd = c.graph().nodes().stream().map(Node::op)
                .anyMatch(o -> o instanceof Op.Conv2d v && v.kernel() == 3);
        return c.bound() * (winograd ? 3 : 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void cpuAgreesWithReference(OpCase c) throws IOException {
        try (WeightStore weights = c.weights(temp)) {
            Tensor exact = run("reference", 1, c, weights);
            Tensor ours = run("cpu", 2, c, weights);
            double error = TensorErrors.relative(ours, exact);
            mostOfBound = Math.max(mostOfBound, error / bound(c));
            assertTrue(error <= bound(c), () -> c + ": error " + error + ", allowed " + bound(c));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void threadsChangeNoBit(OpCase c) throws IOException {
        try (WeightStore weights = c.weights(temp)) {
            double[] one = run("cpu", 1, c, weights).data();
            assertArrayEquals(one, run("cpu", 2, c, weights).data());
            assertArrayEquals(one, run("cpu", 3, c, weights).data());
        }
    }

    @AfterAll
    static void report() throws Exception {
        try (Backend b = Backends.open("cpu", 1)) {
            System.out.printf("op table (%s): largest error is %.0f %% of its bound%n", b.describe(),
                    100 * mostOfBound);
        }
    }

    private static Tensor run(String backend, int threads, OpCase c, WeightStore weights) {
        try (Backend b = Backends.open(backend, threads)) {
            return b.compile(c.graph(), weights, Probe.NONE).run(c.inputs()).get("y");
        }
    }
}
