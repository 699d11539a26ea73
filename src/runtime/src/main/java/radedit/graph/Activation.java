package radedit.graph;

/** Elementwise functions, under the names that configurations give them. */
public enum Activation {
    /** The identity. */
    NONE,
    /** x / (1 + exp(-x)). */
    SILU,
    /** x/2 (1 + erf(x / sqrt 2)), the exact form. */
    GELU,
    /** max(x, 0). */
    RELU
}
