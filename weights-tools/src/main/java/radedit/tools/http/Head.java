package radedit.tools.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Status line and headers of a response.
 *
 * @param reason
 *            the reason phrase
 * @param headers
 *            the first of each name, by lower-case name
 */
record Head(int status, String reason, Map<String, String> headers) {
    private static final int MAX_BYTES = 64 << 10;
    private static final int LONGEST_SHOWN = 100;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[0-9] ([1-9][0-9]{2})(?: (.*))?");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");

    /**
     * Reads exactly a head, and no byte after it.
     *
     * @throws ProtocolException
     *            if it is malformed or too long
     */
    static Head read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] last = {0, 0};
        for (int c; (c = in.read()) >= 0;) {
            bytes.write(c);
            if (c == '\n' && (last[1] == '\n' || last[1] == '\r' && last[0] == '\n')) {
                return parse(bytes.toString(StandardCharsets.ISO_8859_1));
            }
            if (bytes.size() > MAX_BYTES) {
                throw new ProtocolException("the response's head does not end");
            }
            last[0] = last[1];
            last[1] = c;
        }
        throw bytes.size() == 0
                ? new EOFException("closed without a response")
                : new EOFException("closed within a response's head");
    }

    private static Head parse(String text) throws ProtocolException {
        String[] lines = text.split("\r?\n");
        Matcher m = STATUS.matcher(lines.length == 0 ? "" : lines[0]);
        if (!m.matches()) {
            throw new ProtocolException("the response is not HTTP");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher h = HEADER.matcher(lines[i]);
            if (!h.matches()) {
                throw new ProtocolException("the response has a malformed header");
            }
            String name = h.group(1).toLowerCase(Locale.ROOT);
            String before = headers.putIfAbsent(name, h.group(2));
            if (name.equals("content-length") && before != null && !before.equals(h.group(2))) {
                throw new ProtocolException("the response has two lengths");
            }
        }
        return new Head(Integer.parseInt(m.group(1)), m.group(2) == null ? "" : m.group(2), headers);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** A server's text for messages. */
    static String clean(String text) {
        String s = text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
        return s.length() <= LONGEST_SHOWN ? s : s.substring(0, LONGEST_SHOWN) + "...";
    }
}
