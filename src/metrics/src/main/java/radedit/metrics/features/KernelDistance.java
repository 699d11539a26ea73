package radedit.metrics.features;

import org.ejml.data.DMatrixRMaj;

/**
 * Kernel inception distance (Bińkowski et al., arXiv:1801.01401): the unbiased estimate of the squared maximum mean discrepancy with the kernel
 * k(x, y) = (x'y / d + 1)^3, over all rows at once rather than averaged over random subsets.
 */
public final class KernelDistance {
    private KernelDistance() {
    }

    /**
     * {@return mean of k over pairs of different real rows + the same of generated rows - 2 times the mean over all pairs of a real and
     * a generated row. May be negative, because it is unbiased. Equal to torchmetrics' {@code poly_mmd} of the full sets}
     *
     * @param real
     *            [n][d], finite, n at least 2
     * @param generated
     *            [m][d], finite, m at least 2
     * @throws IllegalArgumentException
     *             if rows differ in length, there are fewer than 2 of a set, or a feature is not finite
     */
    public static double of(double[][] real, double[][] generated) {
        Features.check(real, generated, 2);
        DMatrixRMaj x = Features.matrix(real);
        DMatrixRMaj y = Features.matrix(generated);
        return meanKernel(x, x, true) + meanKernel(y, y, true) - 2 * meanKernel(x, y, false);
    }

    private static double meanKernel(DMatrixRMaj x, DMatrixRMaj y, boolean withoutDiagonal) {
        DMatrixRMaj dots = Features.timesTransposed(x, y);
        double sum = 0;
        for (int i = 0; i < dots.numRows; i++) {
            double row = 0;
            for (int j = 0; j < dots.numCols; j++) {
                if (!withoutDiagonal || i != j) {
                    double base = dots.get(i, j) / x.numCols + 1;
                    row += base * base * base;
                }
            }
            sum += row;
        }
        return sum / dots.numRows / (withoutDiagonal ? dots.numCols - 1.0 : dots.numCols);
    }
}
