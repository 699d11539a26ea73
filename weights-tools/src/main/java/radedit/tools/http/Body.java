package radedit.tools.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/**
 * A response body: of a given length, chunked, or up to the end of the connection. Closing it closes the connection.
 */
final class Body extends InputStream {
    private static final int LONGEST_LINE = 8 << 10;

    private final InputStream in;
    private final Runnable close;
    private final boolean chunked;
    /** Bytes left in the body or chunk; -1 if only the end of the connection ends it. */
    private long left;
    private boolean ended;
    private boolean first = true;

    private Body(InputStream in, Runnable close, boolean chunked, long left) {
        this.in = in;
        this.close = close;
        this.chunked = chunked;
        this.left = left;
        this.ended = !chunked && left == 0;
    }

    /**
     * @param none
     *            whether responses of this kind have no body, whatever their headers say
     * @param close
     *            closes the connection
     */
    static Body of(Head head, boolean none, InputStream in, Runnable close) throws IOException {
        String coding = head.header("transfer-encoding").orElse("identity");
        String length = head.header("content-length").orElse("");
        if (none || head.status() == 204 || head.status() == 304) {
            return new Body(in, close, false, 0);
        }
        if (coding.equalsIgnoreCase("chunked")) {
            return new Body(in, close, true, 0);
        }
        if (!coding.equalsIgnoreCase("identity") || !length.matches("[0-9]{0,18}")) {
            throw new ProtocolException("the response's length is given in an unknown way");
        }
        return new Body(in, close, false, length.isEmpty() ? -1 : Long.parseLong(length));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && !ended && left == 0) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int n = in.read(to, at, left < 0 ? length : (int) Math.min(length, left));
        if (n < 0) {
            ended = true;
            if (left > 0) {
                throw new EOFException("closed within the body, " + left + " bytes before its end");
            }
            return -1;
        }
        if (left > 0) {
            left -= n;
            ended = !chunked && left == 0;
        }
        return n;
    }

    private void nextChunk() throws IOException {
        if (!first && !line().isEmpty()) {
            throw new ProtocolException("a chunk of the body is longer than it says");
        }
        first = false;
        String size = line().replaceFirst("[ \\t]*(;.*)?$", "");
        if (!size.matches("[0-9A-Fa-f]{1,15}")) {
            throw new ProtocolException("a chunk of the body has no length");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            ended = true; // ignore trailers
        }
    }

    private String line() throws IOException {
        StringBuilder s = new StringBuilder();
        for (int c; (c = in.read()) != '\n';) {
            if (c < 0) {
                throw new EOFException("closed within the body");
            }
            if (s.length() > LONGEST_LINE) {
                throw new ProtocolException("a chunk of the body has an endless length");
            }
            s.append((char) c);
        }
        return s.length() > 0 && s.charAt(s.length() - 1) == '\r' ? s.substring(0, s.length() - 1) : s.toString();
    }

    @Override
    public void close() {
        close.run();
    }
}
