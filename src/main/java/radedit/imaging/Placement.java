package radedit.imaging;

/**
 * Where a film lies in a square picture that was made of it: a point x of the film (columns, continuous) is at
 * {@code x * scaleX - left} in the square.
 *
 * @param size
 *            side of the square
 */
public record Placement(int size, double scaleX, double left, double scaleY, double top) {
}
