package radedit.exec.tornado;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.Backends;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Probe;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * A case of the self-test: a graph with random weights, whose outputs on the device are compared with those of the reference
 * backend.
 *
 * @param dtype
 *            type of the weights in the file
 * @param bound
 *            what the relative error of each output must be below; 0 if the outputs must be equal
 */
record SelfTestCase(String name, Graph graph, DType dtype, Map<String, Tensor> inputs, double bound) {
    /**
     * Checks cases, each with every policy.
     *
     * @throws BackendException
     *             if a result is wrong; the message names case and output
     */
    static void check(List<SelfTestCase> cases, TornadoBackend backend, List<TilePolicy> policies) {
        try {
            Path folder = Files.createTempDirectory("radedit");
            try {
                for (SelfTestCase c : cases) {
                    c.check(backend, policies, folder);
                }
            } finally {
                Files.deleteIfExists(folder.resolve("model.safetensors"));
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void check(TornadoBackend backend, List<TilePolicy> policies, Path folder) throws IOException {
        Random random = new Random(1);
        SafetensorsWriter writer = new SafetensorsWriter();
        graph.weights().forEach((weight, shape) -> writer.add(weight, dtype, random(shape, random)
                .map(v -> shape.rank() > 1 ? v * Math.sqrt((double) shape.dim(0) / shape.elements()) : v)));
        try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
            writer.writeTo(out);
        }
        try (WeightStore store = WeightStore.open(folder); Backend reference = Backends.open("reference", 1)) {
            Map<String, Tensor> exact = reference.compile(graph, store, Probe.NONE).run(inputs);
            for (TilePolicy policy : policies) {
                new TornadoProgram(Fusion.apply(graph, v -> false), store, Probe.NONE, backend, policy).run(inputs)
                        .forEach((output, ours) -> compare(name + ", " + output, ours, exact.get(output), bound));
            }
        }
    }

    /** Random numbers for each input of a graph. */
    static Map<String, Tensor> randomInputs(Graph graph) {
        Random random = new Random(2);
        Map<String, Tensor> inputs = new HashMap<>();
        for (Node n : graph.inputs()) {
            Shape s = n.shape();
            inputs.put(n.name(), random(
                    s.rank() == 4 ? Shape.of(s.dim(0), s.dim(3), s.dim(1), s.dim(2)) : s, random));
        }
        return inputs;
    }

    static Tensor random(Shape shape, Random random) {
        return Tensor.zeros(shape).map(v -> (float) random.nextGaussian());
    }

    /**
     * @throws BackendException
     *             if a result is wrong
     */
    static void compare(String what, Tensor ours, Tensor exact, double bound) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < exact.data().length; i++) {
            double d = ours.data()[i] - exact.data()[i];
            difference += d * d;
            size += exact.data()[i] * exact.data()[i];
        }
        double error = Math.sqrt(difference / size);
        boolean equal = IntStream.range(0, exact.data().length).allMatch(i -> ours.data()[i] == exact.data()[i]);
        if (!(equal || error < bound)) {
            throw new BackendException(String.format(Locale.ROOT,
                    "the GPU computes wrong results (%s: relative error %.1e); try another driver, or use the cpu backend",
                    what, error));
        }
    }
}
