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
    public void addProducts(double[] sum, double[] x, int at, int n, double[][] w, int from) {
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            int row = from + i;
            addFour(sum, x[at + i], w[row], x[at + i + 1], w[row + 1], x[at + i + 2], w[row + 2], x[at + i + 3],
                    w[row + 3]);
        }
        for (; i < n; i++) {
            double factor = x[at + i];
            double[] row = w[from + i];
            for (int o = 0; o < sum.length; o++) {
                sum[o] += factor * row[o];
            }
        }
    }

    private static void addFour(double[] sum, double a, double[] wa, double b, double[] wb, double c, double[] wc,
            double d, double[] wd) {
        for (int o = 0; o < sum.length; o++) {
            sum[o] = sum[o] + a * wa[o] + b * wb[o] + c * wc[o] + d * wd[o];
        }
    }
}
