package radedit.files;

import com.fasterxml.jackson.core.JacksonException;

/** What is wrong with a text that should be JSON. */
public final class JsonFault {
    private JsonFault() {
    }

    /**
     * {@return what is wrong, in one line, without advice for programmers on how the parser could be set otherwise}
     *
     * @param e
     *            what the parser threw
     */
    public static String of(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("").replaceAll(": enable `[^`]*` to allow", "")
                .replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1")
                .replaceAll(", from `[^`]*`\\)", ")").replaceAll(" ?\\([^()]*(`[^`]*`|Feature '\\w+')[^()]*\\)", "")
                .strip();
    }
}
