package radedit.exec.reference;

import java.util.List;

import radedit.exec.Backend;
import radedit.exec.HostMemory;
import radedit.exec.LiveData;
import radedit.exec.PlannedGraph;
import radedit.exec.Program;
import radedit.exec.Workers;
import radedit.graph.Graph;
import radedit.graph.MemoryPlan;
import radedit.graph.Probe;
import radedit.weights.WeightStore;

/** Runs graphs node by node in plain loops, in double precision or rounded at random; chooses simplicity over speed. */
final class ReferenceBackend implements Backend {
    private final Workers workers;
    private final Arithmetic arithmetic;

    ReferenceBackend(int threads, Arithmetic arithmetic) {
        this.workers = new Workers(threads);
        this.arithmetic = arithmetic;
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String describe() {
        return arithmetic.describe() + ", plain loops, " + workers.size()
                + (workers.size() == 1 ? " thread" : " threads");
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        Graph needed = graph.prune(probe::touches);
        needed.weights().forEach(weights::get);
        return new ReferenceProgram(needed, weights, probe, workers, arithmetic);
    }

    @Override
    public long memoryFor(PlannedGraph planned) {
        Graph graph = planned.graph();
        long largestWeight = graph.weights().values().stream().mapToLong(s -> s.elements()).max().orElse(0);
        return 8 * (MemoryPlan.of(graph.prune(n -> false)).size() + 2 * largestWeight);
    }

    @Override
    public boolean fits(List<PlannedGraph> graphs, LiveData live) {
        return graphs.stream().allMatch(p -> HostMemory.canAllocate(memoryFor(p) + live.hostBytesWithLatents()));
    }

    @Override
    public void reserve(List<PlannedGraph> graphs, LiveData live) {
        // nothing to reserve: values are allocated one by one
    }

    @Override
    public boolean onHost() {
        return true;
    }

    @Override
    public long memoryAvailable() {
        return HostMemory.available();
    }

    @Override
    public void close() {
        workers.close();
    }
}
