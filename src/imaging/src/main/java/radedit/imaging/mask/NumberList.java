package radedit.imaging.mask;

import java.util.Arrays;

import radedit.imaging.ImageFormatException;

/** Parses numbers separated by blanks, commas, semicolons or brackets. */
final class NumberList {
    /** The largest absolute value of a coordinate. */
    private static final double FARTHEST = 1e6;
    private static final int LONGEST = 40;

    private NumberList() {
    }

    /**
     * Parses finite numbers of an absolute value up to a million.
     *
     * @param most
     *            most numbers that are accepted
     */
    static double[] coordinates(String source, String text, int most) throws ImageFormatException {
        double[] out = new double[16];
        int n = 0;
        int at = 0;
        while (true) {
            while (at < text.length() && " \t\r\n,;[]()".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at == text.length()) {
                return Arrays.copyOf(out, n);
            }
            int end = at;
            while (end < text.length() && " \t\r\n,;[]()".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            if (n == most) {
                throw new ImageFormatException(source, "more than " + most + " numbers");
            }
            out = n == out.length ? Arrays.copyOf(out, 2 * n) : out;
            out[n++] = number(source, text.substring(at, Math.min(end, at + LONGEST + 1)));
            at = end;
        }
    }

    private static double number(String source, String word) throws ImageFormatException {
        double v = word.length() <= LONGEST && word.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?")
                ? Double.parseDouble(word)
                : Double.NaN;
        if (!(Math.abs(v) <= FARTHEST)) {
            throw new ImageFormatException(source, "'" + word.substring(0, Math.min(LONGEST, word.length()))
                    + "' is not a coordinate; finite numbers up to " + (int) FARTHEST + " are expected");
        }
        return v;
    }
}
