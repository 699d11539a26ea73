package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import radedit.imaging.ImageFormatException;

/** The elements of a data set or of a sequence's item; values are read when they are asked for. */
final class DataSet {
    /** A look-up table takes 128 kB at most, an offset table 8 bytes for each frame. */
    private static final int LONGEST = 1 << 20;
    /** What the shorter form of a length can say. */
    private static final int LONGEST_TEXT = 0xFFFF;
    private static final int LONGEST_NUMBER = 64;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private final Path file;
    private final MemorySegment bytes;
    private final List<Element> elements;

    DataSet(Path file, MemorySegment bytes, List<Element> elements) {
        this.file = file;
        this.bytes = bytes;
        this.elements = elements;
    }

    Path file() {
        return file;
    }

    /** The bytes that elements' offsets count in. */
    MemorySegment bytes() {
        return bytes;
    }

    /** All elements, in the order of the file. */
    List<Element> elements() {
        return Collections.unmodifiableList(elements);
    }

    /** The element of a tag; the last one if there are several, null if there is none. */
    Element find(Tag tag) {
        for (int i = elements.size() - 1; i >= 0; i--) {
            if (elements.get(i).tag() == tag.code()) {
                return elements.get(i);
            }
        }
        return null;
    }

    /** Whether there is such an element with a value. */
    boolean has(Tag tag) {
        Element e = find(tag);
        return e != null && e.length() > 0;
    }

    /** The items of a sequence; none if it is missing. */
    List<DataSet> items(Tag tag) throws ImageFormatException {
        Element e = find(tag);
        return e == null || e.length() == 0 ? List.of() : new DataSetParser(file, bytes).items(e);
    }

    /** A text without the blanks around it; empty if it is missing. Control characters are shown as question marks. */
    String text(Tag tag) throws ImageFormatException {
        Element e = find(tag);
        if (e == null || e.length() == 0) {
            return "";
        }
        if (e.length() > LONGEST_TEXT) {
            throw tooLong(e);
        }
        byte[] raw = raw(e);
        int end = raw.length;
        while (end > 0 && (raw[end - 1] == 0 || raw[end - 1] == ' ')) {
            end--;
        }
        String text = new String(raw, 0, end,
                tag.vr().hasCharacterSet() ? charset() : StandardCharsets.ISO_8859_1);
        return text.strip().replaceAll("\\p{Cntrl}", "?");
    }

    /** The text of any element by its number, without the blanks and zeros at its end, as ISO 8859-1. */
    Optional<String> longText(int tag) throws ImageFormatException {
        for (Element e : elements) {
            if (e.tag() == tag && e.length() <= LONGEST) {
                return Optional.of(new String(raw(e), StandardCharsets.ISO_8859_1).replaceAll("[ \\00]+$", ""));
            }
        }
        return Optional.empty();
    }

    private Charset charset() throws ImageFormatException {
        return CharacterSets.of(texts(Tag.SPECIFIC_CHARACTER_SET));
    }

    /** The values of a text that may have several. */
    String[] texts(Tag tag) throws ImageFormatException {
        String text = text(tag);
        return text.isEmpty() ? new String[0] : text.split("\\\\", -1);
    }

    /** A whole number, or what stands for it where it is missing. */
    int integer(Tag tag, int otherwise) throws ImageFormatException {
        double[] all = numbers(tag);
        if (all.length == 0) {
            return otherwise;
        }
        if (all[0] != Math.rint(all[0]) || Math.abs(all[0]) > Integer.MAX_VALUE) {
            throw new ImageFormatException(file, tag + " is " + all[0] + ", a whole number is expected");
        }
        return (int) all[0];
    }

    /**
     * A whole number that must be there.
     *
     * @throws ImageFormatException
     *             if it is missing
     */
    int required(Tag tag) throws ImageFormatException {
        if (!has(tag)) {
            throw new ImageFormatException(file, "has no " + tag);
        }
        return integer(tag, 0);
    }

    /** All numbers of an element, whichever way they are written; none if it is missing or empty. */
    double[] numbers(Tag tag) throws ImageFormatException {
        Element e = find(tag);
        if (e == null || e.length() == 0) {
            return new double[0];
        }
        Vr vr = e.vr() == null || e.vr() == Vr.UN ? tag.vr() : e.vr();
        return switch (vr) {
            case DS, IS -> decimals(tag);
            case US, OW -> binary(tag, e, 2, false);
            case SS -> binary(tag, e, 2, true);
            case UL, OL -> binary(tag, e, 4, false);
            case SL -> binary(tag, e, 4, true);
            case UV, OV, SV -> binary(tag, e, 8, true);
            case FL, OF, FD, OD -> floating(tag, e, vr == Vr.FL || vr == Vr.OF ? 4 : 8);
            default -> throw new ImageFormatException(file, tag + " is of type " + vr + ", a number is expected");
        };
    }

    private double[] decimals(Tag tag) throws ImageFormatException {
        String[] texts = texts(tag);
        double[] out = new double[texts.length];
        for (int i = 0; i < out.length; i++) {
            String t = texts[i].strip();
            if (t.length() > LONGEST_NUMBER || !NUMBER.matcher(t).matches()) {
                throw new ImageFormatException(file,
                        tag + " is '" + t.substring(0, Math.min(t.length(), LONGEST_NUMBER))
                                + "', a number is expected");
            }
            out[i] = Double.parseDouble(t);
        }
        return out;
    }

    private double[] binary(Tag tag, Element e, int size, boolean signed) throws ImageFormatException {
        checkLength(tag, e, size);
        double[] out = new double[(int) (e.length() / size)];
        for (int i = 0; i < out.length; i++) {
            long at = e.offset() + (long) i * size;
            ByteOrder order = order(e);
            out[i] = switch (size) {
                case 2 -> {
                    short v = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), at);
                    yield signed ? v : v & 0xFFFF;
                }
                case 4 -> {
                    int v = bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), at);
                    yield signed ? v : v & 0xFFFFFFFFL;
                }
                default -> bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), at);
            };
        }
        return out;
    }

    private double[] floating(Tag tag, Element e, int size) throws ImageFormatException {
        checkLength(tag, e, size);
        double[] out = new double[(int) (e.length() / size)];
        for (int i = 0; i < out.length; i++) {
            long at = e.offset() + (long) i * size;
            out[i] = size == 4
                    ? bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order(e)), at)
                    : bytes.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order(e)), at);
        }
        return out;
    }

    private void checkLength(Tag tag, Element e, int size) throws ImageFormatException {
        if (e.length() > LONGEST || e.length() % size != 0) {
            throw new ImageFormatException(file, tag + " has an unexpected length of " + e.length() + " bytes");
        }
    }

    private static ByteOrder order(Element e) {
        return e.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** The bytes of a value that is not pixel data. */
    byte[] raw(Element e) throws ImageFormatException {
        if (e.length() > LONGEST) {
            throw tooLong(e);
        }
        return bytes.asSlice(e.offset(), e.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private ImageFormatException tooLong(Element e) {
        return new ImageFormatException(file,
                "element " + Tag.text(e.tag()) + " is too long (" + e.length() + " bytes)");
    }
}
