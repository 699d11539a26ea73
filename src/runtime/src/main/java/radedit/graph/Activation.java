package radedit.graph;

/** Elementwise functions. */
public enum Activation {
    /** The identity. */
    NONE,
    /** x / (1 + exp(-x)) (Elfwing et al., arXiv:1702.03118). */
    SILU,
    /** x/2 (1 + erf(x / sqrt 2)), the exact form (Hendrycks and Gimpel, arXiv:1606.08415). */
    GELU,
    /** max(x, 0). */
    RELU
}
