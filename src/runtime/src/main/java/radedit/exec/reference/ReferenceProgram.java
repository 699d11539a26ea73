package radedit.exec.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.exec.ArrayNodeValue;
import radedit.exec.HostLayout;
import radedit.exec.NodeWeights;
import radedit.exec.Program;
import radedit.exec.Workers;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.safetensors.TensorData;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/** Interprets a graph with one array of doubles per value; a value is dropped after its last reader. */
final class ReferenceProgram implements Program {
    private final Graph graph;
    private final WeightStore weights;
    private final Probe probe;
    private final Workers workers;
    private final Arithmetic arithmetic;
    /** Ids of the values that no node after this one reads, by the node's index. */
    private final List<List<Integer>> dead = new ArrayList<>();

    ReferenceProgram(Graph graph, WeightStore weights, Probe probe, Workers workers, Arithmetic arithmetic) {
        this.graph = graph;
        this.weights = weights;
        this.probe = probe;
        this.workers = workers;
        this.arithmetic = arithmetic;
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            int at = i;
            last.put(graph.nodes().get(i).output().id(), i);
            graph.nodes().get(i).inputs().forEach(v -> last.put(v.id(), at));
            dead.add(new ArrayList<>());
        }
        graph.outputs().values().forEach(v -> last.remove(v.id()));
        last.forEach((id, at) -> dead.get(at).add(id));
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Run options) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        workers.runCancellable(options.cancellation(), () -> compute(inputs, options, outputs));
        return outputs;
    }

    private void compute(Map<String, Tensor> inputs, Run options, Map<String, Tensor> outputs) {
        Map<Integer, double[]> values = new HashMap<>();
        Arithmetic.RunRounding rounding = arithmetic.run();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node n = graph.nodes().get(i);
            options.check();
            long start = System.nanoTime();
            double[] out;
            if (n.op() instanceof Op.Input) {
                double[] in = new double[Math.toIntExact(n.shape().elements())];
                Rounding r = rounding.input(n.output().id());
                HostLayout.copyIn(n, HostLayout.requireInput(n, inputs), (k, v) -> in[k] = r.of(v));
                out = in;
            } else {
                out = new ReferenceOps(workers, rounding.node(n.output().id())).apply(n,
                        n.inputs().stream().map(v -> values.get(v.id())).toList(),
                        NodeWeights.of(weights, n).stream().map(TensorData::toDoubles).toList());
            }
            options.timer().took(n, System.nanoTime() - start);
            double[] kept = probe.replaces(n.resultName()) ? replacement(n, out) : out;
            values.put(n.output().id(), kept);
            if (probe.wants(n.resultName())) {
                probe.accept(n.resultName(), HostLayout.copyOut(n, k -> kept[k]));
            }
            if (probe.observes(n.resultName())) {
                probe.observe(n, ArrayNodeValue.of(n, kept, workers));
            }
            dead.get(i).forEach(values::remove);
        }
        graph.outputNodes().forEach((name, n) -> outputs.put(name, copyOut(n, values)));
    }

    private static Tensor copyOut(Node n, Map<Integer, double[]> values) {
        double[] v = values.get(n.output().id());
        if (v == null) {
            throw new IllegalStateException("value " + n.output().id() + " is not live");
        }
        return HostLayout.copyOut(n, k -> v[k]);
    }

    /** A result replaced by a probe, in an array of its own, because a view shares the array of another value. */
    private double[] replacement(Node n, double[] out) {
        double[] other = new double[out.length];
        HostLayout.copyIn(n, HostLayout.replacement(n, probe, HostLayout.copyOut(n, k -> out[k])),
                (k, v) -> other[k] = v);
        return other;
    }
}
