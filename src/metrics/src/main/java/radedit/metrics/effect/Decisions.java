package radedit.metrics.effect;

import radedit.metrics.check.Require;

/** Decisions of a frozen threshold. */
final class Decisions {
    private Decisions() {
    }

    /** "Score at least threshold" for each case. */
    static boolean[] of(String name, double[] scores, double threshold) {
        Require.finite(name, scores);
        Require.finite("threshold", threshold);
        boolean[] yes = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            yes[i] = scores[i] >= threshold;
        }
        return yes;
    }
}
