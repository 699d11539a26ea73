package radedit.imaging.mask;

import java.io.IOException;
import java.nio.file.Path;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;

/**
 * Reads masks from files of a format that is neither a film's nor a table's. Readers are found as services
 * ({@link java.util.ServiceLoader}).
 */
public interface MaskFileReader {
    /** The ending of such files' names, in lower case and with its dot. */
    String ending();

    /**
     * Reads the one mask of a file.
     *
     * @throws ImageFormatException
     *             if it holds none
     * @throws IOException
     *             if it cannot be read
     */
    Mask read(Path file) throws IOException;
}
