package radedit.imaging.raster;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a page of TIFF, or of one directory of Exif data (TIFF 6.0, section 2). */
final class TiffDirectory {
    private static final int CLASSIC_ENTRY = 12;
    private static final int BIG_ENTRY = 20;
    /** Size of each type in bytes; 0 for invalid types. */
    private static final int[] BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    /** A field's values, at an offset of the file. */
    private record Field(int type, long count, long place) {}

    private final TiffInput in;
    private final Map<Integer, Field> fields = new HashMap<>();
    private final long next;
    private final long size;

    private TiffDirectory(TiffInput in, long place) throws IOException {
        this.in = in;
        long count = in.isBig() ? in.at(place, 8).getLong() : in.at(place, 2).getShort() & 0xFFFF;
        int entry = in.isBig() ? BIG_ENTRY : CLASSIC_ENTRY;
        long first = place + (in.isBig() ? 8 : 2);
        if (count < 0 || count > in.length() / entry) {
            throw new EOFException("it ends too early");
        }
        ByteBuffer all = in.at(first, count * entry);
        for (int i = 0; i < count; i++) {
            int at = i * entry;
            int tag = all.getShort(at) & 0xFFFF;
            int type = all.getShort(at + 2) & 0xFFFF;
            int size = type < BYTES.length ? BYTES[type] : 0;
            long values = in.isBig() ? all.getLong(at + 4) : all.getInt(at + 4) & 0xFFFFFFFFL;
            int inside = in.isBig() ? 12 : 8;
            if (size > 0 && values > 0 && values <= in.length() / size) {
                boolean fits = values * size <= entry - inside;
                fields.putIfAbsent(tag, new Field(type, values,
                        fits ? first + at + inside : in.offset(first + at + inside)));
            }
        }
        long end = first + count * entry;
        this.size = end - place;
        int pointer = in.isBig() ? 8 : 4;
        this.next = in.length() - end < pointer ? 0 : in.offset(end);
    }

    static TiffDirectory read(TiffInput in, long place) throws IOException {
        return new TiffDirectory(in, place);
    }

    /** Offset of the next page's directory; 0 if there is none. */
    long next() {
        return next;
    }

    /** Size of the directory in bytes, without values stored elsewhere. */
    long size() {
        return size;
    }

    /** Whether a field exists and has a known type. */
    boolean has(int tag) {
        return fields.containsKey(tag);
    }

    /** Whether a field exists and holds numbers, not bytes or text. */
    boolean hasNumber(int tag) {
        Field f = fields.get(tag);
        return f != null && f.type > 2 && f.type != 7;
    }

    /** The first value of a field; {@code otherwise} if it is missing. */
    double number(int tag, double otherwise) throws IOException {
        Field f = fields.get(tag);
        if (f == null) {
            return otherwise;
        }
        ByteBuffer b = in.at(f.place, BYTES[f.type]);
        return switch (f.type) {
            case 5 -> (b.getInt(0) & 0xFFFFFFFFL) / (double) (b.getInt(4) & 0xFFFFFFFFL);
            case 10 -> b.getInt(0) / (double) b.getInt(4);
            case 11 -> b.getFloat(0);
            case 12 -> b.getDouble(0);
            default -> integer(b, f.type, 0);
        };
    }

    /** The first value of a field of integers; {@code otherwise} if it is missing. */
    long integer(int tag, long otherwise) throws IOException {
        double value = number(tag, (double) otherwise);
        if (value != Math.rint(value)) {
            throw new IOException("its field " + tag + " is " + value);
        }
        return (long) value;
    }

    /** All values of a field of integers; null if it is missing. */
    long @Nullable [] integers(int tag) throws IOException {
        Field f = fields.get(tag);
        if (f == null) {
            return null;
        }
        if (f.type == 5 || f.type >= 10 && f.type <= 12) {
            throw new IOException("its field " + tag + " holds no whole numbers");
        }
        ByteBuffer b = in.at(f.place, f.count * BYTES[f.type]);
        long[] out = new long[(int) f.count];
        for (int i = 0; i < out.length; i++) {
            out[i] = integer(b, f.type, i);
        }
        return out;
    }

    /** The bytes of a field's values; null if it is missing. */
    byte @Nullable [] bytes(int tag) throws IOException {
        Field f = fields.get(tag);
        if (f == null) {
            return null;
        }
        ByteBuffer b = in.at(f.place, f.count * BYTES[f.type]);
        byte[] out = new byte[b.remaining()];
        b.get(out);
        return out;
    }

    private static long integer(ByteBuffer b, int type, int index) {
        return switch (type) {
            case 6 -> b.get(index);
            case 3 -> b.getShort(2 * index) & 0xFFFF;
            case 8 -> b.getShort(2 * index);
            case 4, 13 -> b.getInt(4 * index) & 0xFFFFFFFFL;
            case 9 -> b.getInt(4 * index);
            case 16, 17, 18 -> b.getLong(8 * index);
            default -> b.get(index) & 0xFF;
        };
    }
}
