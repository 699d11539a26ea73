package radedit.imaging;

/**
 * How to read a film.
 *
 * @param loader
 *            how values become the 8-bit picture
 * @param frame
 *            which frame, slice or page, counted from 1; {@link FilmReader#ALL_FRAMES} for all. A chosen frame is a film
 *            of its own: ranges are found in it alone
 * @param window
 *            which window
 */
public record FilmOptions(Loader loader, int frame, WindowChoice window) {
    /** All frames, as the file says. */
    public static final FilmOptions DEFAULT = new FilmOptions(Loader.STANDARD, FilmReader.ALL_FRAMES,
            WindowChoice.FROM_FILE);

    public FilmOptions {
        if (frame < 0) {
            throw new IllegalArgumentException("frames count from 1");
        }
    }
}
