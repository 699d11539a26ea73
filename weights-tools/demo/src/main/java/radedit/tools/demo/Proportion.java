package radedit.tools.demo;

import java.util.Locale;

/**
 * A proportion with its confidence interval.
 *
 * @param hits
 *            at most total
 */
record Proportion(int hits, int total) {
    /** Two-sided 95 % quantile of the normal distribution. */
    private static final double Z = 1.959963984540054;

    Proportion plus(boolean hit) {
        return new Proportion(hits + (hit ? 1 : 0), total + 1);
    }

    /** Lower end of the 95 % score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953). */
    double low() {
        return total == 0 ? 0 : Math.max(0, centre() - half());
    }

    /** Upper end of the 95 % interval. */
    double high() {
        return total == 0 ? 1 : Math.min(1, centre() + half());
    }

    private double centre() {
        double n = total;
        return (hits / n + Z * Z / (2 * n)) / (1 + Z * Z / n);
    }

    private double half() {
        double n = total;
        double p = hits / n;
        return Z / (1 + Z * Z / n) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d of %d (95 %% interval %.1f to %.1f %%)", hits, total, 100 * low(),
                100 * high());
    }
}
