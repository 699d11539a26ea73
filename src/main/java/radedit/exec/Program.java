package radedit.exec;

import java.util.Map;

import radedit.graph.Node;
import radedit.tensor.Tensor;

/** A compiled graph. */
public interface Program {
    /** Hears how long each node took. */
    @FunctionalInterface
    interface Timer {
        Timer NONE = (node, nanos) -> {};

        void took(Node node, long nanos);
    }

    /** Runs the network. */
    default Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return run(inputs, Timer.NONE);
    }

    /**
     * Runs the network.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}. A tensor that was
     *            given to the last run, too, has not changed since, and need not be sent to a device again
     * @param timer
     *            hears of every node, after fusion
     * @return the graph's outputs by name, pictures in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs, Timer timer);
}
