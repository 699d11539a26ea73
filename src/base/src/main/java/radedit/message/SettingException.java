package radedit.message;

/** An argument is invalid; the message names the setting that it belongs to. */
public final class SettingException extends IllegalArgumentException implements Explained {
    private static final long serialVersionUID = 1;

    /** The message, with its settings. */
    private final Message explanation;

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong
     */
    public SettingException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
