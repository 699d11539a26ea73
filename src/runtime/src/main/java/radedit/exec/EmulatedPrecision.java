package radedit.exec;

import java.util.List;

import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.graph.RoundedOperands;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.tensor.Precision;
import radedit.weights.WeightStore;

/** Runs graphs with the operands of GEMMs rounded, as tensor cores read them, on a backend that can round. */
final class EmulatedPrecision extends ForwardingBackend {
    private final Precision precision;

    EmulatedPrecision(Backend backend, Precision precision) {
        super(backend);
        this.precision = precision;
    }

    /** Why a provider's backend cannot emulate a precision. */
    static Message refusal(String backend) {
        return Message.of(Setting.BACKEND, " " + backend + " has no ", Setting.EMULATE_PRECISION, "; use ",
                Setting.BACKEND, " " + String.join(" or ", Backends.withEmulatedPrecision()));
    }

    @Override
    public String describe() {
        return "GEMM operands rounded to " + precision.label() + ", " + super.describe();
    }

    @Override
    public Precision emulated() {
        return precision;
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        return super.compile(rounded(graph), weights, probe);
    }

    @Override
    public long memoryFor(PlannedGraph planned) {
        return super.memoryFor(rounded(planned));
    }

    @Override
    public boolean fits(List<PlannedGraph> graphs, LiveData live) {
        return super.fits(rounded(graphs), live);
    }

    @Override
    public void announce(List<PlannedGraph> graphs) {
        super.announce(rounded(graphs));
    }

    @Override
    public void reserve(List<PlannedGraph> graphs, LiveData live) {
        super.reserve(rounded(graphs), live);
    }

    private Graph rounded(Graph graph) {
        return RoundedOperands.apply(graph, precision);
    }

    private PlannedGraph rounded(PlannedGraph planned) {
        return new PlannedGraph(rounded(planned.graph()), planned.weights());
    }

    private List<PlannedGraph> rounded(List<PlannedGraph> graphs) {
        return graphs.stream().map(this::rounded).toList();
    }
}
