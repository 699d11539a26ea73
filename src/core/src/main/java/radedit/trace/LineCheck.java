package radedit.trace;

import java.util.zip.CRC32C;

/**
 * The count and the checksum of a trace's lines. After every {@link #EVERY} lines, a line says how many there are before it,
 * and the checksum (CRC-32C) of those since the last such line, each with a line feed; so does the last line.
 */
final class LineCheck {
    /** Lines between two checks. */
    static final int EVERY = 100;

    private final CRC32C sum = new CRC32C();
    private int lines;

    /** Adds a line, without its line feed. */
    void add(byte[] text, int from, int length) {
        sum.update(text, from, length);
        sum.update('\n');
        lines++;
    }

    /** {@return the number of lines since the last check} */
    int lines() {
        return lines;
    }

    /** {@return their checksum, 8 hexadecimal digits} */
    String sum() {
        return TraceFile.text(sum);
    }

    /** Begins again, after a check. */
    void reset() {
        sum.reset();
        lines = 0;
    }
}
