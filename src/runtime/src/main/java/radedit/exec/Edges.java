package radedit.exec;

import java.util.Map;

import radedit.graph.Node;
import radedit.graph.Probe;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * The border between host tensors, which have the channels of a picture before its pixels as PyTorch does, and graph
 * values, which have them last.
 */
public final class Edges {
    /** Reads element i of a graph value. */
    @FunctionalInterface
    public interface Getter {
        double get(int i);
    }

    /** Writes element i of a graph value. */
    @FunctionalInterface
    public interface Setter {
        void set(int i, double v);
    }

    private Edges() {
    }

    /**
     * The host value for an input node.
     *
     * @throws IllegalArgumentException
     *             if it is missing or has another shape
     */
    public static Tensor given(Node input, Map<String, Tensor> inputs) {
        Tensor t = inputs.get(input.name());
        if (t == null) {
            throw new IllegalArgumentException("input '" + input.name() + "' is missing");
        }
        Shape wanted = outside(input);
        if (!t.shape().equals(wanted)) {
            throw new IllegalArgumentException(
                    "input '" + input.name() + "' has shape " + t.shape() + ", not " + wanted);
        }
        return t;
    }

    /**
     * What a probe puts in place of a node's result.
     *
     * @throws IllegalArgumentException
     *             if it has another shape
     */
    public static Tensor replaced(Node node, Probe probe, Tensor value) {
        Tensor t = probe.replace(node.resultName(), value);
        if (!t.shape().equals(value.shape())) {
            throw new IllegalArgumentException(
                    "value '" + node.resultName() + "' is replaced by one of shape " + t.shape()
                            + ", not " + value.shape());
        }
        return t;
    }

    /** Copies a host value into a node's place. */
    public static void feed(Node input, Tensor t, Setter to) {
        double[] data = t.data();
        if (!input.channelsFirst()) {
            for (int i = 0; i < data.length; i++) {
                to.set(i, data[i]);
            }
            return;
        }
        toChannelsLast(data, input.output().channels(), pixels(input), to);
    }

    /** Copies [batch, channels, pixels] to [batch, pixels, channels]. */
    public static void toChannelsLast(double[] from, int channels, int pixels, Setter to) {
        for (int i = 0; i < from.length; i++) {
            to.set(channelsLast(i, channels, pixels), from[i]);
        }
    }

    /** Copies [batch, pixels, channels] to [batch, channels, pixels]. */
    public static void toChannelsFirst(Getter from, int channels, int pixels, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from.get(channelsLast(i, channels, pixels));
        }
    }

    /** Copies a node's result out as a host value. */
    public static Tensor fetch(Node node, Getter from) {
        Tensor t = Tensor.zeros(outside(node));
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

    /** Where element i of [batch, channels, pixels] lies in [batch, pixels, channels]. */
    private static int channelsLast(int i, int channels, int pixels) {
        int pixel = i % pixels;
        int plane = i / pixels;
        return (plane / channels * pixels + pixel) * channels + plane % channels;
    }

    private static int pixels(Node n) {
        Shape s = n.shape();
        return s.rank() == 4 ? s.dim(1) * s.dim(2) : s.dim(1);
    }

    /** The shape a node's value has outside the graph. */
    private static Shape outside(Node n) {
        Shape s = n.shape();
        if (!n.channelsFirst()) {
            return s;
        }
        return s.rank() == 4
                ? Shape.of(s.dim(0), s.dim(3), s.dim(1), s.dim(2))
                : Shape.of(s.dim(0), s.dim(2), s.dim(1));
    }
}
