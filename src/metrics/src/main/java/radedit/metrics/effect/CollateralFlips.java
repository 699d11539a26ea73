package radedit.metrics.effect;

import java.util.ArrayList;
import java.util.List;

import radedit.metrics.Proportion;
import radedit.metrics.check.Require;

/**
 * Flips of all classes of a multi-label classifier after an edit that aims at one of them.
 *
 * @param target
 *            index of the class that the edit aims at
 * @param byClass
 *            [classes], the flips of each class, the target's among them
 * @param anyOther
 *            cases in which at least one class other than the target flipped, among all cases
 * @param otherDecisions
 *            flips among all decisions on classes other than the target: cases times (classes - 1)
 */
public record CollateralFlips(int target, List<Flips> byClass, Proportion anyOther, Proportion otherDecisions) {
    /** Takes a copy of the list. */
    public CollateralFlips {
        byClass = List.copyOf(byClass);
    }

    /**
     * {@return the flips of each class at frozen thresholds}
     *
     * @param before
     *            [n][classes], scores of the originals, finite
     * @param after
     *            [n][classes], scores of the same cases after the edit, finite
     * @param thresholds
     *            [classes], finite
     * @param target
     *            index of the class that the edit aims at, from 0 to classes - 1
     * @throws IllegalArgumentException
     *             if shapes differ, a number is not finite or the target is out of range
     */
    public static CollateralFlips of(double[][] before, double[][] after, double[] thresholds, int target) {
        int classes = thresholds.length;
        Require.sameLength("cases before", before.length, "cases after", after.length);
        Require.that(target >= 0 && target < classes, "target class " + target + " of " + classes);
        boolean[] any = new boolean[before.length];
        List<Flips> byClass = new ArrayList<>();
        int others = 0;
        for (int c = 0; c < classes; c++) {
            boolean[] was = Decisions.of("score before of class " + c, column(before, c, classes), thresholds[c]);
            boolean[] is = Decisions.of("score after of class " + c, column(after, c, classes), thresholds[c]);
            byClass.add(Flips.of(was, is));
            for (int i = 0; i < any.length && c != target; i++) {
                any[i] |= was[i] != is[i];
                others += was[i] != is[i] ? 1 : 0;
            }
        }
        int cases = 0;
        for (boolean b : any) {
            cases += b ? 1 : 0;
        }
        return new CollateralFlips(target, byClass, new Proportion(cases, any.length),
                new Proportion(others, Math.multiplyExact(any.length, classes - 1)));
    }

    private static double[] column(double[][] scores, int c, int classes) {
        double[] column = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            Require.that(scores[i].length == classes,
                    "case " + i + " has " + scores[i].length + " scores, but there are " + classes + " thresholds");
            column[i] = scores[i][c];
        }
        return column;
    }
}
