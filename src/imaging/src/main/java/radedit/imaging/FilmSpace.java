package radedit.imaging;

/** How far apart a film's pixels are and where they lie in space, as far as its file says. */
public sealed interface FilmSpace permits FilmSpace.Unknown, PixelSpacing, NiftiFrame {
    /** The file says nothing of it. */
    FilmSpace UNKNOWN = new Unknown();

    /** See {@link #UNKNOWN}. */
    record Unknown() implements FilmSpace {
    }
}
