package radedit.imaging;

/**
 * How to read a film.
 *
 * @param loader
 *            the rule from stored values to an 8-bit picture
 * @param frame
 *            frame, slice or page, from 1; {@link FilmReader#ALL_FRAMES} for all. If one is chosen, ranges are computed
 *            over it alone
 * @param window
 *            the window through which the film is seen
 */
public record FilmOptions(Loader loader, int frame, WindowChoice window) {
    /** All frames, standard loader, the file's own window. */
    public static final FilmOptions DEFAULT = new FilmOptions(Loader.STANDARD, FilmReader.ALL_FRAMES,
            WindowChoice.FROM_FILE);

    /**
     * Checks the frame number.
     *
     * @throws IllegalArgumentException
     *            if {@code frame} is negative
     */
    public FilmOptions {
        if (frame < 0) {
            throw new IllegalArgumentException("frames count from 1");
        }
    }
}
