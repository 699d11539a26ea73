package radedit.exec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import radedit.graph.Node;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** A compiled graph. */
public interface Program {
    /** Receives the time that each node took. */
    @FunctionalInterface
    interface Timer {
        /** Ignores it. */
        Timer NONE = (node, nanos) -> {};

        /**
         * Called after each node.
         *
         * @param node
         *            the node, after fusion
         * @param nanos
         *            its time in nanoseconds
         */
        void took(Node node, long nanos);
    }

    /**
     * Options of one run.
     *
     * @param timer
     *            receives the time of every node, after fusion
     * @param cancellation
     *            stops the run early; null for none
     * @param unchanged
     *            names of inputs that have the same values as in the last run of this program and need not be
     *            uploaded again
     */
    record Run(Timer timer, @Nullable Cancellation cancellation, Set<String> unchanged) {
        /** A run to the end, with all inputs new, without timing. */
        public static final Run DEFAULT = new Run(Timer.NONE, null, Set.of());

        /**
         * Copies the names.
         *
         * @param timer
         *            receives the time of every node, after fusion
         * @param cancellation
         *            stops the run early; null for none
         * @param unchanged
         *            names of inputs that have the same values as in the last run
         */
        public Run {
            unchanged = Set.copyOf(unchanged);
        }

        /**
         * Throws if a stop was requested.
         *
         * @throws CancelledException
         *             if so
         */
        public void check() {
            if (cancellation != null) {
                cancellation.check();
            }
        }

        /**
         * {@return these options with other unchanged inputs}
         *
         * @param names
         *            names of inputs that have the same values as in the last run
         */
        public Run withUnchanged(String... names) {
            return new Run(timer, cancellation, Set.of(names));
        }

        /** {@return these options with all inputs new} */
        public Run withAllInputsNew() {
            return new Run(timer, cancellation, Set.of());
        }
    }

    /**
     * Runs the network to its end, with all inputs new.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}
     * @return the graph's outputs by name, pictures in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     */
    default Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return run(inputs, Run.DEFAULT);
    }

    /**
     * Runs the network to its end, with all inputs new, and reports the time of each node.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}
     * @param timer
     *            receives the time of every node, after fusion
     * @return the graph's outputs by name, pictures in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     */
    default Map<String, Tensor> run(Map<String, Tensor> inputs, Timer timer) {
        return run(inputs, new Run(timer, null, Set.of()));
    }

    /**
     * Runs the network.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}
     * @param options
     *            options of this run
     * @return the graph's outputs by name, pictures in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     * @throws CancelledException
     *             if it was cancelled; the program can be run again
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs, Run options);

    /**
     * Runs the network for one of its outputs.
     *
     * @param inputs
     *            a value for every input of the graph; pictures are {@code [batch, channels, height, width]}
     * @param output
     *            name of the output
     * @param options
     *            options of this run
     * @return the output, a picture in the same layout
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape, or there is no such output
     * @throws CancelledException
     *             if it was cancelled; the program can be run again
     */
    default Tensor run(Map<String, Tensor> inputs, String output, Run options) {
        return output(run(inputs, options), output);
    }

    /**
     * {@return one of the outputs of a run}
     *
     * @param outputs
     *            all outputs, by name
     * @param name
     *            name of the output
     * @throws IllegalArgumentException
     *             if there is no such output
     */
    static Tensor output(Map<String, Tensor> outputs, String name) {
        Tensor out = outputs.get(name);
        if (out == null) {
            throw new IllegalArgumentException("the network has no output '" + name + "'");
        }
        return out;
    }

    /**
     * Runs the network on latents, to its end and with all inputs new.
     *
     * @param input
     *            name of the input that takes the latents
     * @param latents
     *            each [1, channels, height, width], from a {@link LatentPool} of the backend; as many as the
     *            input's batch
     * @param others
     *            values of the other inputs, by name
     * @param output
     *            name of the output to return, of the latents' shape
     * @return the output, one for each of the latents, in the same memory
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     */
    default List<Latents> run(String input, List<Latents> latents, Map<String, Tensor> others, String output) {
        return run(input, latents, others, output, Run.DEFAULT);
    }

    /**
     * Runs the network on latents and leaves its result in their memory.
     *
     * @param input
     *            name of the input that takes the latents
     * @param latents
     *            each [1, channels, height, width], from a {@link LatentPool} of the backend; as many as the
     *            input's batch
     * @param others
     *            values of the other inputs, by name
     * @param output
     *            name of the output to return, of the latents' shape
     * @param options
     *            options of this run
     * @return the output, one for each of the latents, in the same memory
     * @throws IllegalArgumentException
     *             if an input is missing or has another shape
     * @throws CancelledException
     *             if it was cancelled; the program can be run again
     */
    default List<Latents> run(String input, List<Latents> latents, Map<String, Tensor> others, String output,
            Run options) {
        Map<String, Tensor> inputs = new HashMap<>(others);
        inputs.put(input, Tensor.concat(latents.stream().map(Latents::toTensor).toList()));
        Tensor out = run(inputs, output, options);
        List<Latents> each = new ArrayList<>();
        for (int i = 0; i < latents.size(); i++) {
            each.add(out.slice(i, i + 1));
        }
        return each;
    }
}
