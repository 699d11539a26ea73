package radedit.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.tensor.Tensor;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/** Every fused graph computes what the unfused one does. */
class FusionPropertiesTest {
    /** A step of {@link RandomGraph} enlarges an error, relative to the largest value, less than so many times. */
    private static final double GAIN = 4;

    private static Path temp;
    private static Backend reference;
    private static Backend cpu;

    @BeforeContainer
    static void open() throws IOException {
        temp = Files.createTempDirectory("fusion");
        reference = Backends.open("reference", 1);
        cpu = Backends.open("cpu", 1);
    }

    @AfterContainer
    static void close() throws IOException {
        reference.close();
        cpu.close();
        try (Stream<Path> all = Files.walk(temp)) {
            for (Path p : all.toList().reversed()) {
                Files.delete(p);
            }
        }
    }

    @Provide
    Arbitrary<RandomGraph> graphs() {
        return RandomGraph.all();
    }

    /** Two additions may change places, which is one rounding of a double; a fault of fusion is of the order of 1. */
    @Property(tries = 400, seed = "1")
    void aFusedGraphComputesTheSame(@ForAll("graphs") RandomGraph random, @ForAll Set<@IntRange(max = 7) Integer> seen)
            throws IOException {
        Graph graph = random.build();
        Graph fused = Fusion.apply(graph, name -> seen.contains(name.hashCode() & 7));
        Graph written = Unfused.of(fused);
        Map<String, Tensor> expected;
        Map<String, Tensor> got;
        OpCase c = new OpCase("graph", graph, 1);
        try (WeightStore weights = weights(c)) {
            expected = run(reference, graph, c, weights);
            got = run(reference, written, c, weights);
        }
        assertEquals(expected.keySet(), got.keySet());
        expected.forEach((name, t) -> assertNear(name, t, got.get(name), bound(0x1p-53, random)));
    }

    /** The processor's backend fuses, elides and places values; float32 rounds in every step, sums of 144 terms. */
    @Property(tries = 150, seed = "2")
    void theProcessorComputesTheSame(@ForAll("graphs") RandomGraph random) throws IOException {
        Graph graph = random.build();
        OpCase c = new OpCase("graph", graph, 1);
        Map<String, Tensor> expected;
        Map<String, Tensor> got;
        try (WeightStore weights = weights(c)) {
            expected = run(reference, graph, c, weights);
            got = run(cpu, graph, c, weights);
        }
        expected.forEach((name, t) -> assertNear(name, t, got.get(name), bound(3 * 0x1p-24 * 16, random)));
    }

    @Property(tries = 400, seed = "3")
    void whatIsSeenAndWhatIsReadTwiceStays(@ForAll("graphs") RandomGraph random,
            @ForAll Set<@IntRange(max = 7) Integer> seen) {
        Graph graph = random.build();
        Graph fused = Fusion.apply(graph, name -> seen.contains(name.hashCode() & 7));
        List<String> names = fused.nodes().stream().map(Node::resultName).toList();
        for (Node n : graph.nodes()) {
            if (seen.contains(n.name().hashCode() & 7)) {
                assertTrue(names.contains(n.name()), n.name());
            }
        }
        assertEquals(graph.weights(), fused.weights());
        // every operation is there once, in its own node or covered by one, but for the doubling before a convolution
        List<String> left = new ArrayList<>(graph.nodes().stream().map(Node::name).toList());
        for (Node n : fused.nodes()) {
            assertTrue(left.remove(n.name()), n.name());
            n.covers().forEach(name -> assertTrue(left.remove(name), name));
        }
        long doubled = fused.nodes().stream().filter(n -> n.op() instanceof Op.Conv2d c && c.upsample()).count();
        assertEquals(doubled, left.size());
        // and every value is made before it is read
        Map<Integer, Node> made = new LinkedHashMap<>();
        for (Node n : fused.nodes()) {
            n.inputs().forEach(v -> assertTrue(made.containsKey(v.id()), n.name()));
            made.put(n.output().id(), n);
            assertEquals(n.shape(), n.op().infer(n.inputs().stream().map(Value::shape).toList()));
        }
        fused.outputs().values().forEach(v -> assertTrue(made.containsKey(v.id())));
    }

    private static double bound(double unit, RandomGraph random) {
        return unit * Math.pow(GAIN, random.steps().size());
    }

    private static void assertNear(String name, Tensor expected, Tensor got, double bound) {
        assertEquals(expected.shape(), got.shape());
        double largest = Math.max(1, Arrays.stream(expected.data()).map(Math::abs).max().orElse(0));
        assertArrayEquals(expected.data(), got.data(), bound * largest, name);
    }

    private static Map<String, Tensor> run(Backend backend, Graph graph, OpCase c, WeightStore weights) {
        return backend.compile(graph, weights, Probe.NONE).run(c.inputs());
    }

    private static WeightStore weights(OpCase c) throws IOException {
        return c.weights(Files.createTempDirectory(temp, "w"));
    }
}
