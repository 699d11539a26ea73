package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.imaging.ImageFormatException;

/**
 * Walks data elements (PS3.5 section 7) and records where their values are; no value is loaded. Sequence items are
 * entered only where an undefined length leaves no other way to find their end. {@link ElementForms} decides how an
 * element is encoded wherever files are known to deviate from their transfer syntax.
 */
final class DataSetParser {
    private static final int HEADER = 8;
    /** Deepest nesting of sequences; published objects stay below ten. */
    private static final int MAX_DEPTH = 32;

    private final Path file;
    private final MemorySegment bytes;
    private final ElementForms forms;
    private final Warnings warnings;
    private long position;

    // The last header.
    private int tag;
    private @Nullable Vr vr;
    private long length;
    private boolean undefined;

    DataSetParser(Path file, MemorySegment bytes, Warnings warnings) {
        this.file = file;
        this.bytes = bytes;
        this.forms = new ElementForms(bytes);
        this.warnings = warnings;
    }

    /** Current position: after the last element parsed. */
    long position() {
        return position;
    }

    /** Detects how elements are encoded, regardless of the transfer syntax. */
    ElementForms forms() {
        return forms;
    }

    /**
     * Parses a data set up to its pixel data.
     *
     * @param from
     *            the first byte
     */
    DataSet dataSet(long from, boolean explicit, boolean bigEndian) throws ImageFormatException {
        position = from;
        List<Element> elements = new ArrayList<>();
        while (bytes.byteSize() - position >= HEADER) {
            Element e = element(bytes.byteSize(), explicit, bigEndian, 0);
            // Ignore a stray item delimiter, and zeros after the last element.
            if (e.tag() >>> 16 != 0xFFFE && e.tag() != 0) {
                elements.add(e);
            }
            if (e.tag() == Tag.PIXEL_DATA.code()) {
                break;
            }
        }
        return new DataSet(file, bytes, elements, warnings);
    }

    /** Parses the file meta information: elements of group 2, explicit little endian (PS3.10 7.1). */
    DataSet meta(long from) throws ImageFormatException {
        position = from;
        List<Element> elements = new ArrayList<>();
        while (bytes.byteSize() - position >= HEADER && forms.tag(position, false) >>> 16 == 2) {
            elements.add(element(bytes.byteSize(), true, false, 0));
        }
        return new DataSet(file, bytes, elements, warnings);
    }

    /** The items of a sequence. */
    List<DataSet> items(Element sequence) throws ImageFormatException {
        List<DataSet> items = new ArrayList<>();
        position = sequence.offset();
        long end = sequence.offset() + sequence.length();
        boolean ended = false;
        while (!ended && nextItem(end, sequence.bigEndian())) {
            List<Element> elements = new ArrayList<>();
            ended = item(end, sequence.explicit(), sequence.bigEndian(), 1, elements);
            items.add(new DataSet(file, bytes, elements, warnings));
        }
        return items;
    }

    /** The fragments of encapsulated pixel data, the offset table first (PS3.5 A.4). */
    List<Element> fragments(Element pixelData) throws ImageFormatException {
        List<Element> fragments = new ArrayList<>();
        position = pixelData.offset();
        long end = pixelData.offset() + pixelData.length();
        while (end - position >= HEADER && forms.tag(position, pixelData.bigEndian()) == Tag.ITEM) {
            header(end, false, pixelData.bigEndian());
            if (undefined) {
                throw new ImageFormatException(file, "damaged: a fragment of its pixel data has no length");
            }
            fragments.add(new Element(tag, Vr.OB, position, length, false, true, pixelData.bigEndian()));
            position += length;
        }
        return fragments;
    }

    /** Parses one element and moves to the end of its value. */
    private Element element(long end, boolean explicit, boolean bigEndian, int depth) throws ImageFormatException {
        header(end, explicit, bigEndian);
        int t = tag;
        Vr v = vr;
        long start = position;
        boolean open = undefined;
        // Values of VR UN in explicit files should be encoded as implicit little endian (PS3.5 6.2.2, CP-246).
        boolean unknown = v == Vr.UN;
        boolean itemsExplicit = explicit && !unknown;
        boolean itemsBig = bigEndian && !(unknown && forms.isItem(start, end, false));
        if (!open) {
            position += length;
        } else if (forms.isItem(start, end, itemsBig)) {
            skipItems(end, itemsExplicit, itemsBig, depth + 1);
        } else {
            skipToDelimiter(end, bigEndian);
        }
        return new Element(t, v, start, position - start, open, itemsExplicit, itemsBig);
    }

