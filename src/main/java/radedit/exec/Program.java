package radedit.exec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import radedit.graph.Node;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** A compiled graph. */
public interface Program {
    /** Hears how long each node took. */
    @FunctionalInterface
    interface Timer {
        Timer NONE = (node, nanos) -> {};

        void took(Node node, long nanos);
    }

    /** Runs the network. */
    default Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return run(inputs, Timer.NONE);
    }

    /**
     * Runs the network.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}. A tensor that was
     *            given to the last run, too, has not changed since, and need not be sent to a device again
     * @param timer
     *            hears of every node, after fusion
     * @return the graph's outputs by name, pictures in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs, Timer timer);

    /**
     * Runs the network on latents and leaves its result where they are.
     *
     * @param input
     *            the input that takes the latents
     * @param latents
     *            each [1, channels, height, width], from a {@link LatentPool} of the backend, as many as the input's batch
     * @param others
     *            values for the other inputs
     * @param output
     *            the result that is wanted, of the latents' shape
     */
    default List<Latents> run(String input, List<Latents> latents, Map<String, Tensor> others, String output) {
        Map<String, Tensor> inputs = new HashMap<>(others);
        inputs.put(input, Tensor.concat(latents.stream().map(Latents::toTensor).toList()));
        Tensor out = run(inputs).get(output);
        List<Latents> each = new ArrayList<>();
        for (int i = 0; i < latents.size(); i++) {
            each.add(out.slice(i, i + 1));
        }
        return each;
    }
}
