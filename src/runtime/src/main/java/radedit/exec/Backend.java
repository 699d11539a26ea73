package radedit.exec;

import java.util.List;

import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;

/** Compiles graphs into programs for one kind of processor. Not thread-safe, unless the backend says so. */
public interface Backend extends AutoCloseable {
    /** {@return the name by which users select the backend} */
    String name();

    /** {@return one line about the device, for people and for metadata} */
    String describe();

    /** {@return its name and, in brackets, what {@link #describe} says} */
    default String label() {
        return name() + " (" + describe() + ")";
    }

    /**
     * Compiles a graph.
     *
     * @param graph
     *            the network
     * @param weights
     *            its parameters; must stay open while the program is used
     * @param probe
     *            observes or replaces intermediate results; {@link Probe#NONE} for none
     * @return the program; it may be run any number of times
     * @throws radedit.weights.WeightsException
     *             if a parameter is missing or has another shape
     * @throws BackendException
     *             if the device cannot hold it
     */
    Program compile(Graph graph, WeightStore weights, Probe probe);

    /**
     * Computes the memory that a graph needs, without touching the weights' values.
     *
     * @param planned
     *            the graph
     * @return bytes in addition to the mapped weights
     * @throws BackendException
     *             if they exceed what can be addressed
     */
    long memoryFor(PlannedGraph planned);

    /**
     * {@return whether the graphs can run one after another: their memory is available, in pieces as large as they
     * need}
     *
     * <p>
     * By the same rule as {@link #reserve}, which never refuses what fits.
     *
     * @param graphs
     *            the graphs
     * @param live
     *            other data that is live while they run
     */
    boolean fits(List<PlannedGraph> graphs, LiveData live);

    /**
     * {@return whether the graphs can run one after another, in addition to what was reserved}
     *
     * @param graphs
     *            the graphs
     * @see #fits(List, LiveData)
     */
    default boolean fits(List<PlannedGraph> graphs) {
        return fits(graphs, LiveData.NONE);
    }

    /**
     * Announces graphs that will run at some time, so that memory for all is allocated once. Refuses nothing.
     *
     * @param graphs
     *            the graphs
     */
    default void announce(List<PlannedGraph> graphs) {}

    /**
     * Allocates memory for the largest of the graphs that are going to run, so that it need not grow from one to
     * the next.
     *
     * @param graphs
     *            the graphs
     * @param live
     *            other data that will be live while they run
     * @throws BackendException
     *             if there is not enough memory for one of them
     */
    void reserve(List<PlannedGraph> graphs, LiveData live);

    /**
     * Allocates memory for latents where programs can read them; for one sampler at a time.
     *
     * @param each
     *            the shape of each, [1, channels, height, width]
     * @param count
     *            the largest number that is live at once
     * @return the pool; to be closed by the caller
     */
    default LatentPool latents(Shape each, int count) {
        return LatentPool.HOST;
    }

    /** {@return whether more latents per run give noticeably more throughput, beyond the two of an edit's step} */
    default boolean gainsFromBatches() {
        return false;
    }

    /** {@return whether programs compute in the host's memory, where giving them an input costs no more than a copy} */
    default boolean onHost() {
        return false;
    }

    /** {@return to what the operands of GEMMs are rounded, beyond the backend's own arithmetic} */
    default Precision emulated() {
        return Precision.NONE;
    }

    /** {@return bytes available for running graphs, not necessarily contiguous} */
    long memoryAvailable();

    /** {@return the available memory, for people} */
    default String describeMemory() {
        return (memoryAvailable() >> 20) + " MB";
    }

    /** Frees threads and device memory; programs of this backend must not be run afterwards. */
    @Override
    void close();
}
