package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import radedit.safetensors.FormatException;

/**
 * The bytes of consecutive pickles, read as operands of instructions. Every length is checked against the remaining
 * bytes, and against the limit for a pickle, before anything is copied.
 */
final class PickleInput {
    /** Limit for a pickle; a state dict of 10,000 tensors takes 2 MB. */
    private static final long MAX_BYTES = 64 << 20;
    private static final int MAX_LINE = 1000;
    private static final int MAX_INTEGER = 256;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.BIG_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private long at;
    private long start;
    private int opcode;
    private long opcodeAt;

    /**
     * @param file
     *            for messages
     */
    PickleInput(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Offset of the next byte. */
    long position() {
        return at;
    }

    /** Starts the next pickle at the current position. */
    void begin() {
        start = at;
    }

    /** The next byte, an instruction; messages refer to its offset from now on. */
    int opcode() throws FormatException {
        opcodeAt = at;
        opcode = -1;
        opcode = (int) unsigned(1);
        return opcode;
    }

    /** An unsigned integer of 1, 2 or 4 bytes. */
    long unsigned(int width) throws FormatException {
        MemorySegment s = take(width);
        return switch (width) {
            case 1 -> s.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
            case 2 -> s.get(SHORT, 0) & 0xFFFF;
            default -> s.get(INT, 0) & 0xFFFFFFFFL;
        };
    }

    long int32() throws FormatException {
        return take(4).get(INT, 0);
    }

    long int64() throws FormatException {
        return take(8).get(LONG, 0);
    }

    double float64() throws FormatException {
        return take(8).get(DOUBLE, 0);
    }

    /**
     * An integer of {@code width} bytes, two's complement, little-endian: a Long if it fits, else a BigInteger; skipped
     * bytes if it is so large that arithmetic would take long.
     */
    Object integer(long width) throws FormatException {
        if (width > MAX_INTEGER) {
            return skip(width);
        }
        byte[] little = take(width).toArray(ValueLayout.JAVA_BYTE);
        byte[] big = new byte[little.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = little[little.length - 1 - i];
        }
        BigInteger value = big.length == 0 ? BigInteger.ZERO : new BigInteger(big);
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    /** A text in UTF-8, in which Python also writes unpaired surrogates, for file names that are not valid text. */
    String text(long length) throws FormatException {
        byte[] encoded = take(length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return decode(encoded, 0, encoded.length);
        } catch (CharacterCodingException e) {
            try {
                return withSurrogates(encoded);
            } catch (CharacterCodingException f) {
                throw fault("a text that is not valid UTF-8");
            }
        }
    }

    private static String decode(byte[] encoded, int from, int to) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded, from, to - from)).toString();
    }

    private static String withSurrogates(byte[] b) throws CharacterCodingException {
        StringBuilder s = new StringBuilder();
        int from = 0;
        for (int i = 0; i + 2 < b.length; i++) {
            if (b[i] == (byte) 0xED && (b[i + 1] & 0xE0) == 0xA0 && (b[i + 2] & 0xC0) == 0x80) {
                s.append(decode(b, from, i)).append((char) (0xD000 | (b[i + 1] & 0x3F) << 6 | b[i + 2] & 0x3F));
                i += 2;
                from = i + 1;
            }
        }
        return s.append(decode(b, from, b.length)).toString();
    }

    /** A text of Python 2, which may be any bytes. */
    Object textOrBytes(long length) throws FormatException {
        long from = at;
        try {
            return text(length);
        } catch (FormatException e) {
            at = from;
            return skip(length);
        }
    }

    /** Skips bytes without copying them. */
    SkippedBytes skip(long length) throws FormatException {
        need(length);
        at += length;
        start += length; // skipped bytes do not count towards the limit
        return new SkippedBytes();
    }

    /** A text up to the next line feed. */
    String line() throws FormatException {
        long from = at;
        while (unsigned(1) != '\n') {
            if (at - from > MAX_LINE) {
                throw fault("a name of more than " + MAX_LINE + " bytes");
            }
        }
        long end = at;
        at = from;
        String s = text(end - 1 - from);
        at = end;
        return s;
    }

    /** Checks that n bytes are left, without reading them. */
    void need(long n) throws FormatException {
        if (n < 0 || n > bytes.byteSize() - at) {
            throw fault("truncated: " + Long.toUnsignedString(n) + " bytes expected, " + (bytes.byteSize() - at)
                    + " present");
        }
    }

    private MemorySegment take(long n) throws FormatException {
        need(n);
        if (n > MAX_BYTES - (at - start)) {
            throw fault("the pickle is longer than " + (MAX_BYTES >> 20) + " MB");
        }
        MemorySegment s = bytes.asSlice(at, n);
        at += n;
        return s;
    }

    /** A fault of the last instruction. */
    FormatException fault(String what) {
        return new FormatException(file, what + " (byte " + opcodeAt + " of the pickle"
                + (opcode < 0 ? "" : ", the pickle instruction " + Opcodes.name(opcode)) + ")");
    }

    /** The refusal of the last instruction. */
    FormatException refusal(String what) {
        return new FormatException(file, "refused: it asks for " + what
                + ", which no checkpoint needs; nothing of it was executed"
                + " (a file that holds nothing but a state_dict() can be read)");
    }
}
