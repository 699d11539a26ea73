package radedit.exec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import radedit.graph.Activation;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;

/** Cuts a network of convolutions and group norms into strips of rows. */
final class StripPlan {
    /** A step of the computation. */
    sealed interface Step {
        /** Ids of the values that no later step reads. */
        List<Integer> dead();
    }

    /** A value given at run time. */
    record Input(Node node, List<Integer> dead) implements Step {}

    /**
     * A subgraph that runs on whole values, from some values to its outputs.
     *
     * @param from
     *            its inputs, by the id of the stored value (see {@link #aliases})
     */
    record Whole(Graph graph, Map<Integer, Value> from, List<Integer> dead) implements Step {}

    /**
     * A group norm; the convolution that reads it applies it.
     *
     * @param source
     *            id of its input
     */
    record Norm(Node node, int source, List<Integer> dead) implements Step {}

    /**
     * A convolution.
     *
     * @param source
     *            id of its input, or of the norm of it
     * @param residual
     *            id of the value to add; null for none
     */
    record Conv(Node node, int source, @Nullable Integer residual, List<Strip> strips,
            List<Integer> dead) implements Step {}

    /**
     * Rows {@code from} to {@code to} (exclusive) of a convolution's result. The graph computes rows
     * {@code computedFrom} to {@code computedTo} from rows {@code inFrom} to {@code inTo} of the input. Computed rows
     * outside the strip may be wrong: at the edges of the input rows the convolution read zeros instead of their
     * neighbours.
     */
    record Strip(Graph graph, int inFrom, int inTo, int computedFrom, int computedTo, int from, int to) {}

    /**
     * Strips begin at multiples of this many rows, so that Winograd convolutions use the same tiles as on the whole
     * picture.
     */
    private static final int ALIGNMENT = 4;

    private final Graph graph;
    private final int rows;
    private final int tallest;
    private final List<Step> steps = new ArrayList<>();
    /** Id of the stored value that an identity is another name of, by the identity's id. */
    private final Map<Integer, Integer> aliases = new HashMap<>();
    private final Map<Integer, Activation> activations = new HashMap<>();
    /** Id of a group norm's input, by the norm's id. */
    private final Map<Integer, Integer> normedSource = new HashMap<>();

    /**
     * Plans the strips.
     *
     * @param graph
     *            a graph of batch 1
     * @param rows
     *            rows of a strip of the tallest picture
     * @throws IllegalArgumentException
     *             if the batch is not 1, or the network has other operations than convolutions and group norms above
     *             its lowest resolution
     */
    StripPlan(Graph graph, int rows) {
        this.graph = graph.prune(n -> false);
        this.rows = rows;
        if (this.graph.outputs().values().stream().anyMatch(v -> v.dim(0) != 1)) {
            throw new IllegalArgumentException("one picture at a time is run in strips");
        }
        List<Node> nodes = Fusion.apply(this.graph, n -> false).nodes();
        int smallest = nodes.stream().filter(n -> n.shape().rank() == 4).mapToInt(n -> n.shape().dim(1)).min()
                .orElseThrow();
        this.tallest = nodes.stream().filter(n -> n.shape().rank() == 4).mapToInt(n -> n.shape().dim(1)).max()
                .orElseThrow();
        List<List<Node>> parts = new ArrayList<>();
        boolean joined = false;
        for (Node n : nodes) {
            boolean whole = !isStriped(n, smallest);
            if (!whole || !joined) {
                parts.add(new ArrayList<>());
            }
            parts.getLast().add(n);
            joined = whole;
        }
        build(parts, smallest);
    }

    /** Whether a node is an input, or reads or writes a picture above the lowest resolution. */
    private static boolean isStriped(Node n, int smallest) {
        return n.op() instanceof Op.Input || isTall(n.output(), smallest)
                || n.inputs().stream().anyMatch(v -> isTall(v, smallest));
    }

    private static boolean isTall(Value v, int smallest) {
        return v.shape().rank() == 4 && v.dim(1) > smallest;
    }

    List<Step> steps() {
        return steps;
    }

    Map<String, Value> outputs() {
        return graph.outputs();
    }

    /** All graphs that run: subgraphs and strips. */
    List<Graph> graphs() {
        Set<Graph> all = new HashSet<>();
        for (Step s : steps) {
            switch (s) {
                case Whole w -> all.add(w.graph);
                case Conv c -> c.strips.forEach(t -> all.add(t.graph));
                default -> {}
            }
        }
        return List.copyOf(all);
    }

