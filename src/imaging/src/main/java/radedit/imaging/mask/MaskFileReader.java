package radedit.imaging.mask;

import java.io.IOException;
import java.nio.file.Path;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;

/**
 * Reads masks from files of a format that is neither that of a film nor of a table. Readers are services ({@link
 * java.util.ServiceLoader}).
 */
public interface MaskFileReader {
    /** {@return the ending of the format's file names, in lower case, with its dot} */
    String ending();

    /**
     * Reads the only mask of a file.
     *
     * @param file
     *            the file
     * @return the mask
     * @throws ImageFormatException
     *            if the file has no mask, or several
     * @throws IOException
     *            if the file cannot be read
     */
    Mask read(Path file) throws IOException;
}
