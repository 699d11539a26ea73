package radedit.exec;

import org.jspecify.annotations.Nullable;

import radedit.graph.Node;
import radedit.graph.NodeValue;
import radedit.tensor.Tensor;

/** A node's result in an array. */
public final class ArrayNodeValue implements NodeValue {
    private final Node node;
    private final float @Nullable [] floats;
    private final double @Nullable [] doubles;
    private final int at;
    private final @Nullable Workers workers;

    private ArrayNodeValue(Node node, float @Nullable [] floats, double @Nullable [] doubles, int at,
            @Nullable Workers workers) {
        this.node = node;
        this.floats = floats;
        this.doubles = doubles;
        this.at = at;
        this.workers = workers;
    }

    /**
     * {@return the value of a node in float32}
     *
     * @param node
     *            the node
     * @param data
     *            holds the value
     * @param at
     *            index of its first element
     * @param workers
     *            read its blocks; null to read them in this thread
     */
    public static NodeValue of(Node node, float[] data, int at, @Nullable Workers workers) {
        return new ArrayNodeValue(node, data, null, at, workers);
    }

    /**
     * {@return the value of a node in double precision}
     *
     * @param node
     *            the node
     * @param data
     *            the value
     * @param workers
     *            read its blocks
     */
    public static NodeValue of(Node node, double[] data, Workers workers) {
        return new ArrayNodeValue(node, null, data, 0, workers);
    }

    @Override
    public int length() {
        return Math.toIntExact(node.shape().elements());
    }

    @Override
    public boolean isDouble() {
        return doubles != null;
    }

    @Override
    public void read(Blocks to) {
        if (workers == null) {
            for (int block = 0; block < blocks(); block++) {
                read(block, to);
            }
        } else {
            workers.run(blocks(), (block, worker) -> read(block, to));
        }
    }

    private void read(int block, Blocks to) {
        int from = at + block * BLOCK;
        int end = Math.min(from + BLOCK, at + length());
        if (floats != null) {
            to.floats(block, floats, from, end);
        } else if (doubles != null) {
            to.doubles(block, doubles, from, end);
        }
    }

    @Override
    public Tensor toTensor() {
        return HostLayout.copyOut(node, this::get);
    }

    private double get(int i) {
        return floats != null ? floats[at + i] : doubles != null ? doubles[i] : Double.NaN;
    }
}
