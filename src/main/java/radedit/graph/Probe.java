package radedit.graph;

import radedit.tensor.Tensor;

/** Sees intermediate results. It is given at compile time and asked first, so without one nothing is copied. */
public interface Probe {
    /** Wants nothing. */
    Probe NONE = new Probe() {
        @Override
        public boolean wants(String name) {
            return false;
        }

        @Override
        public void accept(String name, Tensor value) {
            throw new IllegalStateException("not asked for: " + name);
        }
    };

    /** Whether the result of the node of this name is to be shown. */
    boolean wants(String name);

    /**
     * Takes a result, in the layout PyTorch gives it.
     */
    void accept(String name, Tensor value);
}
