package radedit.trace;

import java.util.List;
import java.util.Map;

import radedit.exec.Backend;
import radedit.exec.ForwardingBackend;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.NodeValue;
import radedit.graph.Probe;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/** A backend whose programs show their nodes to a trace. */
final class TracedBackend extends ForwardingBackend {
    private static final String TIMESTEP = "timestep";

    private final TraceRecorder recorder;

    TracedBackend(Backend backend, TraceRecorder recorder) {
        super(backend);
        this.recorder = recorder;
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        String network = network(graph);
        return new Traced(network, super.compile(graph, weights, new Both(probe, recorder.nodes(network))));
    }

    /** The network's name on the command line, by its inputs and outputs. */
    static String network(Graph graph) {
        List<String> inputs = graph.inputs().stream().map(Node::name).toList();
        if (inputs.contains("sample")) {
            return "unet";
        } else if (inputs.contains("latent")) {
            return "vae-decoder";
        } else if (inputs.contains("input_ids")) {
            return "text-encoder";
        }
        if (inputs.contains("encoder_hidden_states")) {
            return TraceValue.UNET_TEXTS;
        } else if (inputs.contains(TIMESTEP)) {
            return TraceValue.UNET_TIMES;
        }
        return graph.outputs().containsKey("moments") ? "vae-encoder" : "image-encoder";
    }

    /** A trace has one edit after the other. */
    @Override
    public boolean gainsFromBatches() {
        return false;
    }

    /** A program whose runs are calls of the trace. */
    private final class Traced implements Program {
        private final String network;
        private final Program program;

        Traced(String network, Program program) {
            this.network = network;
            this.program = program;
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Run options) {
            recorder.call(network, inputs.get(TIMESTEP));
            return program.run(inputs, options);
        }

        @Override
        public List<Latents> run(String input, List<Latents> latents, Map<String, Tensor> others, String output,
                Run options) {
            recorder.call(network, others.get(TIMESTEP));
            return program.run(input, latents, others, output, options);
        }
    }

    /** A user's probe and the trace's, which only observes. */
    private record Both(Probe user, Probe trace) implements Probe {
        @Override
        public boolean wants(String name) {
            return user.wants(name) || trace.wants(name);
        }

        @Override
        public void accept(String name, Tensor value) {
            if (user.wants(name)) {
                user.accept(name, value);
            }
        }

        @Override
        public boolean replaces(String name) {
            return user.replaces(name);
        }

        @Override
        public Tensor replace(String name, Tensor value) {
            return user.replace(name, value);
        }

        @Override
        public boolean observes(String name) {
            return user.observes(name) || trace.observes(name);
        }

        @Override
        public void observe(Node node, NodeValue value) {
            if (user.observes(node.resultName())) {
                user.observe(node, value);
            }
            if (trace.observes(node.resultName())) {
                trace.observe(node, value);
            }
        }
    }
}
