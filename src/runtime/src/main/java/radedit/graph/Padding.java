package radedit.graph;

/**
 * Zero padding of a picture.
 *
 * @param top
 *            rows above
 * @param left
 *            columns to the left
 * @param bottom
 *            rows below
 * @param right
 *            columns to the right
 */
public record Padding(int top, int left, int bottom, int right) {
    /**
     * {@return the same padding on all sides}
     *
     * @param n
     *            rows or columns on each side
     */
    public static Padding all(int n) {
        return new Padding(n, n, n, n);
    }
}