    /** Moves past the delimiter of a sequence, or of encapsulated pixel data, of undefined length. */
    private void skipItems(long end, boolean explicit, boolean bigEndian, int depth) throws ImageFormatException {
        int owner = tag;
        if (depth > MAX_DEPTH) {
            throw new ImageFormatException(file, "damaged: sequences nested deeper than " + MAX_DEPTH);
        }
        boolean pixelData = owner == Tag.PIXEL_DATA.code() && depth == 1;
        while (true) {
            if (end - position < HEADER) {
                if (pixelData) {
                    position = end; // only the delimiter is missing; frames are counted later
                    return;
                }
                throw truncated("the end of " + Tag.text(owner));
            }
            if (pixelData && forms.tag(position, bigEndian) >>> 16 != Tag.ITEM >>> 16) {
                warnings.add("its pixel data have no delimiter at their end");
                return;
            }
            if (!nextItem(end, bigEndian) || item(end, explicit, bigEndian, depth, null)) {
                return;
            }
        }
    }

    /** Moves past the delimiter of a value of undefined length that has no items. */
    private void skipToDelimiter(long end, boolean bigEndian) throws ImageFormatException {
        int owner = tag;
        for (long at = position; at <= end - HEADER; at++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, at) == (bigEndian ? -1 : -2)
                    && forms.tag(at, bigEndian) == Tag.SEQUENCE_END) {
                position = at + HEADER;
                return;
            }
        }
        throw truncated("the end of " + Tag.text(owner));
    }

    /**
     * Reads the header of the next item.
     *
     * @return whether there is one; if not, the position is after the sequence's delimiter, or at its end
     */
    private boolean nextItem(long end, boolean bigEndian) throws ImageFormatException {
        do {
            if (end - position < HEADER) {
                return false;
            }
            header(end, false, bigEndian);
        } while (tag == Tag.ITEM_END); // superfluous delimiter after an item of defined length
        if (tag != Tag.ITEM && tag != Tag.SEQUENCE_END) {
            throw new ImageFormatException(file, "damaged: " + Tag.text(tag) + " at byte " + (position - HEADER)
                    + " where an item should begin");
        }
        return tag == Tag.ITEM;
    }

    /**
     * Moves from the end of an item's header to the end of the item, adding its elements to a list if one is given.
     *
     * @return whether the sequence's delimiter stood in place of the item's, so that both end here
     */
    private boolean item(long end, boolean explicit, boolean bigEndian, int depth, @Nullable List<Element> elements)
            throws ImageFormatException {
        if (!undefined && elements == null) {
            position += length;
            return false;
        }
        boolean open = undefined;
        long itemEnd = open ? end : position + length;
        // Some writers put implicit items into explicit files, and vice versa.
        boolean written = forms.isExplicit(position, itemEnd, bigEndian, explicit);
        while (open || itemEnd - position >= HEADER) {
            if (itemEnd - position < HEADER) {
                throw truncated("the end of an item");
            }
            if (open && forms.tag(position, bigEndian) == Tag.ITEM) {
                return false; // the next one begins, without a delimiter before it
            }
            Element e = element(itemEnd, written, bigEndian, depth);
            if (e.tag() == Tag.ITEM_END || e.tag() == Tag.SEQUENCE_END) {
                position = open ? position : itemEnd;
                return open && e.tag() == Tag.SEQUENCE_END;
            }
            if (elements != null) {
                elements.add(e);
            }
        }
        position = itemEnd;
        return false;
    }

    /** Reads tag, value representation and length, and checks the length against the bytes that remain. */
    private void header(long end, boolean explicit, boolean bigEndian) throws ImageFormatException {
        long start = position;
        tag = forms.tag(start, bigEndian);
        vr = null;
        ElementForms.Form form = ElementForms.Form.IMPLICIT;
        if (explicit && tag >>> 16 != 0xFFFE) {
            vr = forms.vr(start);
            form = forms.explicit(start, end, bigEndian);
            if (form == null) {
                throw new ImageFormatException(file, "damaged: element " + Tag.text(tag) + " at byte " + start
                        + " has no value representation");
            }
            if (vr == null && tag != 0) {
                warnings.add("element " + Tag.text(tag)
                        + " has no known value representation; its length is inferred from what follows it");
            }
        }
        if (end - start < form.header()) {
            throw truncated("element " + Tag.text(tag));
        }
        position = start + form.header();
        long written = forms.length(start, form, bigEndian);
        boolean delimiter = tag == Tag.ITEM_END || tag == Tag.SEQUENCE_END;
        undefined = written == ElementForms.UNDEFINED && !delimiter;
        length = undefined || delimiter ? 0 : written;
        if (length > end - position) {
            throw new ImageFormatException(file, "truncated: element " + Tag.text(tag) + " at byte " + start
                    + " claims " + length + " bytes, " + (end - position) + " are left");
        }
    }

    private ImageFormatException truncated(String before) {
        return new ImageFormatException(file, "truncated: it ends before " + before);
    }
}
