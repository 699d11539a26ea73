package radedit.metrics.features;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;

/**
 * Kernel inception distance (Bińkowski et al., arXiv:1801.01401): the unbiased estimate of the squared maximum mean discrepancy with the kernel
 * k(x, y) = (x'y / d + 1)^3, over all rows at once rather than averaged over random subsets.
 */
public final class KernelDistance {
    private static final int BLOCK = 256; // rows at a time: the matrix of all kernels would not fit for tens of thousands

    private KernelDistance() {
    }

    /**
     * {@return mean of k over pairs of different real rows + the same of generated rows - 2 times the mean over all pairs of a real and
     * a generated row. May be negative, because it is unbiased. Equal to torchmetrics' {@code poly_mmd} of the full sets}
     *
     * @param real
     *            [n][d], within 1e50, n at least 2
     * @param generated
     *            [m][d], within 1e50, m at least 2
     * @throws IllegalArgumentException
     *             if rows differ in length, there are fewer than 2 of a set, or a feature is not finite or beyond 1e50
     */
    public static double of(double[][] real, double[][] generated) {
        Features.check(real, generated, 2);
        return meanKernel(real, real, true) + meanKernel(generated, generated, true)
                - 2 * meanKernel(real, generated, false);
    }

    private static double meanKernel(double[][] x, double[][] y, boolean withoutDiagonal) {
        DMatrixRMaj all = new DMatrixRMaj(y);
        double sum = 0;
        for (int from = 0; from < x.length; from += BLOCK) {
            DMatrixRMaj block = new DMatrixRMaj(Arrays.copyOfRange(x, from, Math.min(from + BLOCK, x.length)));
            DMatrixRMaj dots = Features.timesTransposed(block, all);
            for (int i = 0; i < dots.numRows; i++) {
                double row = 0;
                for (int j = 0; j < dots.numCols; j++) {
                    if (!withoutDiagonal || from + i != j) {
                        double base = dots.get(i, j) / all.numCols + 1;
                        row += base * base * base;
                    }
                }
                sum += row;
            }
        }
        return sum / x.length / (withoutDiagonal ? y.length - 1.0 : y.length);
    }
}
