package radedit.imaging;

/**
 * Where a film lies in a square picture that was made of it: a point x of the film (columns, continuous) is at
 * {@code x * scaleX - left} in the square.
 *
 * @param size
 *            side of the square
 * @param columns
 *            of the film
 * @param scaledWidth
 *            of the film at the square's scale
 * @param left
 *            column of the scaled film at which the square begins; below 0 where something else lies before it
 */
public record Placement(int size, int columns, int rows, int scaledWidth, int scaledHeight, int left, int top) {
    /** Columns of the square in a column of the film. */
    public double scaleX() {
        return (double) scaledWidth / columns;
    }

    /** Rows of the square in a row of the film. */
    public double scaleY() {
        return (double) scaledHeight / rows;
    }
}