    private void build(List<List<Node>> parts, int smallest) {
        Map<Integer, Integer> producedIn = new HashMap<>();
        Map<Integer, Integer> readIn = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            for (Node n : parts.get(i)) {
                int part = i;
                producedIn.put(n.output().id(), i);
                n.inputs().forEach(v -> readIn.put(v.id(), part));
            }
        }
        graph.outputs().values().forEach(v -> readIn.put(v.id(), parts.size()));
        for (int i = 0; i < parts.size(); i++) {
            Node first = parts.get(i).getFirst();
            if (isStriped(first, smallest)) {
                step(first);
            } else {
                whole(parts.get(i), i, producedIn, readIn);
            }
        }
        // A value is dropped after the last step that reads it, under any of its names.
        Set<Integer> kept = new HashSet<>();
        graph.outputs().values().forEach(v -> kept.add(v.id()));
        for (int i = steps.size() - 1; i >= 0; i--) {
            for (int id : reads(steps.get(i))) {
                if (kept.add(id)) {
                    steps.get(i).dead().add(id);
                }
            }
        }
    }

    private List<Integer> reads(Step s) {
        return switch (s) {
            case Input g -> List.of();
            case Whole w -> List.copyOf(w.from.keySet());
            // A norm is applied by its reader, so its input stays live until then.
            case Norm n -> List.of();
            case Conv c -> {
                List<Integer> all = new ArrayList<>(List.of(normedSource.getOrDefault(c.source, c.source)));
                if (c.residual != null) {
                    all.add(c.residual);
                }
                yield all;
            }
        };
    }

    private void whole(List<Node> part, int index, Map<Integer, Integer> producedIn, Map<Integer, Integer> readIn) {
        Map<Integer, Value> from = new LinkedHashMap<>();
        Map<String, Value> to = new LinkedHashMap<>();
        for (Node n : part) {
            for (Value v : n.inputs()) {
                if (!Objects.equals(producedIn.get(v.id()), index)) {
                    from.put(alias(v), v);
                }
            }
            if (readIn.getOrDefault(n.output().id(), -1) > index) {
                to.put(Graph.inputName(n.output()), n.output());
            }
        }
        steps.add(new Whole(graph.between(List.copyOf(from.values()), to), from, new ArrayList<>()));
    }

    private int alias(Value v) {
        return aliases.getOrDefault(v.id(), v.id());
    }

    private void step(Node n) {
        switch (n.op()) {
            case Op.Input i -> steps.add(new Input(n, new ArrayList<>()));
            case Op.Identity i -> aliases.put(n.output().id(), alias(n.inputs().getFirst()));
            case Op.GroupNorm g -> {
                int source = alias(n.inputs().getFirst());
                normedSource.put(n.output().id(), source);
                activations.put(n.output().id(), g.activation());
                steps.add(new Norm(n, source, new ArrayList<>()));
            }
            case Op.Conv2d c when c.norm() == null && !c.epilogue().rowBias() -> {
                int source = alias(n.inputs().getFirst());
                Integer residual = c.epilogue().residual() ? alias(n.inputs().getLast()) : null;
                steps.add(new Conv(n, source, residual, strips(n, c, activations.getOrDefault(source, Activation.NONE)),
                        new ArrayList<>()));
            }
            default -> throw new IllegalArgumentException(n.name() + " cannot be run in strips");
        }
    }

    /** Strips of the tallest picture have {@code rows} rows; those of smaller ones have proportionally fewer. */
    private List<Strip> strips(Node n, Op.Conv2d c, Activation before) {
        Value x = n.inputs().getFirst();
        int factor = c.upsample() ? 2 : 1;
        int height = n.shape().dim(1);
        int step = Math.max(ALIGNMENT, (int) ((long) rows * height / tallest) / ALIGNMENT * ALIGNMENT);
        List<Strip> all = new ArrayList<>();
        for (int from = 0; from < height; from += step) {
            int to = Math.min(height, from + step);
            // rows of the (upsampled) picture that the kernel reads
            int low = Math.max(0, from * c.stride() - c.padding().top());
            int high = Math.min(factor * x.dim(1), (to - 1) * c.stride() - c.padding().top() + c.kernel());
            int inFrom = low / factor / ALIGNMENT * ALIGNMENT;
            int inTo = Math.min(x.dim(1), Math.ceilDiv(high, factor) + (high == factor * x.dim(1) ? 0 : 1));
            Graph g = graph(n, c, before, inTo - inFrom);
            int computedFrom = inFrom * factor / c.stride();
            int computedTo = computedFrom + g.output("y").dim(1);
            all.add(new Strip(g, inFrom, inTo, computedFrom, Math.min(computedTo, height), from, to));
        }
        return all;
    }

    private static Graph graph(Node n, Op.Conv2d c, Activation before, int inRows) {
        Scope s = Scope.root();
        Value in = n.inputs().getFirst();
        Value h = s.input("x", Shape.of(1, inRows, in.dim(2), in.channels()));
        if (before != Activation.NONE) {
            h = s.activation("before", h, before);
        }
        if (c.upsample()) {
            h = s.upsample("upsample", h, 2 * h.dim(1), 2 * h.dim(2));
        }
        h = s.conv2d(n.name(), h, c.outChannels(), c.kernel(), c.stride(), c.padding(), c.bias());
        if (c.epilogue().residual()) {
            h = s.add("add", h, s.input("residual", h.shape()));
        }
        if (c.epilogue().activation() != Activation.NONE) {
            h = s.activation("after", h, c.epilogue().activation());
        }
        return s.build(Map.of("y", h));
    }
}
