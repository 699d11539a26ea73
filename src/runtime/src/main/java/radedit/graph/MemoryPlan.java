package radedit.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Assigns every value of a graph a place in one array, such that values that are live at the same time never
 * overlap.
 *
 * <p>
 * Values are placed from the largest to the smallest, each at the lowest offset that is free while it is live
 * ("greedy by size", Pisarchyk and Lee, arXiv:2001.03288). A view has the place of its source. Inputs are live from
 * the start, outputs until the end.
 *
 * @param offsets
 *            first element of each value, by value id
 * @param size
 *            length of the array in elements
 */
public record MemoryPlan(Map<Integer, Long> offsets, long size) {
    /** Offsets are multiples of this many elements: a 64-byte cache line of float32. */
    private static final int ALIGNMENT = 16;

    private record Slot(int id, long length, int first, int last, long offset) {
        boolean overlaps(Slot o) {
            return first <= o.last && o.first <= last;
        }

        long end() {
            return offset + length;
        }
    }

    /**
     * {@return the plan of a graph}
     *
     * @param graph
     *            the graph
     */
    public static MemoryPlan of(Graph graph) {
        return of(graph, Set.of(), Set.of());
    }

    /**
     * {@return the plan of a graph}
     *
     * @param graph
     *            the graph
     * @param elided
     *            ids of values that are never materialised and get no place; their readers read the inputs of their
     *            nodes
     * @param kept
     *            ids of values that stay live until the end
     */
    public static MemoryPlan of(Graph graph, Set<Integer> elided, Set<Integer> kept) {
        return of(graph, elided, kept, Set.of());
    }

    /**
     * {@return the plan of a graph in which some views are copies}
     *
     * @param graph
     *            the graph
     * @param elided
     *            ids of values that are never materialised and get no place; their readers read the inputs of their
     *            nodes
     * @param kept
     *            ids of values that stay live until the end
     * @param copied
     *            ids of views that get a place of their own
     */
    public static MemoryPlan of(Graph graph, Set<Integer> elided, Set<Integer> kept, Set<Integer> copied) {
        Map<Integer, List<Integer>> owners = new HashMap<>();
        Map<Integer, Slot> slots = new HashMap<>();
        List<Node> nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            Node n = nodes.get(i);
            for (Value v : n.inputs()) {
                extend(slots, of(owners, v.id()), i);
            }
            int id = n.output().id();
            if (elided.contains(id)) {
                owners.put(id, n.inputs().stream().flatMap(v -> of(owners, v.id()).stream()).toList());
            } else if (n.isView() && !copied.contains(id)) {
                owners.put(id, of(owners, n.inputs().getFirst().id()));
            } else {
                owners.put(id, List.of(id));
                long length = (n.shape().elements() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                slots.put(id, new Slot(id, length, n.op() instanceof Op.Input ? 0 : i, i, 0));
            }
        }
        kept.forEach(id -> extend(slots, of(owners, id), nodes.size()));
        graph.outputs().values().forEach(v -> extend(slots, of(owners, v.id()), nodes.size()));

        List<Slot> bySize = new ArrayList<>(slots.values());
        bySize.sort(Comparator.comparingLong(Slot::length).reversed().thenComparingInt(Slot::first));
        List<Slot> placed = new ArrayList<>();
        Map<Integer, Long> offsets = new HashMap<>();
        long size = 0;
        for (Slot s : bySize) {
            long at = 0;
            for (Slot p : placed) { // sorted by offset
                if (p.overlaps(s)) {
                    if (at + s.length <= p.offset) {
                        break;
                    }
                    at = Math.max(at, p.end());
                }
            }
            Slot done = new Slot(s.id, s.length, s.first, s.last, at);
            int where = 0;
            while (where < placed.size() && placed.get(where).offset <= at) {
                where++;
            }
            placed.add(where, done);
            offsets.put(s.id, at);
            size = Math.max(size, done.end());
        }
        Map<Integer, Long> all = new HashMap<>();
        owners.forEach((id, own) -> {
            if (own.size() == 1) {
                all.put(id, of(offsets, own.getFirst()));
            }
        });
        return new MemoryPlan(all, size);
    }

    /**
     * {@return the offset of a value}
     *
     * @param v
     *            the value
     * @throws IllegalArgumentException
     *             if it is not materialised
     */
    public long offset(Value v) {
        Long at = offsets.get(v.id());
        if (at == null) {
            throw new IllegalArgumentException("value " + v.id() + " is not materialised");
        }
        return at;
    }

    private static <T> T of(Map<Integer, T> values, int id) {
        return Objects.requireNonNull(values.get(id));
    }

    private static void extend(Map<Integer, Slot> slots, List<Integer> ids, int last) {
        for (int id : ids) {
            slots.computeIfPresent(id, (k, s) -> new Slot(s.id, s.length, s.first, Math.max(s.last, last), s.offset));
        }
    }
}
