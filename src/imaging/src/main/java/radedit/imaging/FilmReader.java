package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads films of one format. Readers are services ({@link java.util.ServiceLoader}): to replace one, for instance by a
 * DICOM reader on top of dcm4che, provide another {@code FilmReader} with a higher priority. Of the readers that accept
 * a file, the one with the highest priority reads it.
 *
 * <p>
 * A reader returns stored values and how the file interprets them, never grey levels: {@link Film} does all arithmetic
 * on pixel values, whichever reader was used.
 */
public interface FilmReader {
    /** Number of leading bytes of a file that {@link #accepts} receives; fewer if the file is shorter. */
    int HEAD = 1024;

    /** Frame number for all frames. */
    int ALL_FRAMES = 0;

    /**
     * The size of a film as it is stored; a rotation that the file asks for may exchange its sides.
     *
     * @param columns
     *            in pixels
     * @param rows
     *            in pixels
     */
    record Size(int columns, int rows) {}

    /** How certain a reader is that it can read a file. */
    enum Match {
        /** The file has another format. */
        NO,
        /** The file has no signature, but may be of this format; such readers are asked if no other is certain. */
        PERHAPS,
        /** The file has the format's signature. */
        YES
    }

    /** {@return the format's name, for messages} */
    String format();

    /** {@return the priority: readers with a higher one are asked first; the project's own have 0 and 1} */
    default int priority() {
        return 0;
    }

    /**
     * {@return whether a file is of this format}
     *
     * @param head
     *            its first bytes, at most {@value #HEAD}
     */
    Match accepts(byte[] head);

    /**
     * Reads a film.
     *
     * @param file
     *            the file
     * @param frame
     *            frame, slice or page, from 1; {@value #ALL_FRAMES} for all
     * @return stored values and their interpretation
     * @throws ImageFormatException
     *            if the file is damaged, or has no picture or no such frame
     * @throws IOException
     *            if the file cannot be read
     */
    FilmContent read(Path file, int frame) throws IOException;

    /**
     * Finds the size of a film in its header, without reading its pixels.
     *
     * @param file
     *            the file
     * @return empty if this reader would have to read more, or the header is damaged
     * @throws IOException
     *            if the file cannot be read
     */
    default Optional<Size> size(Path file) throws IOException {
        return Optional.empty();
    }

    /**
     * Finds the file that holds a film's values, for formats with separate headers.
     *
     * @param file
     *            the film's file
     * @return empty if the values are in {@code file} itself
     * @throws ImageFormatException
     *            if the file is damaged, or names a file that does not exist
     * @throws IOException
     *            if the file cannot be read
     */
    default Optional<Path> dataFile(Path file) throws IOException {
        return Optional.empty();
    }
}
