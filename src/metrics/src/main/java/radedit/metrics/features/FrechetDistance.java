package radedit.metrics.features;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Squared Fréchet distance of two Gaussians fitted to features (Dowson and Landau, J. Multivariate Analysis 12:450, 1982; as FID:
 * Heusel et al., arXiv:1706.08500, equation 6): |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), with sample covariances. It is what pytorch-fid and
 * torchmetrics compute, without forming a covariance: with C = F'F, tr (C1 C2)^(1/2) is the sum of the singular values of F1 F2'.
 * F is the centred features over sqrt(n - 1), or its R factor if n exceeds d. A square root of eigenvalues would
 * lose half of the digits where covariances are singular, which they are for n up to d.
 *
 * @param value
 *            the squared distance, which is what is called FID; at least 0 but for rounding
 * @param meanTerm
 *            |m1 - m2|^2
 * @param covarianceTerm
 *            the rest
 * @param singular
 *            whether a set has no more rows than features, so that its covariance is singular and the value depends strongly on n
 */
public record FrechetDistance(double value, double meanTerm, double covarianceTerm, boolean singular) {
    /**
     * {@return the distance of two sets}
     *
     * @param real
     *            [n][d], within 1e50, n at least 2
     * @param generated
     *            [m][d], within 1e50, m at least 2
     * @throws IllegalArgumentException
     *             if rows differ in length, there are fewer than 2 of a set, or a feature is not finite or beyond 1e50
     */
    public static FrechetDistance of(double[][] real, double[][] generated) {
        Features.check(real, generated, 2);
        int d = real[0].length;
        double[] m1 = mean(real);
        double[] m2 = mean(generated);
        double meanTerm = 0;
        for (int j = 0; j < d; j++) {
            meanTerm += (m1[j] - m2[j]) * (m1[j] - m2[j]);
        }
        DMatrixRMaj f1 = factor(real, m1);
        DMatrixRMaj f2 = factor(generated, m2);
        double trace1 = Math.pow(NormOps_DDRM.normF(f1), 2);
        double trace2 = Math.pow(NormOps_DDRM.normF(f2), 2);
        double covarianceTerm = trace1 + trace2 - 2 * sumOfSingularValues(Features.timesTransposed(f1, f2));
        return new FrechetDistance(meanTerm + covarianceTerm, meanTerm, covarianceTerm,
                Math.min(real.length, generated.length) <= d);
    }

    private static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] r : rows) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += r[j];
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= rows.length;
        }
        return mean;
    }

    /** F with F'F the covariance: [min(n, d), d]. */
    private static DMatrixRMaj factor(double[][] rows, double[] mean) {
        int n = rows.length;
        int d = mean.length;
        DMatrixRMaj f = new DMatrixRMaj(n, d);
        double scale = 1 / Math.sqrt(n - 1);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                f.set(i, j, (rows[i][j] - mean[j]) * scale);
            }
        }
        if (n <= d) {
            return f;
        }
        QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(n, d);
        qr.decompose(f); // false says that a column is 0 (a constant feature); R is right all the same
        return qr.getR(null, true);
    }

    private static double sumOfSingularValues(DMatrixRMaj m) {
        double largest = CommonOps_DDRM.elementMaxAbs(m);
        if (largest == 0) {
            return 0;
        }
        SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(m.numRows, m.numCols, false,
                false, true);
        if (!svd.decompose(m)) {
            throw new ArithmeticException("singular values of " + m.numRows + " x " + m.numCols + " did not converge");
        }
        double sum = 0;
        for (int i = 0; i < svd.numberOfSingularValues(); i++) {
            sum += svd.getSingularValues()[i];
        }
        return sum;
    }
}
