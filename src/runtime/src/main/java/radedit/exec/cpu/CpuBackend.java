package radedit.exec.cpu;

import java.util.List;
import java.util.Objects;

import radedit.exec.Backend;
import radedit.exec.HostMemory;
import radedit.exec.LiveData;
import radedit.exec.PlannedGraph;
import radedit.exec.Program;
import radedit.exec.Workers;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.weights.WeightStore;

/** Runs graphs in float32 on the CPU's vector units. */
final class CpuBackend implements Backend {
    private final Workers workers;
    private final Memory memory;

    CpuBackend(int threads) {
        workers = new Workers(threads);
        memory = new Memory(workers);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String describe() {
        return "float32, " + MicroKernel.S.vectorBitSize() + "-bit vectors, " + workers.size()
                + (workers.size() == 1 ? " thread" : " threads");
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        Graph fused = Fusion.apply(graph.prune(probe::touches), probe::touches);
        return new CpuProgram(fused, new Compiler(fused, weights, probe), memory, probe);
    }

    @Override
    public long memoryFor(PlannedGraph planned) {
        return Memory.bytes(sizes(planned.graph()), workers.size());
    }

    @Override
    public boolean fits(List<PlannedGraph> graphs, LiveData live) {
        Memory.Sizes sizes = sizes(graphs);
        return sizes.areValid()
                && HostMemory.canAllocate(
                        Memory.bytes(sizes, workers.size()) + live.hostBytesWithLatents() - memory.allocatedBytes());
    }

    @Override
    public void reserve(List<PlannedGraph> graphs, LiveData live) {
        memory.reserve(sizes(graphs));
    }

    /** Array lengths that suffice for all graphs, one after another. */
    private static Memory.Sizes sizes(List<PlannedGraph> graphs) {
        return graphs.stream().map(p -> sizes(p.graph())).reduce(Memory.Sizes.NONE, Memory.Sizes::max);
    }

    private static Memory.Sizes sizes(Graph graph) {
        Graph fused = Fusion.apply(graph.prune(n -> false), n -> false);
        Compiler c = new Compiler(fused, null, Probe.NONE);
        return Memory.Sizes.of(c.arenaSize(), fused.nodes().stream().map(c::step).filter(Objects::nonNull).toList());
    }

    @Override
    public boolean onHost() {
        return true;
    }

    @Override
    public long memoryAvailable() {
        return HostMemory.available() + memory.allocatedBytes();
    }

    @Override
    public void close() {
        workers.close();
    }
}
