package radedit.certificate;

import java.io.IOException;
import java.nio.file.Path;

/** Makes a picture again from the settings in it and compares the two to the bit. */
@FunctionalInterface
public interface Replay {
    /**
     * {@return whether the picture was made again, to the bit; unchecked if it cannot be made here}
     *
     * @param what
     *            the check's name
     * @param picture
     *            the picture's file
     * @throws IOException
     *             if the comparison fails for another reason
     */
    Check run(String what, Path picture) throws IOException;
}
