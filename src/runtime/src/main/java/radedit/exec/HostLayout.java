package radedit.exec;

import java.util.Map;

import radedit.graph.Node;
import radedit.graph.Probe;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * Converts between host tensors, which are channels-first like PyTorch's (pictures NCHW), and graph values, which
 * are channels-last (NHWC).
 */
public final class HostLayout {
    /** Reads elements of a graph value. */
    @FunctionalInterface
    public interface Getter {
        /**
         * {@return an element}
         *
         * @param i
         *            its index in row-major order
         */
        double get(int i);
    }

    /** Writes elements of a graph value. */
    @FunctionalInterface
    public interface Setter {
        /**
         * Writes an element.
         *
         * @param i
         *            its index in row-major order
         * @param v
         *            its value
         */
        void set(int i, double v);
    }

    private HostLayout() {
    }

    /**
     * {@return the host value of an input node}
     *
     * @param input
     *            the node
     * @param inputs
     *            the values given at run time, by name
     * @throws IllegalArgumentException
     *             if it is missing or has another shape
     */
    public static Tensor requireInput(Node input, Map<String, Tensor> inputs) {
        Tensor t = inputs.get(input.name());
        if (t == null) {
            throw new IllegalArgumentException("input '" + input.name() + "' is missing");
        }
        Shape wanted = hostShape(input);
        if (!t.shape().equals(wanted)) {
            throw new IllegalArgumentException(
                    "input '" + input.name() + "' has shape " + t.shape() + ", not " + wanted);
        }
        return t;
    }

    /**
     * {@return the value by which a probe replaces a node's result, on the host}
     *
     * @param node
     *            the node
     * @param probe
     *            the probe
     * @param value
     *            the computed result, on the host
     * @throws IllegalArgumentException
     *             if it has another shape
     */
    public static Tensor replacement(Node node, Probe probe, Tensor value) {
        Tensor t = probe.replace(node.resultName(), value);
        if (!t.shape().equals(value.shape())) {
            throw new IllegalArgumentException(
                    "value '" + node.resultName() + "' is replaced by one of shape " + t.shape()
                            + ", not " + value.shape());
        }
        return t;
    }

    /**
     * Copies a host value into the value of an input node.
     *
     * @param input
     *            the node
     * @param t
     *            the host value, of the node's shape on the host
     * @param to
     *            writes the graph value
     */
    public static void copyIn(Node input, Tensor t, Setter to) {
        double[] data = t.data();
        if (!input.channelsFirst()) {
            for (int i = 0; i < data.length; i++) {
                to.set(i, data[i]);
            }
            return;
        }
        toChannelsLast(data, input.output().channels(), pixels(input), to);
    }

    /**
     * Copies [batch, channels, pixels] to [batch, pixels, channels].
     *
     * @param from
     *            all elements of the source
     * @param channels
     *            number of channels
     * @param pixels
     *            pixels or tokens of a sample
     * @param to
     *            writes the destination
     */
    public static void toChannelsLast(double[] from, int channels, int pixels, Setter to) {
        for (int i = 0; i < from.length; i++) {
            to.set(channelsLastIndex(i, channels, pixels), from[i]);
        }
    }

    /**
     * Copies [batch, pixels, channels] to [batch, channels, pixels].
     *
     * @param from
     *            reads the source
     * @param channels
     *            number of channels
     * @param pixels
     *            pixels or tokens of a sample
     * @param to
     *            the destination, as long as the source
     */
    public static void toChannelsFirst(Getter from, int channels, int pixels, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from.get(channelsLastIndex(i, channels, pixels));
        }
    }

    /**
     * {@return a copy of a node's result as a host tensor}
     *
     * @param node
     *            the node
     * @param from
     *            reads the graph value
     */
    public static Tensor copyOut(Node node, Getter from) {
        Tensor t = Tensor.zeros(hostShape(node));
        double[] data = t.data();
        if (!node.channelsFirst()) {
            for (int i = 0; i < data.length; i++) {
                data[i] = from.get(i);
            }
            return t;
        }
        toChannelsFirst(from, node.output().channels(), pixels(node), data);
        return t;
    }

    /** The index in [batch, pixels, channels] of element i of [batch, channels, pixels]. */
    private static int channelsLastIndex(int i, int channels, int pixels) {
        int pixel = i % pixels;
        int plane = i / pixels;
        return (plane / channels * pixels + pixel) * channels + plane % channels;
    }

    private static int pixels(Node n) {
        Shape s = n.shape();
        return s.rank() == 4 ? s.dim(1) * s.dim(2) : s.dim(1);
    }

    /**
     * {@return the shape of a node's result as a host tensor}
     *
     * @param n
     *            the node
     */
    public static Shape hostShape(Node n) {
        Shape s = n.shape();
        if (!n.channelsFirst()) {
            return s;
        }
        return s.rank() == 4
                ? Shape.of(s.dim(0), s.dim(3), s.dim(1), s.dim(2))
                : Shape.of(s.dim(0), s.dim(2), s.dim(1));
    }
}
