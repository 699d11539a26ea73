package radedit.diffusion;

import java.util.Locale;

/** How the noise levels of a solver are chosen. */
public enum SigmaSpacing {
    /** Those of the inference timesteps. */
    DISCRETE,
    /** Evenly in sigma^(1/7) between the largest and the smallest (Karras et al., arXiv:2206.00364, formula 5). */
    KARRAS,
    /** Evenly in log sigma. */
    EXPONENTIAL;

    private static final double RHO = 7;

    /**
     * {@return {@code steps} noise levels, the largest first}
     *
     * @param most
     *            the largest
     * @param least
     *            the smallest
     */
    double[] between(double most, double least, int steps) {
        if (this == DISCRETE) {
            throw new IllegalStateException("levels of timesteps are not computed");
        }
        double[] out = new double[steps];
        double from = Math.pow(most, 1 / RHO);
        double to = Math.pow(least, 1 / RHO);
        for (int i = 0; i < steps; i++) {
            out[i] = this == KARRAS
                    ? Math.pow(from + linspace(0, 1, steps, i) * (to - from), RHO)
                    : Math.exp(linspace(Math.log(most), Math.log(least), steps, i));
        }
        return out;
    }

    /** Element {@code i} of numpy.linspace(from, to, n). */
    private static double linspace(double from, double to, int n, int i) {
        return i == 0 ? from : i == n - 1 ? to : i * ((to - from) / (n - 1)) + from;
    }

    /** {@return the name on the command line} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
