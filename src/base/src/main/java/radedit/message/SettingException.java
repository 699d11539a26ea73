package radedit.message;

/** An argument that cannot be; the message names the setting it is for. */
public final class SettingException extends IllegalArgumentException implements Explained {
    private static final long serialVersionUID = 1;

    private final Message explanation;

    public SettingException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
