package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/** What a device cannot hold is refused before the work; what it can, comes and goes without growth. */
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
                BackendException e = assertThrows(BackendException.class, () -> tornado.reserve(List.of(new Planned(huge, null))));
                assertTrue(e.getMessage().contains(" in one piece"), e.getMessage());
            }
        }
    }

    /** A network larger than all before makes the arrays on the device anew; those before still give the same after it. */
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
