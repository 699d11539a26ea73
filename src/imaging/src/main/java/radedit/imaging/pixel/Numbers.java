package radedit.imaging.pixel;

/** Numbers for people. */
public final class Numbers {
    private Numbers() {
    }

    /** Whole numbers without a point, others with all their digits. */
    public static String text(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
    }
}
