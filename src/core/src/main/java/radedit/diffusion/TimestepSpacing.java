package radedit.diffusion;

import java.util.Locale;

import radedit.message.Message;
import radedit.message.Setting;
import radedit.message.SettingException;

/**
 * How inference timesteps are chosen from those of training (Lin et al., arXiv:2305.08891, table 2).
 *
 * @param rule
 *            the rule
 * @param offset
 *            added to the timesteps of {@link Rule#LEADING}
 */
public record TimestepSpacing(Rule rule, int offset) {
    /** The rules. */
    public enum Rule {
        /** Multiples of a whole stride, from the offset. */
        LEADING,
        /** A fractional stride down from the last training timestep, rounded. */
        TRAILING,
        /** Evenly from the first to the last training timestep. */
        LINSPACE;

        /** {@return the name on the command line} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * {@return inference timesteps, the noisiest first, that divide the schedule as DDIM does}
     *
     * @param n
     *            number of training timesteps
     * @param steps
     *            1 to {@code n}
     * @throws IllegalArgumentException
     *             if {@code steps} is out of range, or the offset leads past the last timestep
     */
    public int[] timesteps(int n, int steps) {
        requireRange(n, steps);
        int[] t = new int[steps];
        for (int i = 0; i < steps; i++) {
            int fromEnd = steps - 1 - i;
            t[i] = switch (rule) {
                case TRAILING -> trailing(n, steps, i);
                case LEADING -> fromEnd * (n / steps) + offset;
                case LINSPACE -> (int) Math.rint(linspace(n, steps, i));
            };
            requireTrained(n, steps, t[i]);
        }
        return t;
    }

    /** {@return the same without rounding {@link Rule#LINSPACE}, in float32, as diffusers' Euler schedulers have them} */
    double[] fractional(int n, int steps) {
        int[] whole = timesteps(n, steps);
        double[] t = new double[steps];
        for (int i = 0; i < steps; i++) {
            t[i] = rule == Rule.LINSPACE ? (float) linspace(n, steps, i) : whole[i];
        }
        return t;
    }

    /**
     * {@return inference timesteps, the noisiest first, for a solver whose last step ends at the first training timestep: all
     * but the last of {@code steps + 1}}
     */
    int[] solverTimesteps(int n, int steps) {
        requireRange(n, steps);
        int[] t = new int[steps];
        for (int i = 0; i < steps; i++) {
            t[i] = switch (rule) {
                case TRAILING -> trailing(n, steps, i);
                case LEADING -> (steps - i) * (n / (steps + 1)) + offset;
                case LINSPACE -> (int) Math.rint(linspace(n, steps + 1, i));
            };
            requireTrained(n, steps, t[i]);
        }
        return t;
    }

    private static void requireRange(int n, int steps) {
        if (steps < 1 || steps > n) {
            throw new SettingException(Message.of(Setting.STEPS, " must be from 1 to ", n, ", not ", steps));
        }
    }

    private void requireTrained(int n, int steps, int t) {
        if (t >= n) {
            throw new IllegalArgumentException(
                    steps + " steps with steps_offset " + offset + " reach past the last timestep");
        }
    }

    /** Element {@code i} of numpy.linspace(0, n - 1, steps), from the end. */
    private static double linspace(int n, int steps, int i) {
        int fromEnd = steps - 1 - i;
        return steps == 1 ? 0 : i == 0 ? n - 1 : fromEnd * ((n - 1.0) / (steps - 1));
    }

    /**
     * Spaced by the stride of numpy.arange(n, 0, -n / steps): the difference of its first two values, each rounded to a
     * double. Ties between two timesteps fall as they do there.
     */
    private static int trailing(int n, int steps, int i) {
        double stride = n - (double) n / steps - n;
        return (int) Math.rint(n + i * stride) - 1;
    }
}
