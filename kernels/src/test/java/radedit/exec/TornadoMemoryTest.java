package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.graph.Activation;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/** A request that does not fit on the device is refused before the work; others come and go without reallocation. */
class TornadoMemoryTest {
    @TempDir
    Path temp;

    private static Graph linear(int rows, int channels) {
        Scope s = Scope.root();
        Value y = s.linear("f", s.input("x", Shape.of(1, rows, channels)), channels);
        return s.build(Map.of("y", y));
    }

    @Test
    void tooMuchIsRefusedBeforeTheWork() {
        try (Backend tornado = Backends.open("tornado", 1)) {
            for (Graph huge : List.of(linear(1 << 17, 20000), linear(1, 60000))) {
                BackendException e = assertThrows(BackendException.class,
                        () -> tornado.reserve(List.of(new PlannedGraph(huge, null)), LiveData.NONE));
                assertTrue(e.getMessage().contains(" in one piece"), e.getMessage());
            }
        }
    }

    /** A larger network reallocates the arrays on the device; earlier networks give the same results after it. */
    @Test
    void programsOutliveTheGrowthOfTheDevicesArrays() throws IOException {
        OpCase small = new OpCase("small", linear(3, 40), 40);
        OpCase large = new OpCase("large", linear(5, 2200), 2200);
        try (Backend tornado = Backends.open("tornado", 1);
                WeightStore a = small.weights(temp);
                WeightStore b = large.weights(temp)) {
            Program p = tornado.compile(small.graph(), a, Probe.NONE);
            double[] before = p.run(small.inputs()).get("y").data();
            Tensor other = tornado.compile(large.graph(), b, Probe.NONE).run(large.inputs()).get("y");
            assertTrue(other.data()[0] != 0);
            assertArrayEquals(before, p.run(small.inputs()).get("y").data());
        }
    }

    /** Inputs declared unchanged are not uploaded again unless another program ran in between; all others are. */
    @Test
    void inputsGivenAgainCountAsGiven() throws IOException {
        Scope s = Scope.root();
        Value x = s.input("x", Shape.of(1, 5, 40));
        Value y = s.add("y", s.linear("f", x, 40), s.input("o", Shape.of(1, 5, 40)));
        OpCase c = new OpCase("again", s.build(Map.of("y", y)), 40);
        OpCase between = new OpCase("between", linear(50, 40), 40);
        try (Backend tornado = Backends.open("tornado", 1);
                WeightStore a = c.weights(temp);
                WeightStore b = between.weights(temp)) {
            Program p = tornado.compile(c.graph(), a, Probe.NONE);
            Map<String, Tensor> inputs = c.inputs();
            Program.Run again = Program.Run.DEFAULT.withUnchanged("x", "o");
            double[] first = p.run(inputs, again).get("y").data(); // at the first run no input is on the device
            assertArrayEquals(first, p.run(inputs, again).get("y").data());
            Tensor more = inputs.get("o").map(v -> v + 1);
            Map<String, Tensor> other = Map.of("x", inputs.get("x"), "o", more);
            double[] second = p.run(other, Program.Run.DEFAULT.withUnchanged("x")).get("y").data();
            for (int i = 0; i < second.length; i++) {
                assertEquals(first[i] + 1, second[i], 1e-6);
            }
            Tensor reused = inputs.get("x");
            Arrays.fill(reused.data(), 0); // the same array, but not declared unchanged
            double[] bias = p.run(other).get("y").data();
            assertTrue(Math.abs(bias[0] - second[0]) > 1e-3, "what may have changed is sent again");
            tornado.compile(between.graph(), b, Probe.NONE).run(between.inputs());
            assertArrayEquals(bias, p.run(other, again).get("y").data());
        }
    }

    /** A weight larger than one upload. */
    @Test
    void largeInputsComeInParts() throws IOException {
        Scope s = Scope.root();
        int length = 9_000_000;
        OpCase c = new OpCase("parts", s.build(Map.of("y", s.activation("a", s.input("x", Shape.of(1, 3000, 3000)),
                Activation.RELU))), 1);
        try (Backend tornado = Backends.open("tornado", 1); WeightStore w = c.weights(temp)) {
            Tensor x = Tensor.zeros(Shape.of(1, 3000, 3000));
            for (int i = 0; i < length; i++) {
                x.data()[i] = i - 100;
            }
            double[] y = tornado.compile(c.graph(), w, Probe.NONE).run(Map.of("x", x)).get("y").data();
            for (int i = 0; i < length; i++) {
                if (y[i] != Math.max(0, i - 100)) {
                    assertEquals(Math.max(0, i - 100), y[i], "value " + i);
                }
            }
        }
    }

    @Test
    void manyRunsDoNotGrow() throws IOException {
        OpCase c = new OpCase("many", linear(3, 40), 40);
        try (Backend tornado = Backends.open("tornado", 1); WeightStore w = c.weights(temp)) {
            Program p = tornado.compile(c.graph(), w, Probe.NONE);
            double[] first = p.run(c.inputs()).get("y").data();
            long before = used();
            for (int i = 0; i < 400; i++) {
                assertArrayEquals(first, p.run(c.inputs()).get("y").data());
            }
            long grown = used() - before;
            System.out.printf("400 runs on the GPU: the heap grew by %d KB%n", grown >> 10);
            assertTrue(grown < 2 << 20, () -> grown + " bytes");
        }
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
