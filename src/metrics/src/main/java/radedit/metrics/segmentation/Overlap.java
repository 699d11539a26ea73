package radedit.metrics.segmentation;

import radedit.metrics.check.Require;

/**
 * The overlap of two masks. Equal to MedPy's {@code dc} and {@code jc}.
 *
 * @param first
 *            pixels inside the first mask
 * @param second
 *            pixels inside the second
 * @param both
 *            pixels inside both
 */
public record Overlap(int first, int second, int both) {
    /** Refuses counts that no two masks have with an {@link IllegalArgumentException}. */
    public Overlap {
        Require.that(both >= 0 && both <= first && both <= second,
                both + " pixels in both of masks with " + first + " and " + second);
    }

    /**
     * {@return the overlap of two masks}
     *
     * @param first
     *            [n], true inside
     * @param second
     *            [n], true inside
     * @throws IllegalArgumentException
     *             if lengths differ
     */
    public static Overlap of(boolean[] first, boolean[] second) {
        Require.sameLength("pixels in the first mask", first.length, "in the second", second.length);
        int a = 0;
        int b = 0;
        int both = 0;
        for (int i = 0; i < first.length; i++) {
            a += first[i] ? 1 : 0;
            b += second[i] ? 1 : 0;
            both += first[i] && second[i] ? 1 : 0;
        }
        return new Overlap(a, b, both);
    }

    /** {@return whether both masks are empty; Dice and Jaccard are 1 then by convention, and should be reported apart} */
    public boolean bothEmpty() {
        return first == 0 && second == 0;
    }

    /** {@return Dice's coefficient 2 |A and B| / (|A| + |B|), from 0 to 1; 1 if both masks are empty, 0 if one is} */
    public double dice() {
        return bothEmpty() ? 1 : 2.0 * both / ((double) first + second);
    }

    /** {@return Jaccard's index |A and B| / |A or B|, from 0 to 1; 1 if both masks are empty, 0 if one is} */
    public double jaccard() {
        return bothEmpty() ? 1 : both / ((double) first + second - both);
    }
}
