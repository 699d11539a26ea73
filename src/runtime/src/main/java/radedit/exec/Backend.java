package radedit.exec;

import java.util.List;

import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;

/**
 * Turns graphs into programs for one kind of processor. Not safe for use by several threads at once, unless the backend says
 * so.
 */
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

    /**
     * Bytes that running this graph needs beside the mapped weights; known without touching them.
     *
     * @throws BackendException
     *             if there is no memory so large that it could be addressed
     */
    long memoryFor(Planned planned);

    /**
     * Whether these graphs can run one after another: their memory is there, in pieces as large as they need. It is the rule
     * of {@link #reserve}, so what fits is not refused there.
     */
    boolean fits(List<Planned> graphs, Live live);

    /**
     * Whether these graphs can run next to what was reserved.
     *
     * @see #fits(List, Live)
     */
    default boolean fits(List<Planned> graphs) {
        return fits(graphs, Live.NONE);
    }

    /** Announces networks that will run at some time, so that room for all is made at once. Nothing is refused. */
    default void announce(List<Planned> graphs) {}

    /**
     * Announces graphs that are going to run, and makes room for the largest of them at once, so that it need not grow from one
     * to the next.
     *
     * @throws BackendException
     *             if there is not enough memory for one of them
     */
    void reserve(List<Planned> graphs, Live live);

    /**
     * Makes room for latents, where programs find them; for one sampler at a time.
     *
     * @param each
     *            the shape of all of them, [1, channels, height, width]
     * @param count
     *            the most that are live at once
     */
    default LatentPool latents(Shape each, int count) {
        return LatentPool.HOST;
    }

    /** Bytes that can be had for running graphs, in however many pieces. */
    long memoryAvailable();

    /** The memory that can be had, for people. */
    default String describeMemory() {
        return (memoryAvailable() >> 20) + " MB";
    }

    @Override
    void close();
}
