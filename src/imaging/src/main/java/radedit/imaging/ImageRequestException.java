package radedit.imaging;

import java.nio.file.Path;

import radedit.message.Message;
import radedit.message.Setting;

/**
 * A request about a film or mask cannot be met: a frame or window that the film does not have, or a malformed shape. The
 * request is wrong, not the file.
 */
public final class ImageRequestException extends ImageFormatException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception about a request for a file.
     *
     * @param file
     *            the file
     * @param fault
     *            a predicate, such as {@code has no frame 3}
     */
    public ImageRequestException(Path file, String fault) {
        super(file, fault);
    }

    /**
     * Creates an exception about a request for a file, whose message names settings.
     *
     * @param file
     *            the file
     * @param fault
     *            a predicate
     */
    public ImageRequestException(Path file, Message fault) {
        super(file, fault);
    }

    /**
     * Creates an exception about something that is not a file: a box, a run-length string.
     *
     * @param source
     *            what it is about
     * @param fault
     *            a predicate
     */
    public ImageRequestException(String source, String fault) {
        super(source, fault);
    }

    /**
     * Creates an exception about something that is not a file, whose message names settings.
     *
     * @param source
     *            what it is about
     * @param fault
     *            a predicate
     */
    public ImageRequestException(String source, Message fault) {
        super(source, fault);
    }

    /**
     * Turns a fault that was found in the user's own words, and not in a file, into a fault of the request.
     *
     * @param fault
     *            what was found
     */
    public ImageRequestException(ImageFormatException fault) {
        super(fault);
    }

    /**
     * {@return the exception for a frame that a film does not have}
     *
     * @param file
     *            the film's file
     * @param frame
     *            the requested frame, from 1
     * @param count
     *            the number of frames in the file
     */
    public static ImageRequestException frame(Path file, int frame, int count) {
        return new ImageRequestException(file, Message.of("has ", count == 1 ? "one frame" : count + " frames",
                ", none is number ", frame, "; ", Setting.FRAME, " (of a mask: #frame) counts from 1"));
    }
}
