package radedit.cli;

import radedit.message.Explained;
import radedit.message.Message;

/** A check did not hold, so that going on makes no sense. */
final class CheckFailedException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message
     *            what did not hold, and the way out
     */
    CheckFailedException(String message) {
        super(message);
    }

    @Override
    public Message explanation() {
        return Message.of(String.valueOf(getMessage()));
    }
}
