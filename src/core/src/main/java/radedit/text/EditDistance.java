package radedit.text;

import java.util.Arrays;

/**
 * The restricted Damerau-Levenshtein distance (optimal string alignment): the number of letters inserted, deleted or
 * substituted and of adjacent letters transposed, no letter being edited twice (Damerau 1964,
 * doi:10.1145/363958.363994).
 */
final class EditDistance {
    private EditDistance() {
    }

    /**
     * {@return the distance of two words, or any number above {@code most} if it exceeds that}
     *
     * @param a
     *            code points
     * @param b
     *            code points
     * @param most
     *            largest distance of interest
     */
    static int of(int[] a, int[] b, int most) {
        if (Math.abs(a.length - b.length) > most) {
            return most + 1;
        }
        int[] twoAbove = new int[b.length + 1];
        int[] above = new int[b.length + 1];
        int[] row = new int[b.length + 1];
        Arrays.setAll(above, j -> j);
        for (int i = 1; i <= a.length; i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.length; j++) {
                int d = Math.min(above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), 1 + Math.min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    d = Math.min(d, twoAbove[j - 2] + 1);
                }
                row[j] = d;
                least = Math.min(least, d);
            }
            if (least > most) {
                return most + 1;
            }
            int[] free = twoAbove;
            twoAbove = above;
            above = row;
            row = free;
        }
        return above[b.length];
    }
}
