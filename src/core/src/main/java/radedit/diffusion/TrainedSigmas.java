package radedit.diffusion;

/** The noise levels sigma of all training timesteps, and what lies between two of them, as in diffusers. */
final class TrainedSigmas {
    /** Coefficients, from the constant term up, of the quotient of polynomials by which numpy computes log(1 + x) / 1. */
    private static final float[] NUMERATOR = {0, 1, 2.112677543073053063722e+00f, 1.480000633576506585156e+00f,
            3.808837741388407920751e-01f, 2.589979117907922693523e-02f};
    private static final float[] DENOMINATOR = {1, 2.612677543073109236779e+00f, 2.453006071784736363091e+00f,
            9.864942958519418960339e-01f, 1.546476374983906719538e-01f, 5.875095403124574342950e-03f};
    private static final float LN_2 = (float) 0.693147180559945309417232121458176568;
    private static final float SQRT_HALF = (float) Math.sqrt(0.5);

    private final float[] sigmas;
    private final float[] logs;

    TrainedSigmas(NoiseSchedule schedule) {
        sigmas = schedule.sigmas();
        logs = new float[sigmas.length];
        for (int t = 0; t < logs.length; t++) {
            logs[t] = log(sigmas[t]);
        }
    }

    double least() {
        return sigmas[0];
    }

    double most() {
        return sigmas[sigmas.length - 1];
    }

    /** {@return sigma at a timestep, linear between two whole ones, as numpy.interp has it} */
    double at(double timestep) {
        int below = (int) timestep;
        if (below == timestep) {
            return sigmas[below];
        }
        double slope = (double) sigmas[below + 1] - sigmas[below];
        return slope * (timestep - below) + sigmas[below];
    }

    /** {@return the timestep of a noise level, linear in log sigma between two whole ones} */
    double timestep(double sigma) {
        double wanted = Math.log(Math.max(sigma, 1e-10));
        int notAbove = 0;
        while (notAbove < logs.length && wanted >= logs[notAbove]) {
            notAbove++;
        }
        int low = Math.clamp(notAbove - 1, 0, logs.length - 2);
        float width = logs[low] - logs[low + 1];
        double w = Math.clamp((logs[low] - wanted) / width, 0, 1);
        return (1 - w) * low + w * (low + 1);
    }

    /**
     * The natural logarithm as numpy computes it in float32 on CPUs with fused multiply-adds. Two neighbouring logarithms
     * differ by a few thousandths, so that a rounding of one moves fractional timesteps by ten-thousandths, which the network
     * would notice.
     */
    static float log(float x) {
        int exponent = Math.getExponent(x) + 1;
        float m = x * (float) Math.scalb(1.0, -exponent);
        if (m <= SQRT_HALF) {
            m += m;
            exponent--;
        }
        m -= 1;
        float numerator = NUMERATOR[5];
        float denominator = DENOMINATOR[5];
        for (int k = 4; k >= 0; k--) {
            numerator = Math.fma(numerator, m, NUMERATOR[k]);
            denominator = Math.fma(denominator, m, DENOMINATOR[k]);
        }
        return Math.fma(exponent, LN_2, numerator / denominator);
    }
}
