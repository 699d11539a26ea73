package radedit.metrics.features;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

import radedit.metrics.check.Require;

/** Checks and GEMMs of feature matrices. */
final class Features {
    /** Sixth powers of features, in the kernel, and their products are finite up to here. */
    private static final double LARGEST = 1e50;

    private Features() {
    }

    /** Refuses matrices that are ragged, of different widths, too short or not finite. */
    static void check(double[][] real, double[][] generated, int least) {
        Require.that(real.length >= least && generated.length >= least, "there are " + real.length + " and "
                + generated.length + " rows of features, but at least " + least + " of each are needed");
        int d = real[0].length;
        Require.that(d > 0, "rows of features are empty");
        check("real", real, d);
        check("generated", generated, d);
    }

    private static void check(String name, double[][] rows, int d) {
        for (int i = 0; i < rows.length; i++) {
            Require.that(rows[i].length == d, name + " row " + i + " has " + rows[i].length + " features, not " + d);
            Require.finite("feature of " + name + " row " + i, rows[i]);
            for (double v : rows[i]) {
                if (Math.abs(v) > LARGEST) {
                    throw new IllegalArgumentException(name + " row " + i + " has the feature " + v + ", beyond 1e50");
                }
            }
        }
    }

    /** a b', with a block size that keeps both in the cache. */
    static DMatrixRMaj timesTransposed(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj product = new DMatrixRMaj(a.numRows, b.numRows);
        CommonOps_DDRM.multTransB(a, b, product);
        return product;
    }
}
