package radedit.imaging.pixel;

/**
 * A range of stored values that are not picture content (PS3.3 C.7.5.1.1.2).
 *
 * @param low
 *            the lowest padding value
 * @param high
 *            the highest padding value
 */
public record Padding(double low, double high) {
    /** No padding. */
    public static final Padding NONE = new Padding(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    /**
     * {@return the range between two values in any order}
     *
     * @param a
     *            one end, included
     * @param b
     *            the other end, included
     */
    public static Padding between(double a, double b) {
        return new Padding(Math.min(a, b), Math.max(a, b));
    }

    /** {@return whether any value is padding} */
    public boolean isDeclared() {
        return low <= high;
    }

    /**
     * {@return whether a value is padding}
     *
     * @param stored
     *            a stored value
     */
    public boolean contains(double stored) {
        return stored >= low && stored <= high;
    }

    @Override
    public String toString() {
        return low == high ? Numbers.text(low) : Numbers.text(low) + " to " + Numbers.text(high);
    }
}
