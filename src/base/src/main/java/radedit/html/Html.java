package radedit.html;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a page that is well-formed as HTML and as XML. All text is escaped and of bounded length, because names are those of
 * strangers' manifests.
 */
public final class Html {
    /** Characters of one text or attribute; what is beyond is left out, with an ellipsis. */
    public static final int LONGEST = 1000;
    private static final String UNKNOWN = "\uFFFD";

    private final OutputStream out;
    private long bytes;

    /**
     * Creates a writer.
     *
     * @param out
     *            where the page goes, in UTF-8; not closed
     */
    public Html(OutputStream out) {
        this.out = out;
    }

    /** {@return number of bytes written so far} */
    public long bytes() {
        return bytes;
    }

    /**
     * Begins an element.
     *
     * @param tag
     *            its name
     * @param attributes
     *            names and values in turn
     * @return this
     * @throws IOException
     *             if writing fails
     */
    public Html open(String tag, String... attributes) throws IOException {
        return fragment(start(tag, attributes) + ">");
    }

    /**
     * Ends an element.
     *
     * @param tag
     *            its name
     * @return this
     * @throws IOException
     *             if writing fails
     */
    public Html close(String tag) throws IOException {
        return fragment("</" + tag + ">\n");
    }

    /**
     * Writes an element without content.
     *
     * @param tag
     *            its name
     * @param attributes
     *            names and values in turn
     * @return this
     * @throws IOException
     *             if writing fails
     */
    public Html empty(String tag, String... attributes) throws IOException {
        return fragment(start(tag, attributes) + "/>");
    }

    /**
     * Writes an element that holds a text.
     *
     * @param tag
     *            its name
     * @param text
     *            the text, which is escaped
     * @param attributes
     *            names and values in turn
     * @return this
     * @throws IOException
     *             if writing fails
     */
    public Html element(String tag, String text, String... attributes) throws IOException {
        return open(tag, attributes).text(text).close(tag);
    }

    /**
     * Writes a text.
     *
     * @param text
     *            the text, which is escaped
     * @return this
     * @throws IOException
     *             if writing fails
     */
    public Html text(String text) throws IOException {
        return fragment(escape(text));
    }

    /**
     * Writes what is markup already, made by this project.
     *
     * @param markup
     *            written as it is
     * @return this
     * @throws IOException
     *             if writing fails
     */
    public Html fragment(String markup) throws IOException {
        byte[] all = markup.getBytes(StandardCharsets.UTF_8);
        out.write(all);
        bytes += all.length;
        return this;
    }

    private static String start(String tag, String... attributes) {
        StringBuilder s = new StringBuilder("<").append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            s.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1])).append('"');
        }
        return s.toString();
    }

    /**
     * {@return a text for use between tags and in attributes}
     *
     * @param text
     *            any text
     */
    public static String escape(String text) {
        StringBuilder s = new StringBuilder();
        shown(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> s.append("&amp;");
                case '<' -> s.append("&lt;");
                case '>' -> s.append("&gt;");
                case '"' -> s.append("&quot;");
                case '\'' -> s.append("&#39;");
                default -> s.appendCodePoint(c);
            }
        });
        return s.toString();
    }

    /**
     * {@return a text of bounded length, in which U+FFFD stands for what XML does not permit and for what changes the direction of the
     * text around it}
     *
     * @param text
     *            any text
     */
    public static String shown(String text) {
        StringBuilder s = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (isOrdinary(c)) {
                s.appendCodePoint(c);
            } else {
                s.append(UNKNOWN);
            }
        });
        return text.codePointCount(0, text.length()) > LONGEST ? s + "\u2026" : s.toString();
    }

    private static boolean isOrdinary(int c) {
        boolean control = Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
        boolean direction = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 || c == 0x200E || c == 0x200F;
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !control && !direction && !surrogate && (c & 0xFFFE) != 0xFFFE;
    }
}
