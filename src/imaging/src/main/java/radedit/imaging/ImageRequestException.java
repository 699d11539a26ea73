package radedit.imaging;

import java.nio.file.Path;

import radedit.message.Message;
import radedit.message.Setting;

/**
 * What was asked of a film or mask cannot be: a frame or window that it does not have, a shape that is no shape. The fault
 * lies in the request and not in a file.
 */
public final class ImageRequestException extends ImageFormatException {
    private static final long serialVersionUID = 1;

    public ImageRequestException(Path file, String fault) {
        super(file, fault);
    }

    public ImageRequestException(Path file, Message fault) {
        super(file, fault);
    }

    /** The same for what is no file: a box, a run-length string. */
    public ImageRequestException(String source, String fault) {
        super(source, fault);
    }

    public ImageRequestException(String source, Message fault) {
        super(source, fault);
    }

    /** What was wrong with words of the user's that were read as if they came out of a file. */
    public ImageRequestException(ImageFormatException fault) {
        super(fault);
    }

    /** A frame that a film of so many does not have. */
    public static ImageRequestException frame(Path file, int frame, int count) {
        return new ImageRequestException(file, Message.of("has ", count == 1 ? "one frame" : count + " frames",
                ", none is number ", frame, "; ", Setting.FRAME, " (of a mask: #frame) counts from 1"));
    }
}
