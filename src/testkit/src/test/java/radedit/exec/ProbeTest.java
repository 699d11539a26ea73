package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

class ProbeTest {
    @TempDir
    private Path temp;

    /** y = f(x) + view(f(x)), where fusion would fold f and the sum, and the view is the memory of f. */
    private static OpCase viewed() {
        Scope s = Scope.root();
        Value f = s.linear("f", s.input("x", Shape.of(2, 3, 20)), 20);
        return new OpCase("viewed", s.build(Map.of("y", s.add("y", f, s.identity("view", f)), "f", f)), 20);
    }

    private Map<String, Tensor> run(String backend, OpCase c, Probe probe) throws IOException {
        try (Backend b = Backends.open(backend, 2); WeightStore w = c.weights(temp)) {
            return b.compile(c.graph(), w, probe).run(c.inputs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void aReplacedValueGoesOnInItsPlace(String backend) throws IOException {
        OpCase c = viewed();
        Map<String, Tensor> whole = run(backend, c, Probe.NONE);
        double[] doubled = whole.get("f").map(v -> 2 * v).data();
        assertArrayEquals(doubled, whole.get("y").data());
        Map<String, Tensor> zero = run(backend, c, Probe.replacing("f", t -> t.map(v -> 0)));
        assertTrue(Arrays.stream(zero.get("y").data()).allMatch(v -> v == 0));
        assertArrayEquals(whole.get("y").data(), run(backend, c, Probe.replacing("f", t -> t)).get("y").data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void whatAReplacedViewIsAViewOfStays(String backend) throws IOException {
        OpCase c = viewed();
        Map<String, Tensor> whole = run(backend, c, Probe.NONE);
        Map<String, Tensor> zero = run(backend, c, Probe.replacing("view", t -> t.map(v -> 0)));
        assertArrayEquals(whole.get("f").data(), zero.get("f").data());
        assertArrayEquals(whole.get("f").data(), zero.get("y").data());
    }

    /** Pictures are seen and given as PyTorch lays them out, inputs can be replaced too, and a watcher sees the new value. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void picturesAreReplacedChannelsFirst(String backend) throws IOException {
        Scope s = Scope.root();
        Value x = s.input("x", Shape.of(1, 2, 3, 4));
        OpCase c = new OpCase("picture", s.build(Map.of("y", s.add("y", x, x))), 1);
        List<Tensor> seen = new ArrayList<>();
        UnaryOperator<Tensor> counted = t -> {
            assertEquals(Shape.of(1, 4, 2, 3), t.shape());
            Tensor n = Tensor.zeros(t.shape());
            Arrays.setAll(n.data(), i -> i);
            return n;
        };
        Probe both = new Probe() {
            @Override
            public boolean wants(String name) {
                return name.equals("x");
            }

            @Override
            public void accept(String name, Tensor value) {
                seen.add(value);
            }

            @Override
            public boolean replaces(String name) {
                return name.equals("x");
            }

            @Override
            public Tensor replace(String name, Tensor value) {
                return counted.apply(value);
            }
        };
        double[] y = run(backend, c, both).get("y").data();
        for (int i = 0; i < y.length; i++) {
            assertEquals(2 * i, y[i]);
            assertEquals(i, seen.getFirst().data()[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void anotherShapeIsRefused(String backend) {
        String why = assertThrows(IllegalArgumentException.class, () -> run(backend, viewed(),
                Probe.replacing("f", t -> Tensor.zeros(Shape.of(1))))).getMessage();
        assertTrue(why.contains("'f'") && why.contains("shape"), why);
    }
}
