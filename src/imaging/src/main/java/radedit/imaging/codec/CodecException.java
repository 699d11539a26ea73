package radedit.imaging.codec;

import java.io.IOException;

/** A damaged or unsupported codestream; the message says what is wrong with it. */
public final class CodecException extends IOException {
    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong with the codestream
     */
    public CodecException(String message) {
        super(message);
    }
}
