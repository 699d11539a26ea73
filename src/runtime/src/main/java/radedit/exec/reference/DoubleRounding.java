package radedit.exec.reference;

/** Leaves results in double precision as they are. */
final class DoubleRounding implements Rounding {
    private static final DoubleRounding NONE = new DoubleRounding();
    /** That of every run. */
    static final Arithmetic.RunRounding RUN = new Arithmetic.RunRounding() {
        @Override
        public Rounding input(int id) {
            return NONE;
        }

        @Override
        public Arithmetic.NodeRounding node(int id) {
            return task -> NONE;
        }
    };

    private DoubleRounding() {
    }

    @Override
    public double of(double result) {
        return result;
    }

    /** Processing four rows at a time keeps a sum in a register for four additions without changing their order. */
    @Override
    public void addProducts(double[] sum, double[] x, int at, int n, double[] w, int from) {
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            addFour(sum, x[at + i], x[at + i + 1], x[at + i + 2], x[at + i + 3], w, from + i * sum.length);
        }
        for (; i < n; i++) {
            double factor = x[at + i];
            int row = from + i * sum.length;
            for (int o = 0; o < sum.length; o++) {
                sum[o] += factor * w[row + o];
            }
        }
    }

    private static void addFour(double[] sum, double a, double b, double c, double d, double[] w, int row) {
        int n = sum.length;
        for (int o = 0; o < n; o++) {
            sum[o] = sum[o] + a * w[row + o] + b * w[row + n + o] + c * w[row + 2 * n + o] + d * w[row + 3 * n + o];
        }
    }
}
