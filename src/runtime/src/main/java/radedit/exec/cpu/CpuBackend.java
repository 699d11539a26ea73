package radedit.exec.cpu;

import java.util.List;
import java.util.Objects;

import radedit.exec.Backend;
import radedit.exec.HostMemory;
import radedit.exec.Live;
import radedit.exec.Planned;
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
    public long memoryFor(Planned planned) {
        return Memory.bytes(needs(planned.graph()), workers.size());
    }

    @Override
    public boolean fits(List<Planned> graphs, Live live) {
        Memory.Needs needs = needs(graphs);
        return needs.canBeArrays()
                && HostMemory.has(Memory.bytes(needs, workers.size()) + live.onHost() - memory.held());
    }

    @Override
    public void reserve(List<Planned> graphs, Live live) {
        memory.reserve(needs(graphs));
    }

    /** Array lengths that suffice for all graphs, one after another. */
    private static Memory.Needs needs(List<Planned> graphs) {
        return graphs.stream().map(p -> needs(p.graph())).reduce(Memory.Needs.NONE, Memory.Needs::and);
    }

    private static Memory.Needs needs(Graph graph) {
        Graph fused = Fusion.apply(graph.prune(n -> false), n -> false);
        Compiler c = new Compiler(fused, null, Probe.NONE);
        return Memory.Needs.of(c.arenaSize(), fused.nodes().stream().map(c::step).filter(Objects::nonNull).toList());
    }

    @Override
    public long memoryAvailable() {
        return HostMemory.available() + memory.held();
    }

    @Override
    public void close() {
        workers.close();
    }
}
