package radedit.weights;

import java.util.Set;

/** Tensors that training and profiling tools leave in checkpoints of any network, and that no result depends on. */
public final class InertTensors {
    private static final Set<String> NAMES = Set.of("position_ids", "num_batches_tracked", "n_averaged", "total_ops",
            "total_params");

    private InertTensors() {
    }

    /** Whether a tensor is one of these, by the last part of its name. */
    public static boolean contains(String name) {
        return NAMES.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
