package radedit.exec;

import java.util.List;

import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;

/** Turns graphs into programs for one kind of processor. Not safe for use by several threads at once. */
public interface Backend extends AutoCloseable {
    /** The name the command line knows it by. */
    String name();

    /** One line about the device, for people and for metadata. */
    String describe();

    /**
     * Prepares a graph for execution.
     *
     * @param weights
     *            where its parameters lie; must stay open as long as the program is used
     * @param probe
     *            what wants to see intermediate results
     * @throws radedit.weights.WeightsException
     *             if a parameter is missing or has another shape
     * @throws BackendException
     *             if the device cannot hold it
     */
    Program compile(Graph graph, WeightStore weights, Probe probe);

    /** Bytes that running this graph needs beside the mapped weights; known without touching them. */
    long memoryFor(Planned planned);

    /**
     * Makes room for the largest of several graphs at once, so that it need not grow from one to the next.
     *
     * @throws BackendException
     *             if there is not enough
     */
    void reserve(List<Planned> graphs);

    /**
     * Makes room for latents, where programs find them; for one sampler at a time.
     *
     * @param each
     *            the shape of all of them, [1, channels, height, width]
     * @param count
     *            the most that there are at a time
     */
    default LatentPool latents(Shape each, int count) {
        return LatentPool.HOST;
    }

    /** Tells before {@link #reserve} how many numbers the latents will have that are there at a time. */
    default void reserveLatents(long elements) {}

    /** Bytes that can be had for running graphs. */
    long memoryAvailable();

    @Override
    void close();
}
