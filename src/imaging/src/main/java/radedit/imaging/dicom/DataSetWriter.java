package radedit.imaging.dicom;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds a data set and encodes it as Explicit VR Little Endian (PS3.5 7.1.2, annex A.2). Elements may be added in any
 * order. Texts are encoded in UTF-8, so the data set must declare ISO_IR 192.
 */
final class DataSetWriter {
    private static final int DS_CHARACTERS = 16;
    private static final int SHORT_LENGTH = 0xFFFE;

    private final Map<Integer, byte[]> elements = new TreeMap<>(Integer::compareUnsigned);

    /** Adds a text, multiple values separated by backslashes. */
    DataSetWriter text(int tag, Vr vr, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(tag, vr, bytes, vr == Vr.UI ? 0 : ' ');
    }

    /** Adds decimal strings of at most 16 characters (PS3.5 6.2). */
    DataSetWriter decimals(int tag, double... values) {
        StringBuilder all = new StringBuilder();
        for (double v : values) {
            all.append(all.isEmpty() ? "" : "\\").append(decimal(v));
        }
        return text(tag, Vr.DS, all.toString());
    }

    static String decimal(double v) {
        BigDecimal exact = new BigDecimal(v);
        String plain = exact.round(new MathContext(10)).stripTrailingZeros().toPlainString();
        return plain.length() <= DS_CHARACTERS ? plain : exact.round(new MathContext(8)).toString();
    }

    DataSetWriter shorts(int tag, int... values) {
        ByteBuffer b = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int v : values) {
            b.putShort((short) v);
        }
        return bytes(tag, Vr.US, b.array(), 0);
    }

    /** Adds 32-bit numbers. */
    DataSetWriter longs(int tag, int... values) {
        ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int v : values) {
            b.putInt(v);
        }
        return bytes(tag, Vr.UL, b.array(), 0);
    }

    /** Adds tags of elements (AT). */
    DataSetWriter tag(int tag, int value) {
        return bytes(tag, Vr.AT, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putShort((short) (value >>> 16))
                .putShort((short) value).array(), 0);
    }

    /** Adds a number in the type of the pixel cells, US or SS. */
    DataSetWriter cell(int tag, boolean signed, double value) {
        ByteBuffer b = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) (int) value);
        return bytes(tag, signed ? Vr.SS : Vr.US, b.array(), 0);
    }

    /** Removes an element. */
    DataSetWriter without(int tag) {
        elements.remove(tag);
        return this;
    }

    /** Adds a sequence; items and sequence have defined lengths. */
    DataSetWriter sequence(int tag, DataSetWriter... items) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (DataSetWriter item : items) {
            byte[] bytes = item.toBytes();
            content.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 0xFFFE)
                    .putShort((short) 0xE000).putInt(bytes.length).array());
            content.writeBytes(bytes);
        }
        return bytes(tag, Vr.SQ, content.toByteArray(), 0);
    }

    /** Adds a sequence with one coded concept of DICOM's own terminology (PS3.3 8.8, PS3.16 annex D). */
    DataSetWriter code(int tag, String value, String meaning) {
        return code(tag, value, "DCM", meaning);
    }

    /** Adds a sequence with one coded concept (PS3.3 8.8). */
    DataSetWriter code(int tag, String value, String scheme, String meaning) {
        return sequence(tag, new DataSetWriter().text(0x00080100, Vr.SH, value).text(0x00080102, Vr.SH, scheme)
                .text(0x00080104, Vr.LO, meaning));
    }

    /** Adds a value, padded to an even length. */
    DataSetWriter bytes(int tag, Vr vr, byte[] value, int filler) {
        int length = value.length + value.length % 2;
        if (!vr.isLong() && length > SHORT_LENGTH) {
            throw new IllegalArgumentException(Tag.text(tag) + " of " + value.length + " bytes");
        }
        ByteBuffer b = ByteBuffer.allocate((vr.isLong() ? 12 : 8) + length).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort((short) (tag >>> 16)).putShort((short) tag).put((byte) vr.name().charAt(0))
                .put((byte) vr.name().charAt(1));
        if (vr.isLong()) {
            b.putShort((short) 0).putInt(length);
        } else {
            b.putShort((short) length);
        }
        b.put(value);
        if (b.hasRemaining()) {
            b.put((byte) filler);
        }
        elements.put(tag, b.array());
        return this;
    }

    /** The encoded elements, in tag order. */
    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        elements.values().forEach(out::writeBytes);
        return out.toByteArray();
    }
}
