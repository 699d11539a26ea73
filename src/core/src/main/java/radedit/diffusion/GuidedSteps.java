package radedit.diffusion;

import java.util.BitSet;

/**
 * Which steps of a sampling are guided; at the others, guidance has the weight 1 at most, so that where the prompt alone
 * counts, it alone is evaluated. Steps are those of {@link Sampler#networkTimesteps}.
 */
public final class GuidedSteps {
    /** Rounding of a share times a number of steps. */
    private static final double EPSILON = 1e-9;

    private final int steps;
    private final BitSet guided = new BitSet();

    private GuidedSteps(int steps) {
        this.steps = steps;
    }

    /**
     * {@return all steps}
     *
     * @param steps
     *            their number
     */
    public static GuidedSteps all(int steps) {
        GuidedSteps g = new GuidedSteps(steps);
        g.guided.set(0, steps);
        return g;
    }

    /**
     * {@return the steps in an interval of noise levels (Kynkäänniemi et al., arXiv:2404.07724), which is given by timesteps
     * as shares of the training timesteps: 0 is clean, 1 is noise; both ends belong to it}
     *
     * @param timesteps
     *            the timestep of each step, below {@code trained}
     * @param trained
     *            number of training timesteps
     * @param from
     *            lowest share, 0 or more
     * @param to
     *            highest share, 1 or less
     */
    public static GuidedSteps within(double[] timesteps, int trained, double from, double to) {
        GuidedSteps g = new GuidedSteps(timesteps.length);
        for (int i = 0; i < timesteps.length; i++) {
            double level = timesteps[i] / trained;
            g.guided.set(i, from <= level && level <= to);
        }
        return g;
    }

    /**
     * {@return the first steps}
     *
     * @param steps
     *            number of all steps
     * @param share
     *            share of them, above 0 and at most 1; the number is rounded up
     */
    public static GuidedSteps first(int steps, double share) {
        GuidedSteps g = new GuidedSteps(steps);
        g.guided.set(0, Math.clamp((int) Math.ceil(share * steps - EPSILON), 1, steps));
        return g;
    }

    /**
     * {@return whether a step is guided}
     *
     * @param step
     *            index of the step
     */
    public boolean includes(int step) {
        return guided.get(step);
    }

    /**
     * {@return the number of guided steps}
     *
     * @param first
     *            index of the first step that counts
     */
    public int count(int first) {
        return guided.get(first, steps).cardinality();
    }

    /**
     * {@return the latents that the network is run on in a sampling}
     *
     * @param first
     *            index of the first step, those before which are left out
     * @param branches
     *            latents at a guided step
     * @param otherBranches
     *            latents at another step
     * @param interval
     *            steps from one run of the whole network to the next, the only ones that count; 1 for every step. Where the
     *            number of latents changes, the whole network is run, and steps are counted anew
     */
    public long evaluations(int first, int branches, int otherBranches, int interval) {
        long all = 0;
        int since = 0;
        int before = 0;
        for (int i = first; i < steps; i++) {
            int now = includes(i) ? branches : otherBranches;
            if (since == interval || now != before) {
                since = 0;
            }
            all += since == 0 ? now : 0;
            since++;
            before = now;
        }
        return all;
    }
}
