package radedit.exec;

import java.util.List;

import radedit.graph.Node;
import radedit.graph.Weight;
import radedit.safetensors.TensorData;
import radedit.weights.WeightStore;

/** Parameters of operations as they are to be read: in the shape that the graph demands, rounded if it says so. */
public final class NodeWeights {
    private NodeWeights() {
    }

    /**
     * {@return a parameter}
     *
     * @param store
     *            holds it
     * @param weight
     *            its name, shape and precision
     * @throws radedit.weights.WeightsException
     *             if it is missing, of another shape, or not of a readable floating-point type
     */
    public static TensorData of(WeightStore store, Weight weight) {
        return store.get(weight.name(), weight.shape()).rounded(weight.precision());
    }

    /**
     * {@return all parameters of a node, in its order}
     *
     * @param store
     *            holds them
     * @param node
     *            the node
     * @throws radedit.weights.WeightsException
     *             if one is missing, of another shape, or not of a readable floating-point type
     */
    public static List<TensorData> of(WeightStore store, Node node) {
        return node.weights().stream().map(w -> of(store, w)).toList();
    }
}
