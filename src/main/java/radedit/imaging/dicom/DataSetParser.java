package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import radedit.imaging.ImageFormatException;

/**
 * Walks over data elements (PS3.5 section 7) and notes where their values lie; none is loaded. Items of sequences are
 * walked through only where an undefined length leaves no other way to their end.
 */
final class DataSetParser {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int UNDEFINED = -1;
    /** Sequences within sequences; published objects stay below ten. */
    private static final int MAX_DEPTH = 32;

    private final Path file;
    private final MemorySegment bytes;
    private long position;

    // The header that was read last.
    private int tag;
    private Vr vr;
    private long length;
    private boolean undefined;

    DataSetParser(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Where the walk stands: behind what was parsed last. */
    long position() {
        return position;
    }

    /**
     * Parses a whole data set, as far as its pixel data.
     *
     * @param from
     *            the first byte
     */
    DataSet dataSet(long from, boolean explicit, boolean bigEndian) throws ImageFormatException {
        position = from;
        List<Element> elements = new ArrayList<>();
        while (bytes.byteSize() - position >= 8) {
            Element e = element(bytes.byteSize(), explicit, bigEndian, 0);
            // A stray end of an item, and zeros behind the last element, carry nothing.
            if (e.tag() >>> 16 != 0xFFFE && e.tag() != 0) {
                elements.add(e);
            }
            if (e.tag() == Tag.PIXEL_DATA.code()) {
                break;
            }
        }
        return new DataSet(file, bytes, elements);
    }

    /** Parses the file meta information: the elements of group 2, explicit and little endian (PS3.10 7.1). */
    DataSet meta(long from) throws ImageFormatException {
        position = from;
        List<Element> elements = new ArrayList<>();
        while (bytes.byteSize() - position >= 8 && bytes.get(SHORT, position) == 2) {
            elements.add(element(bytes.byteSize(), true, false, 0));
        }
        return new DataSet(file, bytes, elements);
    }

    /** The items of a sequence. */
    List<DataSet> items(Element sequence) throws ImageFormatException {
        List<DataSet> items = new ArrayList<>();
        position = sequence.offset();
        long end = sequence.offset() + sequence.length();
        while (end - position >= 8) {
            itemHeader(end, sequence.bigEndian());
            if (tag == Tag.SEQUENCE_END) {
                break;
            }
            List<Element> elements = new ArrayList<>();
            item(end, sequence.explicit(), sequence.bigEndian(), 1, elements);
            items.add(new DataSet(file, bytes, elements));
        }
        return items;
    }

    /** The fragments of encapsulated pixel data, the offset table first (PS3.5 A.4). */
    List<Element> fragments(Element pixelData) throws ImageFormatException {
        List<Element> fragments = new ArrayList<>();
        position = pixelData.offset();
        long end = pixelData.offset() + pixelData.length();
        while (end - position >= 8) {
            itemHeader(end, pixelData.bigEndian());
            if (tag == Tag.SEQUENCE_END) {
                break;
            }
            if (undefined) {
                throw new ImageFormatException(file, "damaged: a fragment of its pixel data has no length");
            }
            fragments.add(new Element(tag, Vr.OB, position, length, false, true, pixelData.bigEndian()));
            position += length;
        }
        return fragments;
    }

    /** One element; afterwards the walk stands behind its value. */
    private Element element(long end, boolean explicit, boolean bigEndian, int depth) throws ImageFormatException {
        header(end, explicit, bigEndian);
        int t = tag;
        Vr v = vr;
        long start = position;
        boolean open = undefined;
        // What an explicit file holds as unknown is written as in implicit little endian (PS3.5 6.2.2).
        boolean unknown = v == Vr.UN;
        if (open) {
            skipItems(end, explicit && !unknown, bigEndian && !unknown, depth + 1);
        } else {
            position += length;
        }
        return new Element(t, v, start, position - start, open, explicit && !unknown, bigEndian && !unknown);
    }

    /** To behind the delimiter of a sequence (or encapsulated pixel data) of undefined length. */
    private void skipItems(long end, boolean explicit, boolean bigEndian, int depth) throws ImageFormatException {
        int owner = tag;
        if (depth > MAX_DEPTH) {
            throw new ImageFormatException(file, "damaged: sequences nested deeper than " + MAX_DEPTH);
        }
        while (true) {
            if (end - position < 8) {
                if (owner == Tag.PIXEL_DATA.code() && depth == 1) {
                    position = end; // the delimiter alone is missing; frames are counted later
                    return;
                }
                throw truncated("the end of " + Tag.text(owner));
            }
            itemHeader(end, bigEndian);
            if (tag == Tag.SEQUENCE_END) {
                return;
            }
            item(end, explicit, bigEndian, depth, null);
        }
    }

    /** From behind an item's header to behind the item; its elements are noted if a list is given. */
    private void item(long end, boolean explicit, boolean bigEndian, int depth, List<Element> elements)
            throws ImageFormatException {
        if (!undefined && elements == null) {
            position += length;
            return;
        }
        boolean open = undefined;
        long itemEnd = open ? end : position + length;
        // Some writers put implicit items into explicit files.
        boolean written = explicit && (itemEnd - position < 8 || isExplicit(position));
        while (open || itemEnd - position >= 8) {
            if (itemEnd - position < 8) {
                throw truncated("the end of an item");
            }
            Element e = element(itemEnd, written, bigEndian, depth);
            if (e.tag() == Tag.ITEM_END) {
                return;
            }
            if (elements != null) {
                elements.add(e);
            }
        }
        position = itemEnd;
    }

    /** Whether the element at a place names its value representation. */
    boolean isExplicit(long at) {
        return bytes.byteSize() - at >= 8 && Vr.of(bytes.get(ValueLayout.JAVA_BYTE, at + 4),
                bytes.get(ValueLayout.JAVA_BYTE, at + 5)) != null;
    }

    private void itemHeader(long end, boolean bigEndian) throws ImageFormatException {
        header(end, false, bigEndian);
        if (tag != Tag.ITEM && tag != Tag.SEQUENCE_END) {
            throw new ImageFormatException(file,
                    "damaged: " + Tag.text(tag) + " at byte " + (position - 8) + " where an item should begin");
        }
    }

    /** Reads tag, value representation and length, and holds the length against what there is. */
    private void header(long end, boolean explicit, boolean bigEndian) throws ImageFormatException {
        long start = position;
        tag = (u16(start, bigEndian) << 16) | u16(start + 2, bigEndian);
        vr = null;
        int written;
        if (explicit && tag >>> 16 != 0xFFFE) {
            int first = bytes.get(ValueLayout.JAVA_BYTE, start + 4);
            int second = bytes.get(ValueLayout.JAVA_BYTE, start + 5);
            vr = Vr.of(first, second);
            if (vr == null && tag != 0) {
                throw new ImageFormatException(file, "damaged: element " + Tag.text(tag) + " at byte " + start
                        + " has no value representation");
            }
            if (vr != null && vr.isLong()) {
                if (end - start < 12) {
                    throw truncated("element " + Tag.text(tag));
                }
                written = i32(start + 8, bigEndian);
                position = start + 12;
            } else {
                written = u16(start + 6, bigEndian);
                position = start + 8;
            }
        } else {
            written = i32(start + 4, bigEndian);
            position = start + 8;
        }
        undefined = written == UNDEFINED && (vr == null || vr.isLong());
        length = undefined ? 0 : written & 0xFFFFFFFFL;
        if (length > end - position) {
            throw new ImageFormatException(file, "truncated: element " + Tag.text(tag) + " at byte " + start
                    + " claims " + length + " bytes, " + (end - position) + " are left");
        }
    }

    private ImageFormatException truncated(String before) {
        return new ImageFormatException(file, "truncated: it ends before " + before);
    }

    private int u16(long at, boolean bigEndian) {
        short v = bytes.get(SHORT, at);
        return (bigEndian ? Short.reverseBytes(v) : v) & 0xFFFF;
    }

    private int i32(long at, boolean bigEndian) {
        int v = bytes.get(INT, at);
        return bigEndian ? Integer.reverseBytes(v) : v;
    }
}
