package radedit.exec;

import java.util.Map;

import radedit.tensor.Tensor;

/** A compiled graph. */
public interface Program {
    /**
     * Runs the network.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}
     * @return the graph's outputs by name, pictures in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs);
}
