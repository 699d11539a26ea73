package radedit.exec.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import radedit.exec.ArrayNodeValue;
import radedit.exec.HostLayout;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.tensor.Tensor;

/** A graph as a list of kernels bound to offsets in the arena. */
final class CpuProgram implements Program {
    private record Bound(Node node, @Nullable Step step, int at) {}

    private final List<Bound> steps = new ArrayList<>();
    private final Map<String, Node> outputs;
    private final Compiler compiler;
    private final Memory memory;
    private final Probe probe;
    private final Memory.Sizes sizes;

    CpuProgram(Graph graph, Compiler compiler, Memory memory, Probe probe) {
        this.outputs = graph.outputNodes();
        this.compiler = compiler;
        this.memory = memory;
        this.probe = probe;
        for (Node n : graph.nodes()) {
            steps.add(new Bound(n, compiler.step(n), compiler.offset(n.output())));
        }
        this.sizes = Memory.Sizes.of(compiler.arenaSize(),
                steps.stream().map(Bound::step).filter(Objects::nonNull).toList());
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Run options) {
        feed(inputs);
        memory.workers().runCancellable(options.cancellation(), () -> compute(options.timer()));
        Map<String, Tensor> results = new LinkedHashMap<>();
        outputs.forEach((name, n) -> {
            int at = compiler.offset(n.output());
            results.put(name, HostLayout.copyOut(n, i -> memory.arena()[at + i]));
        });
        return results;
    }

    private void feed(Map<String, Tensor> inputs) {
        memory.reserve(sizes);
        float[] arena = memory.arena();
        // The zeros for padding; another program may have overwritten them.
        Arrays.fill(arena, compiler.zeroAt(), (int) compiler.arenaSize(), 0);
        for (Bound b : steps) {
            if (b.node.op() instanceof Op.Input) {
                feed(b, HostLayout.requireInput(b.node, inputs), arena);
            }
        }
    }

    private static void feed(Bound input, Tensor value, float[] arena) {
        if (input.node.channelsFirst()) {
            HostLayout.copyIn(input.node, value, (i, v) -> arena[input.at + i] = (float) v);
            return;
        }
        double[] data = value.data();
        for (int i = 0; i < data.length; i++) { // a loop that the JVM vectorises
            arena[input.at + i] = (float) data[i];
        }
    }

    /** Runs the kernels on the values in the arena. */
    void compute(Timer timer) {
        for (Bound b : steps) {
            if (b.step != null) {
                long start = System.nanoTime();
                b.step.run(memory);
                timer.took(b.node, System.nanoTime() - start);
            }
            if (probe.replaces(b.node.resultName())) {
                Tensor value = HostLayout.copyOut(b.node, i -> memory.arena()[b.at + i]);
                HostLayout.copyIn(b.node, HostLayout.replacement(b.node, probe, value),
                        (i, v) -> memory.arena()[b.at + i] = (float) v);
            }
            if (probe.wants(b.node.resultName())) {
                probe.accept(b.node.resultName(), HostLayout.copyOut(b.node, i -> memory.arena()[b.at + i]));
            }
            if (probe.observes(b.node.resultName())) {
                probe.observe(b.node, ArrayNodeValue.of(b.node, memory.arena(), b.at, memory.workers()));
            }
        }
    }
}
