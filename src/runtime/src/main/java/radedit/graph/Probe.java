package radedit.graph;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import radedit.tensor.Tensor;

/**
 * Sees intermediate results, and puts others in their place. It is given at compile time and asked first, so without one nothing is
 * copied. Names are the modules' paths in the published checkpoint.
 */
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

    /** Whether the result of the node of this name may be replaced; no unless overridden. */
    default boolean replaces(String name) {
        return false;
    }

    /**
     * What the network goes on with in place of a result that {@link #replaces} names; {@link #accept} sees it after that.
     *
     * @param value
     *            in the layout PyTorch gives it
     * @return a tensor of the same shape
     */
    default Tensor replace(String name, Tensor value) {
        return value;
    }

    /** Whether the result of the node of this name has to be made as it is, and not as a part of another's. */
    default boolean touches(String name) {
        return wants(name) || replaces(name);
    }

    /** Shows one result. */
    static Probe watching(String name, Consumer<Tensor> watcher) {
        return new Probe() {
            @Override
            public boolean wants(String n) {
                return n.equals(name);
            }

            @Override
            public void accept(String n, Tensor value) {
                watcher.accept(value);
            }
        };
    }

    /** Replaces one result. */
    static Probe replacing(String name, UnaryOperator<Tensor> replacement) {
        return new Probe() {
            @Override
            public boolean wants(String n) {
                return false;
            }

            @Override
            public void accept(String n, Tensor value) {
                throw new IllegalStateException("not asked for: " + n);
            }

            @Override
            public boolean replaces(String n) {
                return n.equals(name);
            }

            @Override
            public Tensor replace(String n, Tensor value) {
                return replacement.apply(value);
            }
        };
    }
}
