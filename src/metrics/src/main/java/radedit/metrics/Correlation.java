package radedit.metrics;

import java.util.Arrays;

import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

import radedit.metrics.check.Require;

/**
 * A correlation of two variables and its two-sided p-value by Student's t with n - 2 degrees of freedom.
 *
 * @param coefficient
 *            from -1 to 1; NaN if a variable is constant
 * @param pValue
 *            NaN if the coefficient is; 1 for n = 2 (Pearson) or NaN (Spearman), as in SciPy
 * @param count
 *            n
 */
public record Correlation(double coefficient, double pValue, int count) {
    /**
     * {@return Pearson's product-moment correlation; equal to {@code scipy.stats.pearsonr}}
     *
     * @param x
     *            [n], finite, n at least 2
     * @param y
     *            [n], finite
     * @throws IllegalArgumentException
     *             if lengths differ, n is below 2 or a value is not finite
     */
    public static Correlation pearson(double[] x, double[] y) {
        check(x, y);
        double r = coefficient(x, y);
        return new Correlation(r, x.length == 2 && !Double.isNaN(r) ? 1 : pValue(r, x.length), x.length);
    }

    /**
     * {@return Spearman's rank correlation, ties having their mean rank; equal to {@code scipy.stats.spearmanr}}
     *
     * @param x
     *            [n], finite, n at least 2
     * @param y
     *            [n], finite
     * @throws IllegalArgumentException
     *             if lengths differ, n is below 2 or a value is not finite
     */
    public static Correlation spearman(double[] x, double[] y) {
        check(x, y);
        NaturalRanking ranking = new NaturalRanking(TiesStrategy.AVERAGE);
        double r = coefficient(ranking.rank(unsignedZeros(x)), ranking.rank(unsignedZeros(y)));
        return new Correlation(r, x.length == 2 ? Double.NaN : pValue(r, x.length), x.length);
    }

    private static void check(double[] x, double[] y) {
        Require.sameLength("values of x", x.length, "values of y", y.length);
        Require.that(x.length >= 2, "a correlation needs at least 2 pairs, not " + x.length);
        Require.finite("x", x);
        Require.finite("y", y);
    }

    /** The ranking takes -0 and 0 for different values. */
    private static double[] unsignedZeros(double[] x) {
        return Arrays.stream(x).map(v -> v == 0 ? 0 : v).toArray();
    }

    private static double coefficient(double[] x, double[] y) {
        if (constant(x) || constant(y)) {
            return Double.NaN; // rounding of the mean must not make one up
        }
        return Math.clamp(new PearsonsCorrelation().correlation(x, y), -1, 1);
    }

    private static boolean constant(double[] x) {
        for (double v : x) {
            if (v != x[0]) {
                return false;
            }
        }
        return true;
    }

    /** P(|T| >= t) = I(1 - r^2; (n - 2) / 2, 1 / 2) for t = r sqrt((n - 2) / (1 - r^2)). */
    private static double pValue(double r, int n) {
        return Double.isNaN(r) ? r : Beta.regularizedBeta((1 - r) * (1 + r), (n - 2) / 2.0, 0.5);
    }
}
