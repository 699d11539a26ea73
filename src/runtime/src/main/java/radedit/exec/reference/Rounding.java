package radedit.exec.reference;

/** Rounds the results of operations, one after another. Not thread-safe. */
interface Rounding {
    /** {@return the rounded result of one operation} */
    double of(double result);

    /**
     * Adds x[at + i] times row from + i of w to the sums, for i from 0 to n - 1 in this order; each multiplication and
     * addition is one operation.
     *
     * @param w
     *            rows as long as sum; arrays of their own, because the JIT vectorises loops over arrays whose elements
     *            all have the same index
     */
    void addProducts(double[] sum, double[] x, int at, int n, double[][] w, int from);
}
