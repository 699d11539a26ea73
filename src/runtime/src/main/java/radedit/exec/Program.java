package radedit.exec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /**
     * How one run goes.
     *
     * @param timer
     *            hears of every node, after fusion
     * @param cancellation
     *            ends the run early; null for nothing
     * @param unchanged
     *            names of inputs whose values are those of the last run of this program, and need not be sent to a device again
     */
    record Run(Timer timer, Cancellation cancellation, Set<String> unchanged) {
        /** To its end, with all inputs new, and nobody hears of it. */
        public static final Run WHOLE = new Run(Timer.NONE, null, Set.of());

        public Run {
            unchanged = Set.copyOf(unchanged);
        }

        /**
         * Does nothing unless the run is to end.
         *
         * @throws CancelledException
         *             if it is
         */
        public void check() {
            if (cancellation != null) {
                cancellation.check();
            }
        }

        /** The same with some inputs as they were in the last run. */
        public Run withUnchanged(String... names) {
            return new Run(timer, cancellation, Set.of(names));
        }

        /** The same with all inputs new. */
        public Run withAllInputsNew() {
            return new Run(timer, cancellation, Set.of());
        }
    }

    /** Runs the network. */
    default Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return run(inputs, Run.WHOLE);
    }

    /** Runs the network and tells how long each node took. */
    default Map<String, Tensor> run(Map<String, Tensor> inputs, Timer timer) {
        return run(inputs, new Run(timer, null, Set.of()));
    }

    /**
     * Runs the network.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}
     * @return the graph's outputs by name, pictures in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     * @throws CancelledException
     *             if it was cancelled; the program can be run again
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs, Run how);

    /** Runs the network on latents, to its end and with all inputs new. */
    default List<Latents> run(String input, List<Latents> latents, Map<String, Tensor> others, String output) {
        return run(input, latents, others, output, Run.WHOLE);
    }

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
    default List<Latents> run(String input, List<Latents> latents, Map<String, Tensor> others, String output,
            Run how) {
        Map<String, Tensor> inputs = new HashMap<>(others);
        inputs.put(input, Tensor.concat(latents.stream().map(Latents::toTensor).toList()));
        Tensor out = run(inputs, how).get(output);
        List<Latents> each = new ArrayList<>();
        for (int i = 0; i < latents.size(); i++) {
            each.add(out.slice(i, i + 1));
        }
        return each;
    }
}
