package radedit.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header of a NIfTI-1 or NIfTI-2 file in the file's byte order; fields that are not set keep their values. The first
 * axis is a film's column, the second its row.
 *
 * @see <a href="https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h">nifti1.h</a>
 * @see <a href="https://nifti.nimh.nih.gov/pub/dist/doc/nifti2.h">nifti2.h</a>
 */
final class NiftiHeader {
    /** Header sizes of both versions in bytes. */
    static final int FIRST = 348;
    static final int SECOND = 540;
    /** Bytes after the header that say whether extensions follow. */
    static final int EXTENDER = 4;
    private static final int MAGIC_FIRST = 344;
    private static final int MAGIC_SECOND = 4;
    private static final byte[] TAIL_SECOND = {0, '\r', '\n', 0x1A, '\n'};
    private static final int LONGEST_DESCRIPTION = 79;
    static final int AXES = 7;

    private enum Kind {
        BYTE(1), SHORT(2), INT(4), LONG(8), FLOAT(4), DOUBLE(8);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }
    }

    /** A field: offset and type in NIfTI-1, then in NIfTI-2. */
    enum Field {
        DIM(40, Kind.SHORT, 16, Kind.LONG), INTENT_P(56, Kind.FLOAT, 80, Kind.DOUBLE), INTENT_CODE(68, Kind.SHORT, 504,
                Kind.INT),
        DATATYPE(70, Kind.SHORT, 12, Kind.SHORT), BITPIX(72, Kind.SHORT, 14, Kind.SHORT), PIXDIM(76, Kind.FLOAT, 104,
                Kind.DOUBLE),
        VOX_OFFSET(108, Kind.FLOAT, 168, Kind.LONG), SCL_SLOPE(112, Kind.FLOAT, 176, Kind.DOUBLE), SCL_INTER(116,
                Kind.FLOAT, 184, Kind.DOUBLE),
        XYZT_UNITS(123, Kind.BYTE, 500, Kind.INT), CAL_MAX(124, Kind.FLOAT, 192, Kind.DOUBLE), CAL_MIN(128, Kind.FLOAT,
                200, Kind.DOUBLE),
        TOFFSET(136, Kind.FLOAT, 216, Kind.DOUBLE), DESCRIP(148, Kind.BYTE, 240, Kind.BYTE), QFORM_CODE(252, Kind.SHORT,
                344, Kind.INT),
        SFORM_CODE(254, Kind.SHORT, 348, Kind.INT), QUATERN(256, Kind.FLOAT, 352, Kind.DOUBLE), QOFFSET(268, Kind.FLOAT,
                376, Kind.DOUBLE),
        SROW(280, Kind.FLOAT, 400, Kind.DOUBLE), INTENT_NAME(328, Kind.BYTE, 508, Kind.BYTE);

        private final int first;
        private final Kind firstKind;
        private final int second;
        private final Kind secondKind;

        Field(int first, Kind firstKind, int second, Kind secondKind) {
            this.first = first;
            this.firstKind = firstKind;
            this.second = second;
            this.secondKind = secondKind;
        }
    }

    private final ByteBuffer bytes;
    private final boolean second;

    private NiftiHeader(ByteBuffer bytes) {
        this.bytes = bytes;
        this.second = bytes.capacity() == SECOND;
    }

    /** The version whose magic the bytes have: 1, 2, or 0 for none. */
    static int version(byte[] head) {
        if (isMagic(head, MAGIC_FIRST, '1') && head.length >= FIRST) {
            return 1;
        }
        return isMagic(head, MAGIC_SECOND, '2')
                && Arrays.equals(head, MAGIC_SECOND + 3, MAGIC_SECOND + 8, TAIL_SECOND, 0, 5) ? 2 : 0;
    }

    private static boolean isMagic(byte[] head, int at, char version) {
        return head.length >= at + 8 - (at == MAGIC_FIRST ? 4 : 0) && head[at] == 'n'
                && (head[at + 1] == '+' || head[at + 1] == 'i') && head[at + 2] == version && head[at + 3] == 0;
    }

    /** Whether bytes are an Analyze header, which has NIfTI-1's size and no magic. */
    static boolean isAnalyze(byte[] head) {
        return head.length >= FIRST && version(head) == 0
                && (ByteBuffer.wrap(head).getInt(0) == FIRST
                        || Integer.reverseBytes(ByteBuffer.wrap(head).getInt(0)) == FIRST);
    }

    /** Header size of a version in bytes. */
    static int size(int version) {
        return version == 2 ? SECOND : FIRST;
    }

    /**
     * Wraps the bytes of a header without copying them.
     *
     * @param head
     *            as many bytes as the version's header has
     * @return null if the header declares another size
     */
    static @Nullable NiftiHeader of(byte[] head) {
        ByteBuffer b = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (b.getInt(0) != head.length) {
            b.order(ByteOrder.BIG_ENDIAN);
        }
        return b.getInt(0) == head.length ? new NiftiHeader(b) : null;
    }

    /** A NIfTI-1 header without spacing or position. */
    static NiftiHeader blank(int columns, int rows, double aspect) {
        byte[] head = new byte[FIRST];
        NiftiHeader h = new NiftiHeader(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN));
        h.bytes.putInt(0, FIRST).put(38, (byte) 'r');
        h.put(Field.DIM, 0, 2);
        for (int axis = 0; axis <= AXES; axis++) {
            h.put(Field.DIM, axis, axis == 0 ? 2 : axis == 1 ? columns : axis == 2 ? rows : 1);
            h.put(Field.PIXDIM, axis, axis == 2 ? aspect : 1);
        }
        return h;
    }

    NiftiHeader copy() {
        return new NiftiHeader(ByteBuffer.wrap(bytes.array().clone()).order(bytes.order()));
    }

    ByteOrder order() {
        return bytes.order();
    }

    /** The bytes, not a copy. */
    byte[] bytes() {
        return bytes.array();
    }

    /** The lowest offset of voxels in the same file. */
    int firstVoxel() {
        return bytes.capacity() + EXTENDER;
    }

    private int magic() {
        return second ? MAGIC_SECOND : MAGIC_FIRST;
    }

    /** Whether the voxels are in another file. */
    boolean isPair() {
        return bytes.get(magic() + 1) == 'i';
    }

    double get(Field f, int index) {
        int at = at(f, index);
        return switch (kind(f)) {
            case BYTE -> bytes.get(at) & 0xFF;
            case SHORT -> bytes.getShort(at);
            case INT -> bytes.getInt(at);
            case LONG -> bytes.getLong(at);
            case FLOAT -> bytes.getFloat(at);
            case DOUBLE -> bytes.getDouble(at);
        };
    }

    void put(Field f, int index, double v) {
        int at = at(f, index);
        switch (kind(f)) {
            case BYTE -> bytes.put(at, (byte) (int) v);
            case SHORT -> bytes.putShort(at, (short) (int) v);
            case INT -> bytes.putInt(at, (int) v);
            case LONG -> bytes.putLong(at, (long) v);
            case FLOAT -> bytes.putFloat(at, (float) v);
            case DOUBLE -> bytes.putDouble(at, v);
        }
    }

    private Kind kind(Field f) {
        return second ? f.secondKind : f.firstKind;
    }

    private int at(Field f, int index) {
        return (second ? f.second : f.first) + index * kind(f).bytes;
    }

    /** Sets the voxels' type, their scaling, and the values shown as black and white (null for none). */
    NiftiHeader voxels(NiftiType type, double slope, double intercept, double @Nullable [] shown) {
        put(Field.DATATYPE, 0, type.code());
        put(Field.BITPIX, 0, 8 * type.bytes());
        put(Field.SCL_SLOPE, 0, slope);
        put(Field.SCL_INTER, 0, intercept);
        put(Field.CAL_MIN, 0, shown == null ? 0 : shown[0]);
        put(Field.CAL_MAX, 0, shown == null ? 0 : shown[1]);
        return this;
    }

    /** Sets the description and the offset of the first voxel. */
    NiftiHeader described(String description, int firstVoxel) {
        put(Field.VOX_OFFSET, 0, firstVoxel);
        bytes.put(magic(), (byte) 'n').put(magic() + 1, (byte) '+');
        if (!second) {
            bytes.put(magic() + 2, (byte) '1').put(magic() + 3, (byte) 0);
        }
        byte[] words = Arrays.copyOf(description.getBytes(StandardCharsets.US_ASCII), LONGEST_DESCRIPTION + 1);
        words[LONGEST_DESCRIPTION] = 0;
        bytes.put(at(Field.DESCRIP, 0), words);
        return this;
    }

    /** Clears the statistical intent, which does not hold for a picture of other values. */
    NiftiHeader withoutIntent() {
        put(Field.INTENT_CODE, 0, 0);
        for (int i = 0; i < 3; i++) {
            put(Field.INTENT_P, i, 0);
        }
        for (int i = 0; i < 16; i++) {
            put(Field.INTENT_NAME, i, 0);
        }
        return this;
    }
}
