package radedit.stress;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an edit is for in a stress test. */
public enum Role {
    /** A finding is added. */
    ADD,
    /** A finding is removed. */
    REMOVE,
    /** The same mask and seed with a prompt that asks for nothing new. */
    SHAM,
    /** The same mask and seed, without guidance: no change is asked for. */
    NULL,
    /** The edit is undone. */
    REVERSE,
    /** The edit changes what the model should look at. */
    FOREGROUND,
    /** The edit changes what the model should ignore. */
    BACKGROUND;

    /** {@return the word in manifests and results} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the role of a word}
     *
     * @param word
     *            the word, in lower case
     */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(r -> r.word().equals(word)).findFirst();
    }

    /** {@return whether such an edit shows the effect of editing rather than that of a finding} */
    public boolean isControl() {
        return this == SHAM || this == NULL || this == REVERSE || this == BACKGROUND;
    }
}
