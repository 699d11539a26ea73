package radedit.graph;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import radedit.tensor.Tensor;

/**
 * Observes or replaces intermediate results of a network. A program is compiled with its probe, so results that it
 * does not ask for cost nothing. Names are the modules' paths in the published checkpoint; values have PyTorch's
 * layout, pictures [batch, channels, height, width].
 */
public interface Probe {
    /** Asks for nothing. */
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

    /**
     * {@return whether to pass a result to {@link #accept}}
     *
     * @param name
     *            the node's name
     */
    boolean wants(String name);

    /**
     * Receives a result.
     *
     * @param name
     *            the node's name
     * @param value
     *            a copy of the result
     */
    void accept(String name, Tensor value);

    /**
     * {@return whether to pass a result to {@link #replace}; false unless overridden}
     *
     * @param name
     *            the node's name
     */
    default boolean replaces(String name) {
        return false;
    }

    /**
     * Returns the value with which the network continues; {@link #accept} receives it too. Called for results that
     * {@link #replaces} names.
     *
     * @param name
     *            the node's name
     * @param value
     *            the computed result
     * @return a tensor of the same shape
     */
    default Tensor replace(String name, Tensor value) {
        return value;
    }

    /**
     * {@return whether to pass a result to {@link #observe}; false unless overridden}
     *
     * @param name
     *            the node's name
     */
    default boolean observes(String name) {
        return false;
    }

    /**
     * Receives a result as it is in an ordinary run: unlike {@link #wants}, this keeps no result from being fused away,
     * and what is fused away is not passed on. Called for results that {@link #observes} names.
     *
     * @param node
     *            the node, after fusion
     * @param value
     *            the result
     */
    default void observe(Node node, NodeValue value) {}

    /**
     * {@return whether the result must be materialised, not fused away: it is wanted or may be replaced}
     *
     * @param name
     *            the node's name
     */
    default boolean touches(String name) {
        return wants(name) || replaces(name);
    }

    /**
     * {@return a probe that observes one result}
     *
     * @param name
     *            the node's name
     * @param watcher
     *            receives the result
     */
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

    /**
     * {@return a probe that replaces one result}
     *
     * @param name
     *            the node's name
     * @param replacement
     *            maps the computed result to one of the same shape
     */
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
