package radedit.exec;

import java.util.List;

import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;

/** A backend that passes everything on to another one; a subclass changes some of it. */
public abstract class ForwardingBackend implements Backend {
    private final Backend backend;

    /**
     * Creates a backend.
     *
     * @param backend
     *            what everything is passed on to; closed with this
     */
    protected ForwardingBackend(Backend backend) {
        this.backend = backend;
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String describe() {
        return backend.describe();
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        return backend.compile(graph, weights, probe);
    }

    @Override
    public long memoryFor(PlannedGraph planned) {
        return backend.memoryFor(planned);
    }

    @Override
    public boolean fits(List<PlannedGraph> graphs, LiveData live) {
        return backend.fits(graphs, live);
    }

    @Override
    public void announce(List<PlannedGraph> graphs) {
        backend.announce(graphs);
    }

    @Override
    public void reserve(List<PlannedGraph> graphs, LiveData live) {
        backend.reserve(graphs, live);
    }

    @Override
    public LatentPool latents(Shape each, int count) {
        return backend.latents(each, count);
    }

    @Override
    public boolean gainsFromBatches() {
        return backend.gainsFromBatches();
    }

    @Override
    public boolean onHost() {
        return backend.onHost();
    }

    @Override
    public Precision emulated() {
        return backend.emulated();
    }

    @Override
    public long memoryAvailable() {
        return backend.memoryAvailable();
    }

    @Override
    public String describeMemory() {
        return backend.describeMemory();
    }

    @Override
    public void close() {
        backend.close();
    }
}
