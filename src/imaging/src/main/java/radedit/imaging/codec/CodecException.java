package radedit.imaging.codec;

import java.io.IOException;

/** A damaged or unsupported codestream; the message says what is wrong with it. */
public final class CodecException extends IOException {
    public CodecException(String message) {
        super(message);
    }
}
