package radedit.exec.tornado;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import radedit.exec.BackendException;
import radedit.exec.NodeWeights;
import radedit.graph.Graph;
import radedit.graph.MemoryPlan;
import radedit.graph.Node;
import radedit.graph.Value;
import radedit.graph.Weight;
import radedit.safetensors.TensorData;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;

/** Locates the operands of a graph's nodes on the device: values by a memory plan, weights uploaded at their first use. */
final class Operands {
    /** Identifies an uploaded weight; {@code form} names its transformation, after the weight's own rounding. */
    private record Key(WeightStore store, String name, Precision precision, String form) {}

    private final MemoryPlan plan;
    /** Ids of concatenations that are not materialised. */
    private final Set<Integer> elided;
    private final Map<Integer, Node> producers;
    private final WeightStore store;
    private final DeviceWeights deviceWeights;
    private final long scratchAt;
    private long scratch;

    /**
     * @param store
     *            null to plan without weights
     * @param deviceWeights
     *            reads no weight if it only counts
     * @param wanted
     *            whether a probe wants a node's result
     * @throws BackendException
     *             if there are more values than can be addressed
     */
    Operands(Graph graph, WeightStore store, DeviceWeights deviceWeights, Predicate<Node> wanted) {
        this.elided = ConcatElision.of(graph, wanted);
        // Inputs stay live until the end: the next run may have the same.
        this.plan = MemoryPlan.of(graph, elided,
                graph.inputs().stream().map(n -> n.output().id()).collect(Collectors.toSet()));
        this.producers = graph.producers();
        this.store = store;
        this.deviceWeights = deviceWeights;
        this.scratchAt = Device.ZEROS + plan.size();
        if (scratchAt > Integer.MAX_VALUE) {
            throw new BackendException("this size and batch need " + (scratchAt >> 28)
                    + " GB in one piece; 8 GB is the most the tornado backend can address");
        }
    }

    /** Number of value elements, scratch included; final when all nodes have been lowered. */
    long valueCount() {
        return scratchAt + scratch;
    }

    /** Whether a value is a concatenation that is not materialised. */
    boolean isElided(Value v) {
        return elided.contains(v.id());
    }

    Node producer(Value v) {
        return producers.get(v.id());
    }

    Offset.Values at(Value v) {
        return new Offset.Values(Device.ZEROS + (int) plan.offset(v));
    }

    Offset.Values input(Node n, int index) {
        return at(n.inputs().get(index));
    }

    Offset.Values output(Node n) {
        return at(n.output());
    }

    /** Scratch of the node being lowered; the scratch of all nodes overlaps. */
    Offset.Values scratch(long length) {
        scratch = Math.max(scratch, length);
        return new Offset.Values((int) scratchAt);
    }

    static int length(Node n) {
        return Math.toIntExact(n.shape().elements());
    }

    static int perSample(Shape s) {
        return Math.toIntExact(s.elements() / Math.max(1, s.dim(0)));
    }

    /** A node's weight. */
    TensorData data(Node n, int index) {
        Weight w = n.weights().get(index);
        return store == null ? TensorData.placeholder(w.shape()) : NodeWeights.of(store, w);
    }

    /** Key of a node's weight on the device, in one of its forms. */
    Object key(Node n, int index, String form) {
        Weight w = n.weights().get(index);
        return new Key(store, w.name(), w.precision(), form);
    }

    /** A vector of parameters. */
    Offset.Tables vector(Node n, int index) {
        TensorData t = data(n, index);
        return deviceWeights.table(key(n, index, ""), Math.toIntExact(t.shape().elements()), t::toFloats);
    }

    /** A table whose rows are looked up. */
    Offset.Tables table(Node n) {
        return deviceWeights.rows(key(n, 0, ""), data(n, 0));
    }

    Offset.Tables constant(double v) {
        return deviceWeights.constant(v);
    }

    DeviceWeights deviceWeights() {
        return deviceWeights;
    }
}
