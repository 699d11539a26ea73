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
    /**
     * {@return a mask of the film in the square; what lies beside the film belongs to no mask}
     *
     * @param mask
     *            a mask of the film's size
     */
    public Mask apply(Mask mask) {
        Mask whole = mask.resize(scaledWidth, scaledHeight);
        boolean[] out = new boolean[size * size];
        int from = Math.max(0, left);
        int count = Math.min(scaledWidth, left + size) - from;
        for (int y = Math.max(0, top); y < Math.min(scaledHeight, top + size); y++) {
            System.arraycopy(whole.pixels(), y * scaledWidth + from, out, (y - top) * size + from - left, count);
        }
        return new Mask(size, size, out);
    }

    /** {@return columns of the square per column of the film} */
    public double scaleX() {
        return (double) scaledWidth / columns;
    }

    /** {@return rows of the square per row of the film} */
    public double scaleY() {
        return (double) scaledHeight / rows;
    }
}
