package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads films of one format. Readers are found as services ({@link java.util.ServiceLoader}): a class path that holds
 * another implementation with its entry in {@code META-INF/services/radedit.imaging.FilmReader} is served by it, for
 * instance one that hands DICOM to dcm4che. Of those that accept a file, the one with the highest priority reads it.
 *
 * <p>
 * A reader delivers stored values and what the file says about them, never grey levels: all arithmetic on pixel values is
 * {@link Film}'s, whoever has read the file.
 */
public interface FilmReader {
    /** Bytes from the start of a file that {@link #accepts} is shown, or fewer where the file ends before. */
    int HEAD = 1024;

    /** Frame number of {@link #read} that stands for all frames. */
    int ALL_FRAMES = 0;

    /** How sure a reader is that a file is its own. */
    enum Match {
        /** It is something else. */
        NO,
        /** It has no mark of its own, but may be what the reader expects; asked when no other reader is sure. */
        PERHAPS,
        /** It bears the format's mark. */
        YES
    }

    /** The format's name, for people. */
    String format();

    /** Higher is asked first; the project's own readers have 0 and 1. */
    default int priority() {
        return 0;
    }

    /**
     * Whether a file is of this format.
     *
     * @param head
     *            its first bytes, at most {@value #HEAD}
     */
    Match accepts(byte[] head);

    /**
     * Reads a film.
     *
     * @param frame
     *            which frame, slice or page, counted from 1; {@value #ALL_FRAMES} for all of them
     * @throws ImageFormatException
     *             if the file is damaged, holds no picture or no such frame
     * @throws IOException
     *             if it cannot be read
     */
    FilmContent read(Path file, int frame) throws IOException;

    /**
     * The file that holds a film's values where they are not in the film's own.
     *
     * @throws ImageFormatException
     *             if the file is damaged, or names one that is not there
     * @throws IOException
     *             if it cannot be read
     */
    default Optional<Path> dataFile(Path file) throws IOException {
        return Optional.empty();
    }
}
