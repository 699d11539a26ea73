package radedit.pipeline;

/** A request makes no sense as it stands; the message names the setting and what it may be. */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidRequestException(String message) {
        super(message);
    }
}
