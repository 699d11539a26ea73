package radedit.undertest;

/**
 * A size in pixels.
 *
 * @param width
 *            columns
 * @param height
 *            rows
 */
public record Size(int width, int height) {
    @Override
    public String toString() {
        return width + "x" + height;
    }
}
