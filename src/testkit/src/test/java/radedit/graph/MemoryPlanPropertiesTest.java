package radedit.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Live values never overlap: the graph is played through, and each node must find what it reads where it was put. */
class MemoryPlanPropertiesTest {
    private static final int FREE = -1;

    @Provide
    Arbitrary<RandomGraph> graphs() {
        return RandomGraph.all();
    }

    @Property(tries = 1000, seed = "1")
    void everyNodeFindsWhatItReads(@ForAll("graphs") RandomGraph random) {
        Graph graph = random.build();
        play(graph, MemoryPlan.of(graph), Set.of(), Set.of(), Set.of());
        Graph fused = Fusion.apply(graph, n -> false);
        play(fused, MemoryPlan.of(fused), Set.of(), Set.of(), Set.of());
    }

    @Property(tries = 1000, seed = "2")
    void neitherElisionNorProbesOverwriteAnything(@ForAll("graphs") RandomGraph random, @ForAll int choice) {
        Graph graph = random.build();
        Set<Integer> unmade = chosen(graph, choice, n -> n.op() instanceof Op.Concat);
        Set<Integer> apart = chosen(graph, choice >> 3, Node::isView);
        Set<Integer> kept = chosen(graph, choice >> 5, n -> true);
        play(graph, MemoryPlan.of(graph, unmade, kept, apart), unmade, kept, apart);
        if (apart.isEmpty()) {
            assertEquals(MemoryPlan.of(graph, unmade, kept), MemoryPlan.of(graph, unmade, kept, apart));
        }
    }

    private static Set<Integer> chosen(Graph graph, int choice, Predicate<Node> which) {
        Set<Integer> ids = new TreeSet<>();
        for (Node n : graph.nodes()) {
            if (which.test(n) && (choice * 31 + n.output().id() * 7 & 3) == 0) {
                ids.add(n.output().id());
            }
        }
        return ids;
    }

    /** What each cell of the array holds: the id of a value, or nothing. */
    private static void play(Graph graph, MemoryPlan plan, Set<Integer> unmade, Set<Integer> kept,
            Set<Integer> apart) {
        int[] cells = new int[Math.toIntExact(plan.size())];
        Arrays.fill(cells, FREE);
        Map<Integer, Set<Value>> places = new HashMap<>(); // of each value, those whose memory holds it
        long all = 0;
        for (Node n : graph.nodes()) {
            int id = n.output().id();
            if (unmade.contains(id)) {
                Set<Value> parts = new HashSet<>();
                n.inputs().forEach(v -> parts.addAll(places.get(v.id())));
                places.put(id, parts);
                assertFalse(plan.offsets().containsKey(id) && parts.size() > 1, "has no place of its own");
            } else if (n.isView() && !apart.contains(id)) {
                Set<Value> viewed = places.get(n.inputs().getFirst().id());
                places.put(id, viewed);
                if (unmade.isEmpty() || plan.offsets().containsKey(id)) {
                    assertEquals(plan.offsets().get(viewed.iterator().next().id()), plan.offsets().get(id));
                }
            } else {
                places.put(id, Set.of(n.output()));
                all += (n.shape().elements() + 15) / 16 * 16;
                assertEquals(0, plan.offsets().get(id) % 16, "on a cache line");
            }
            if (n.op() instanceof Op.Input) {
                write(cells, plan, n.output());
            }
        }
        assertTrue(plan.size() <= all, "no larger than all values side by side");
        for (Node n : graph.nodes()) {
            if (n.op() instanceof Op.Input || unmade.contains(n.output().id())) {
                continue;
            }
            Set<Value> read = new HashSet<>();
            n.inputs().forEach(v -> read.addAll(places.get(v.id())));
            read.forEach(v -> assertHolds(cells, plan, v, n.name() + " reads " + v));
            if (!n.isView() || apart.contains(n.output().id())) {
                write(cells, plan, n.output());
                read.forEach(v -> assertHolds(cells, plan, v, n.name() + " reads " + v + " while it writes"));
            }
        }
        List<Value> last = graph.nodes().stream().map(Node::output)
                .filter(v -> kept.contains(v.id()) || graph.outputs().containsValue(v)).toList();
        last.forEach(v -> places.get(v.id()).forEach(p -> assertHolds(cells, plan, p, "in the end")));
    }

    private static void write(int[] cells, MemoryPlan plan, Value v) {
        int at = Math.toIntExact(plan.offsets().get(v.id()));
        Arrays.fill(cells, at, Math.toIntExact(at + v.shape().elements()), v.id());
    }

    private static void assertHolds(int[] cells, MemoryPlan plan, Value v, String when) {
        int at = Math.toIntExact(plan.offsets().get(v.id()));
        assertTrue(Arrays.stream(cells, at, Math.toIntExact(at + v.shape().elements())).allMatch(c -> c == v.id()),
                when);
    }
}
