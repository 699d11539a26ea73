package radedit.stress;

import radedit.message.Explained;
import radedit.message.Message;

/** A folder of a run that cannot be used as asked: it belongs to another run, or its inputs have changed. */
public final class RunException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong, with the folder's name, and the way out
     */
    public RunException(String message) {
        super(message);
    }

    @Override
    public Message explanation() {
        return Message.of(String.valueOf(getMessage()));
    }
}
