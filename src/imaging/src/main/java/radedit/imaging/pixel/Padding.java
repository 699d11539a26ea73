package radedit.imaging.pixel;

/**
 * Stored values that are no picture, both ends included (PS3.3 C.7.5.1.1.2).
 */
public record Padding(double low, double high) {
    /** Every value is picture. */
    public static final Padding NONE = new Padding(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    /** Between two values, whichever is larger. */
    public static Padding between(double a, double b) {
        return new Padding(Math.min(a, b), Math.max(a, b));
    }

    public boolean isDeclared() {
        return low <= high;
    }

    public boolean contains(double stored) {
        return stored >= low && stored <= high;
    }

    @Override
    public String toString() {
        return low == high ? Numbers.text(low) : Numbers.text(low) + " to " + Numbers.text(high);
    }
}
