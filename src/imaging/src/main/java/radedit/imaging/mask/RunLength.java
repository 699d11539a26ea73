package radedit.imaging.mask;

import java.util.Arrays;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;

/**
 * Parses run-length strings as in the CSV files of CheXmask: pairs of start and length, starts counted from 1, in
 * row-major order. Other collections use column-major order or relative starts in the same notation, so malformed
 * strings are refused rather than repaired.
 */
final class RunLength {
    /** Most digits of a number; longer ones are beyond any film. */
    private static final int MOST_DIGITS = 10;

    /** Receives the first pixel of a run, and the one after it. */
    @FunctionalInterface
    private interface Run {
        void accept(int from, int to);
    }

    private final String source;
    private final String text;
    private int at;

    private RunLength(String source, String text) {
        this.source = source;
        this.text = text;
    }

    /** Whether a text consists of numbers and separators only. */
    static boolean isRuns(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c == ' ' || c == '-' || c == '+');
    }

    /**
     * Decodes a string; an empty one is an empty mask.
     *
     * @throws ImageFormatException
     *            if a run has no length, starts before the first or ends after the last pixel, or is not a number
     */
    static Mask decode(String source, String text, Extent film) throws ImageFormatException {
        Mask mask = Mask.filled(film.width(), film.height(), false);
        decode(source, text, film, (from, to) -> Arrays.fill(mask.pixels(), from, to, true));
        return mask;
    }

    /**
     * {@return whether a string has a run}
     *
     * @throws ImageFormatException
     *            as {@link #decode(String, String, Extent)}
     */
    static boolean check(String source, String text, Extent film) throws ImageFormatException {
        boolean[] any = new boolean[1];
        decode(source, text, film, (from, to) -> any[0] = true);
        return any[0];
    }

    /** {@return a string of a mask, which {@link #decode} reads} */
    static String encode(Mask mask) {
        StringBuilder text = new StringBuilder();
        boolean[] pixels = mask.pixels();
        int from = 0;
        while (from < pixels.length) {
            int to = from;
            while (to < pixels.length && pixels[to]) {
                to++;
            }
            if (to > from) {
                text.append(text.isEmpty() ? "" : " ").append(from + 1).append(' ').append(to - from);
            }
            from = to + 1;
        }
        return text.toString();
    }

    private static void decode(String source, String text, Extent film, Run run) throws ImageFormatException {
        long pixels = (long) film.width() * film.height();
        RunLength r = new RunLength(source, text);
        for (long start = r.next(); start >= 0; start = r.next()) {
            long length = r.next();
            if (length < 0) {
                throw r.fault("the run that starts at " + start + " has no length");
            }
            if (start < 1 || length < 1 || start - 1 + length > pixels) {
                throw r.fault("a run of " + length + " from " + start + " does not lie in " + film.width() + " x "
                        + film.height() + " pixels (starts count from 1)");
            }
            run.accept((int) start - 1, (int) (start - 1 + length));
        }
    }

    /** The next number; -1 at the end. */
    private long next() throws ImageFormatException {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return -1;
        }
        int from = at;
        long value = 0;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9 || at - from == MOST_DIGITS) {
                throw fault("'" + text.substring(from, Math.min(text.length(), from + 20))
                        + "' is not a start or length of a run");
            }
            value = 10 * value + digit;
            at++;
        }
        return value;
    }

    private ImageFormatException fault(String words) {
        return new ImageFormatException(source, words + "; pairs of start and length are expected, row by row");
    }
}
