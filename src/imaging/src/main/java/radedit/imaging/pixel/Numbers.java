package radedit.imaging.pixel;

/** Numbers as text. */
public final class Numbers {
    private Numbers() {
    }

    /**
     * {@return an integer without a decimal point, any other number with all its digits}
     *
     * @param v
     *            the number
     */
    public static String text(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
    }
}
