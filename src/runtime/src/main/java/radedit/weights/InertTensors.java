package radedit.weights;

import java.util.Set;

/** Tensors that training and profiling tools leave in checkpoints and on which no result depends. */
public final class InertTensors {
    private static final Set<String> NAMES = Set.of("position_ids", "num_batches_tracked", "n_averaged", "total_ops",
            "total_params");

    private InertTensors() {
    }

    /**
     * {@return whether a tensor is one of these, by the last component of its name}
     *
     * @param name
     *            the tensor's name, components separated by dots
     */
    public static boolean contains(String name) {
        return NAMES.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
