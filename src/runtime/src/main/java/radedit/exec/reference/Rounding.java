package radedit.exec.reference;

/** Rounds the results of operations, one after another. Not thread-safe. */
interface Rounding {
    /** {@return the rounded result of one operation} */
    double of(double result);

    /**
     * Adds x[at + i] times row i of w to the sums, for i from 0 to n - 1 in this order; each multiplication and
     * addition is one operation.
     *
     * @param from
     *            index of the first element of row 0 of w, whose rows are as long as sum
     */
    void addProducts(double[] sum, double[] x, int at, int n, double[] w, int from);
}
