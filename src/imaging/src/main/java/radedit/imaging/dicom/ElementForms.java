package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Detects the form of a data element's header (PS3.5 7.1) where files deviate: data sets and items that are not encoded
 * as the transfer syntax says, elements without a value representation in explicit data sets, unknown value
 * representations. The form is chosen by whether another element follows at the end that its length implies. Nothing
 * beyond the available bytes is read.
 */
final class ElementForms {
    /** The value of an undefined length. */
    static final long UNDEFINED = 0xFFFFFFFFL;
    /** Most consecutive elements without a known value representation that the search passes. */
    private static final int LOOK_AHEAD = 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The layout of a header. */
    enum Form {
        /** No value representation, a length of 4 bytes. */
        IMPLICIT(8),
        /** Value representation and a length of 2 bytes. */
        EXPLICIT(8),
        /** Value representation, 2 bytes that are reserved, a length of 4 bytes. */
        EXPLICIT_LONG(12);

        private final int header;

        Form(int header) {
            this.header = header;
        }

        /** Bytes of the header. */
        int header() {
            return header;
        }
    }

    private final MemorySegment bytes;

    ElementForms(MemorySegment bytes) {
        this.bytes = bytes;
    }

    /** The tag at an offset with at least 4 bytes. */
    int tag(long at, boolean bigEndian) {
        return u16(at, bigEndian) << 16 | u16(at + 2, bigEndian);
    }

    /** The value representation of a header; null if it has none or an unknown one. */
    @Nullable
    Vr vr(long at) {
        return Vr.of(bytes.get(ValueLayout.JAVA_BYTE, at + 4), bytes.get(ValueLayout.JAVA_BYTE, at + 5));
    }

    /** The length in a header of a given form; the bytes must be available. */
    long length(long at, Form form, boolean bigEndian) {
        return switch (form) {
            case IMPLICIT -> u32(at + 4, bigEndian);
            case EXPLICIT -> u16(at + 6, bigEndian);
            case EXPLICIT_LONG -> u32(at + 8, bigEndian);
        };
    }

    /** Whether an item, or the end of a sequence, begins at an offset. */
    boolean isItem(long at, long end, boolean bigEndian) {
        if (end - at < 8) {
            return true; // too few bytes to tell
        }
        int tag = tag(at, bigEndian);
        return tag == Tag.ITEM || tag == Tag.SEQUENCE_END;
    }

    /**
     * The form of an element in an explicit data set: that of its value representation; where this is missing, unknown
     * or contradicts the reserved bytes, the form after which an element follows.
     *
     * @param end
     *            end of the data set or item
     * @return null if no form leads to another element
     */
    @Nullable
    Form explicit(long at, long end, boolean bigEndian) {
        Vr vr = vr(at);
        if (vr != null) {
            boolean odd = vr.isLong() && u16(at + 6, bigEndian) != 0;
            Form form = vr.isLong() ? Form.EXPLICIT_LONG : Form.EXPLICIT;
            return odd ? best(at, end, bigEndian, form, form, Form.EXPLICIT) : form;
        }
        if (tag(at, bigEndian) == 0) {
            return Form.EXPLICIT; // zeros after the last element
        }
        return isLetter(at + 4) && isLetter(at + 5)
                ? best(at, end, bigEndian, null, Form.EXPLICIT, Form.EXPLICIT_LONG, Form.IMPLICIT)
                : best(at, end, bigEndian, null, Form.IMPLICIT, Form.EXPLICIT, Form.EXPLICIT_LONG);
    }

    private boolean isLetter(long at) {
        byte b = bytes.get(ValueLayout.JAVA_BYTE, at);
        return b >= 'A' && b <= 'Z';
    }

    /**
     * The form whose length leads most surely to another element, the first of equals; {@code otherwise} if none does.
     */
    private @Nullable Form best(long at, long end, boolean bigEndian, @Nullable Form otherwise, Form... forms) {
        Form best = otherwise;
        int most = 0;
        for (Form f : forms) {
            int sure = sureness(at, end, bigEndian, f, LOOK_AHEAD);
            if (sure > most) {
                most = sure;
                best = f;
            }
        }
        return best;
    }

    /**
     * Whether the elements of a data set or item name their value representations.
     *
     * @param end
     *            its end, as far as it is known
     * @param expected
     *            what the transfer syntax says
     */
    boolean isExplicit(long at, long end, boolean bigEndian, boolean expected) {
        if (end - at < 8 || tag(at, bigEndian) >>> 16 == 0xFFFE) {
            return expected;
        }
        int implicit = sureness(at, end, bigEndian, Form.IMPLICIT, 0);
        Vr vr = vr(at);
        if (vr == null) {
            // In an explicit data set whose first element has no VR, the second element has one.
            return expected && implicit == 2 && nextHasVr(at, end, bigEndian);
        }
        Form form = vr.isLong() ? Form.EXPLICIT_LONG : Form.EXPLICIT;
        return expected || sureness(at, end, bigEndian, form, 0) >= implicit;
    }

    private boolean nextHasVr(long at, long end, boolean bigEndian) {
        long length = length(at, Form.IMPLICIT, bigEndian);
        long next = at + 8 + length;
        return length != UNDEFINED && end - next >= 8 && vr(next) != null;
    }

    /**
     * How well a header fits a form: 2 if the end or an element with a known value representation follows, 1 if
     * something that may be an element follows, 0 otherwise.
     *
     * @param ahead
     *            most elements without a known value representation that the search passes
     */
    private int sureness(long at, long end, boolean bigEndian, Form form, int ahead) {
        if (end - at < form.header) {
            return 0;
        }
        long length = length(at, form, bigEndian);
        long value = at + form.header;
        if (length == UNDEFINED && form != Form.EXPLICIT) {
            return end - value >= 8 && isItem(value, end, bigEndian) ? 2 : 0;
        }
        if (length > end - value) {
            return 0;
        }
        long next = value + length;
        if (end - next < 8) {
            return next == end ? 2 : 1;
        }
        int tag = tag(next, bigEndian);
        if (tag == Tag.ITEM_END || tag == Tag.SEQUENCE_END) {
            return 2;
        }
        if (Integer.compareUnsigned(tag, tag(at, bigEndian)) <= 0) {
            return 0;
        }
        if (vr(next) != null) {
            return 2;
        }
        if (ahead == 0) {
            long least = Math.min(length(next, Form.IMPLICIT, bigEndian), length(next, Form.EXPLICIT, bigEndian));
            return least <= end - next - 8 ? 1 : 0;
        }
        int most = 0;
        for (Form f : Form.values()) {
            most = Math.max(most, sureness(next, end, bigEndian, f, ahead - 1));
        }
        return Math.min(1, most);
    }

    private int u16(long at, boolean bigEndian) {
        short v = bytes.get(SHORT, at);
        return (bigEndian ? Short.reverseBytes(v) : v) & 0xFFFF;
    }

    private long u32(long at, boolean bigEndian) {
        int v = bytes.get(INT, at);
        return (bigEndian ? Integer.reverseBytes(v) : v) & UNDEFINED;
    }
}
