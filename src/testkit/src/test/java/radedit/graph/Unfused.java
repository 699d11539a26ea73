package radedit.graph;

import java.util.ArrayList;
import java.util.List;

import radedit.tensor.Shape;

/** A fused graph written out again, each node by what {@link Epilogue} and {@link Op.Conv2d} say it does. */
final class Unfused {
    private final List<Node> nodes = new ArrayList<>();
    private int next;

    private Unfused(Graph graph) {
        next = graph.nodes().stream().mapToInt(n -> n.output().id()).max().orElse(0) + 1;
    }

    static Graph of(Graph graph) {
        Unfused u = new Unfused(graph);
        graph.nodes().forEach(u::expand);
        return new Graph(List.copyOf(u.nodes), graph.outputs());
    }

    private void expand(Node n) {
        switch (n.op()) {
            case Op.Conv2d c -> convolution(n, c);
            case Op.Linear l -> {
                Op plain = new Op.Linear(l.outFeatures(), l.bias(), Epilogue.NONE);
                epilogue(n, new ArrayList<>(List.of(stage(n, plain, n.inputs().subList(0, 1), n.weights()))),
                        l.epilogue());
            }
            case Op.GroupNorm g when g.activation() != Activation.NONE -> {
                Op plain = new Op.GroupNorm(g.groups(), g.eps(), Activation.NONE);
                Node norm = stage(n, plain, n.inputs(), n.weights());
                end(n, List.of(norm, stage(n, new Op.Activate(g.activation()), List.of(norm.output()), List.of())));
            }
            default -> nodes.add(n);
        }
    }

    private void convolution(Node n, Op.Conv2d c) {
        List<Node> stages = new ArrayList<>();
        Value x = n.inputs().getFirst();
        if (c.upsample()) {
            stages.add(stage(n, new Op.Upsample(2 * x.dim(1), 2 * x.dim(2)), List.of(x), List.of()));
            x = stages.getLast().output();
        }
        int own = c.bias() ? 2 : 1;
        Op plain = new Op.Conv2d(c.outChannels(), c.kernel(), c.stride(), c.padding(), c.bias(), false, null,
                Epilogue.NONE);
        stages.add(stage(n, plain, List.of(x), n.weights().subList(0, own)));
        if (c.norm() != null) {
            stages.add(stage(n, c.norm(), List.of(stages.getLast().output()), n.weights().subList(own, own + 4)));
        }
        epilogue(n, stages, c.epilogue());
    }

    private void epilogue(Node n, List<Node> stages, Epilogue e) {
        int input = 1;
        if (e.rowBias()) {
            stages.add(stage(n, new Op.Add(), List.of(stages.getLast().output(), n.inputs().get(input++)), List.of()));
        }
        if (e.residual()) {
            stages.add(stage(n, new Op.Add(), List.of(stages.getLast().output(), n.inputs().get(input)), List.of()));
        }
        if (e.activation() != Activation.NONE) {
            stages.add(stage(n, new Op.Activate(e.activation()), List.of(stages.getLast().output()), List.of()));
        }
        if (e.geglu()) {
            stages.add(stage(n, new Op.Geglu(), List.of(stages.getLast().output()), List.of()));
        }
        end(n, stages);
    }

    private Node stage(Node n, Op op, List<Value> inputs, List<Weight> weights) {
        Shape shape = op.infer(inputs.stream().map(Value::shape).toList());
        int id = next++;
        return new Node(n.name() + " " + id, op, List.copyOf(inputs), List.copyOf(weights), new Value(id, shape),
                List.of());
    }

    /** The last stage gives the node's own result. */
    private void end(Node n, List<Node> stages) {
        nodes.addAll(stages.subList(0, stages.size() - 1));
        Node last = stages.getLast();
        nodes.add(new Node(n.resultName(), last.op(), last.inputs(), last.weights(), n.output(), List.of()));
    }
}
