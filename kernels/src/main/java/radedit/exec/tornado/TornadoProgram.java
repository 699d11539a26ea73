package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.exec.ArrayNodeValue;
import radedit.exec.HostLayout;
import radedit.exec.PlannedGraph;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.graph.Value;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * A graph as kernel launches. It is lowered at its first run, and again after its weights were evicted. A run is one task of
 * the {@link DeviceThread}, so programs run by several threads do not interleave.
 */
final class TornadoProgram implements Program {
    private record Bound(Node node, Step step, Offset.Values at) {}

    private final Graph graph;
    private final WeightStore store;
    private final Probe probe;
    private final TornadoBackend backend;
    private final TilePolicy policy;
    private final Footprint footprint;
    private final Map<Integer, Node> producers;
    private final List<Bound> steps = new ArrayList<>();
    /** Inputs that are still on the device from the last run. */
    private final Set<Node> sent = new HashSet<>();
    private int epoch = -1;

    TornadoProgram(Graph fused, WeightStore store, Probe probe, TornadoBackend backend, TilePolicy policy) {
        this.graph = fused;
        this.store = store;
        this.probe = probe;
        this.backend = backend;
        this.policy = policy;
        this.footprint = footprint(new DeviceWeights());
        this.producers = fused.producers();
        fused.weights().forEach(store::get);
    }

    private boolean wanted(Node n) {
        return probe.wants(n.resultName());
    }

    /** Footprint of this program, including everything counted before. */
    private Footprint footprint(DeviceWeights counted) {
        return Footprint.ofFused(new PlannedGraph(graph, store), policy, this::wanted, counted);
    }

    private void bind() {
        DeviceContext context = backend.context();
        DeviceWeights deviceWeights = context.deviceWeights();
        context.prepare(footprint, epoch == deviceWeights.epoch()
                ? Footprint.NONE.withValues(footprint.values())
                : footprint(deviceWeights.counterOfMore()), backend);
        if (epoch == deviceWeights.epoch()) {
            return;
        }
        steps.clear();
        sent.clear();
        Lowering lowering = new Lowering(graph, store, deviceWeights, policy, this::wanted);
        for (Node n : graph.nodes()) {
            steps.add(new Bound(n, lowering.step(n),
                    lowering.materialises(n) ? lowering.at(n.output()) : Offset.Values.NONE));
        }
        epoch = deviceWeights.epoch();
        store.unload(); // its weights are on the device now
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Run how) {
        return DeviceThread.call(() -> {
            evaluate(inputs, null, List.of(), how);
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            for (Map.Entry<String, Value> e : graph.outputs().entrySet()) {
                Node n = producers.get(e.getValue().id());
                outputs.put(e.getKey(), read(n, at(n)));
            }
            return outputs;
        });
    }

    @Override
    public List<Latents> run(String input, List<Latents> latents, Map<String, Tensor> others, String output,
            Run how) {
        return DeviceThread.call(() -> {
            DeviceLatents pool = DeviceLatents.of(latents);
            if (pool == null || pool.backend().context() != backend.context()) {
                return Program.super.run(input, latents, others, output, how);
            }
            evaluate(others, input, latents, how);
            return pool.ofValues(at(producers.get(graph.outputs().get(output).id())), latents.size());
        });
    }

    /** Called when another program has overwritten the inputs. */
    void forgetInputs() {
        sent.clear();
    }

    private Offset.Values at(Node n) {
        return steps.get(graph.nodes().indexOf(n)).at;
    }

    /** Runs the network; {@code latents}, if not null, is the value of {@code latentInput}. */
    private void evaluate(Map<String, Tensor> inputs, String latentInput, List<Latents> latents, Run how) {
        Map<Node, Tensor> given = new LinkedHashMap<>();
        graph.inputs().stream().filter(n -> !n.name().equals(latentInput))
                .forEach(n -> given.put(n, HostLayout.requireInput(n, inputs)));
        bind();
        backend.context().runs(this);
        Device device = backend.context().device();
        for (Bound b : steps) {
            if (b.node.op() instanceof Op.Input && b.node.name().equals(latentInput)) {
                if (latents.stream().mapToLong(l -> l.shape().elements()).sum() != b.node.shape().elements()) {
                    throw new IllegalArgumentException(
                            latents.size() + " latents for input '" + latentInput + "' " + b.node.shape());
                }
                sent.remove(b.node);
                DeviceLatents.of(latents).toValues(latents, b.at);
            } else if (b.node.op() instanceof Op.Input
                    && !(how.unchanged().contains(b.node.name()) && sent.contains(b.node))) {
                sent.remove(b.node);
                float[] values = new float[Math.toIntExact(b.node.shape().elements())];
                HostLayout.copyIn(b.node, given.get(b.node), (i, v) -> values[i] = (float) v);
                device.uploads().values(b.at, values);
                sent.add(b.node);
            }
        }
        for (Bound b : steps) {
            how.check();
            long start = System.nanoTime();
            b.step.run(device, inputs);
            if (!how.timer().equals(Timer.NONE) && !b.step.equals(Step.NONE)) {
                device.finish();
                how.timer().took(b.node, System.nanoTime() - start);
            }
            if (wanted(b.node)) {
                probe.accept(b.node.resultName(), read(b.node, b.at));
            }
            if (probe.observes(b.node.resultName()) && !b.at.equals(Offset.Values.NONE)) {
                float[] values = device.read(b.at, Math.toIntExact(b.node.shape().elements()));
                probe.observe(b.node, ArrayNodeValue.of(b.node, values, 0, null));
            }
        }
    }

    private Tensor read(Node n, Offset.Values at) {
        float[] values = backend.context().device().read(at, Math.toIntExact(n.shape().elements()));
        return HostLayout.copyOut(n, i -> values[i]);
    }
}
