package radedit.imaging;

/** Spacing and position of a film's pixels, as far as its file says. */
public sealed interface FilmSpace permits FilmSpace.Unknown, PixelSpacing, NiftiFrame {
    /** The file says nothing about it. */
    FilmSpace UNKNOWN = new Unknown();

    /** The type of {@link #UNKNOWN}. */
    record Unknown() implements FilmSpace {
    }
}
