package radedit.diffusion;

/**
 * What the network predicts. A noisy latent is x = alpha x0 + sigma eps with alpha² + sigma² = 1; the network's output, with
 * x, determines both x0 and eps.
 */
public enum Prediction {
    /** The noise eps. */
    EPSILON {
        @Override
        double[] clean(double alpha, double sigma) {
            return new double[]{1 / alpha, -sigma / alpha};
        }

        @Override
        double[] noise(double alpha, double sigma) {
            return new double[]{0, 1};
        }
    },
    /** The clean latent x0. */
    SAMPLE {
        @Override
        double[] clean(double alpha, double sigma) {
            return new double[]{0, 1};
        }

        @Override
        double[] noise(double alpha, double sigma) {
            return new double[]{1 / sigma, -alpha / sigma};
        }
    },
    /** v = alpha eps - sigma x0 (Salimans and Ho, arXiv:2202.00512). */
    V_PREDICTION {
        @Override
        double[] clean(double alpha, double sigma) {
            return new double[]{alpha, -sigma};
        }

        @Override
        double[] noise(double alpha, double sigma) {
            return new double[]{sigma, alpha};
        }
    };

    /** {@return coefficients (a, b) in x0 = a·x + b·output} */
    abstract double[] clean(double alpha, double sigma);

    /** {@return coefficients (a, b) in eps = a·x + b·output} */
    abstract double[] noise(double alpha, double sigma);
}
