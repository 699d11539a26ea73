package radedit.imaging;

/**
 * Position of a film in a square picture made of it: the point x of the film (columns, continuous) is at {@code x *
 * scaleX - left} in the square; rows likewise.
 *
 * @param size
 *            side of the square
 * @param columns
 *            of the film
 * @param rows
 *            of the film
 * @param scaledWidth
 *            width of the film at the square's scale
 * @param scaledHeight
 *            height of the film at the square's scale
 * @param left
 *            column of the scaled film at which the square begins; negative if the square has a margin before the film
 * @param top
 *            row of the scaled film at which the square begins; negative if the square has a margin above the film
 */
public record Placement(int size, int columns, int rows, int scaledWidth, int scaledHeight, int left, int top) {
    /** {@return columns of the square per column of the film} */
    public double scaleX() {
        return (double) scaledWidth / columns;
    }

    /** {@return rows of the square per row of the film} */
    public double scaleY() {
        return (double) scaledHeight / rows;
    }
}
