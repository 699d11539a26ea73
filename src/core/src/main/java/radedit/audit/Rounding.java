package radedit.audit;

/**
 * How single roundings of float32 add up. Errors are counted in roundings: n of them, each at most the unit roundoff u
 * = 2^-24 relative to a value, change the value by at most the factor {@link #of}(n).
 */
enum Rounding {
    /**
     * All errors have the same sign and their full size: gamma_n = n u / (1 - n u) (Higham, Accuracy and Stability of
     * Numerical Algorithms, 2nd edition, lemma 3.1). Always holds.
     */
    WORST_CASE {
        @Override
        double of(double n) {
            return n * U < 0.5 ? n * U / (1 - n * U) : Double.POSITIVE_INFINITY;
        }

        @Override
        double sum(double a, double b) {
            return a + b;
        }
    },
    /**
     * Errors are independent with mean 0: sqrt(n) u (Higham and Mary, A new approach to probabilistic rounding error
     * analysis, SIAM Journal on Scientific Computing 41, 2019, theorem 2.4 with lambda = 1). Usually holds, and never
     * has to.
     */
    INDEPENDENT {
        @Override
        double of(double n) {
            return Math.sqrt(n) * U;
        }

        @Override
        double sum(double a, double b) {
            return Math.hypot(a, b);
        }
    };

    /** Unit roundoff of float32. */
    static final double U = 0x1p-24;
    /**
     * Smallest normal number of float32: products below it lose up to this much, if the processor replaces subnormal
     * numbers by 0.
     */
    static final double TINY = Float.MIN_NORMAL;
    /**
     * Covers products of errors, which the formulas leave out, and the rounding of the bounds themselves, which are
     * float32.
     */
    static final double SLACK = 1 + 0x1p-8;

    /**
     * {@return the relative error of n roundings}
     *
     * @param n
     *            number of roundings, or an error divided by u
     */
    abstract double of(double n);

    /** {@return the error of a sum of two values with these errors} */
    abstract double sum(double a, double b);
}
