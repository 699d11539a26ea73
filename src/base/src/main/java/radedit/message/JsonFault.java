package radedit.message;

/** What is wrong with a text that should be JSON. */
public final class JsonFault {
    private JsonFault() {
    }

    /**
     * {@return what is wrong, in one line, without advice for programmers on how the parser could be set otherwise}
     *
     * @param original
     *            the message of Jackson's exception, without its location
     */
    public static String of(String original) {
        return original.lines().findFirst().orElse("").replaceAll(": enable `[^`]*` to allow", "")
                .replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1")
                .replaceAll(", from `[^`]*`\\)", ")").replaceAll(" ?\\([^()]*(`[^`]*`|Feature '\\w+')[^()]*\\)", "")
                .strip();
    }
}
