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

import org.jspecify.annotations.Nullable;
import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.Numbers;

/** The elements of a data set or of a sequence item; values are decoded on access. */
final class DataSet {
    /** Limit for a value: a look-up table has at most 128 kB, an offset table 8 bytes per frame. */
    private static final int LONGEST = 1 << 20;
    /** Largest 16-bit length. */
    private static final int LONGEST_TEXT = 0xFFFF;
    private static final int LONGEST_NUMBER = 64;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+([.,]\\d*)?|[.,]\\d+)([eE][+-]?\\d+)?");

    private final Path file;
    private final MemorySegment bytes;
    private final List<Element> elements;
    private final Warnings warnings;

    /**
     * @param warnings
     *            receives what is unusual about values when they are decoded
     */
    DataSet(Path file, MemorySegment bytes, List<Element> elements, Warnings warnings) {
        this.file = file;
        this.bytes = bytes;
        this.elements = elements;
        this.warnings = warnings;
    }

    Path file() {
        return file;
    }

    /** Receives what is unusual about the file. */
    Warnings warnings() {
        return warnings;
    }

    /** The bytes that element offsets refer to. */
    MemorySegment bytes() {
        return bytes;
    }

    /** All elements, in file order. */
    List<Element> elements() {
        return Collections.unmodifiableList(elements);
    }

    /** The element of a tag; the last one if there are several, null if there is none. */
    @Nullable
    Element find(Tag tag) {
        for (int i = elements.size() - 1; i >= 0; i--) {
            if (elements.get(i).tag() == tag.code()) {
                return elements.get(i);
            }
        }
        return null;
    }

    /** Whether the element exists and its value is not empty. */
    boolean has(Tag tag) {
        Element e = find(tag);
        return e != null && e.length() > 0;
    }

    /** The items of a sequence; empty if it is missing. */
    List<DataSet> items(Tag tag) throws ImageFormatException {
        Element e = find(tag);
        return e == null || e.length() == 0 ? List.of() : new DataSetParser(file, bytes, warnings).items(e);
    }

    /** A text without leading and trailing blanks; empty if it is missing. Control characters become question marks. */
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

    /** The text of an element by its tag number, in ISO 8859-1, without trailing blanks and zeros. */
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

    /** The values of a multi-valued text. */
    String[] texts(Tag tag) throws ImageFormatException {
        String text = text(tag);
        return text.isEmpty() ? new String[0] : text.split("\\\\", -1);
    }

    /**
     * An integer.
     *
     * @param otherwise
     *            returned if the element is missing or empty, and, with a warning, if its value is malformed
     */
    int integer(Tag tag, int otherwise) throws ImageFormatException {
        double v = number(tag, otherwise);
        if (isWhole(v)) {
            return (int) v;
        }
        warnings.add(tag + " is '" + shown(tag) + "', expected a whole number; " + otherwise + " is used");
        return otherwise;
    }

    /**
     * An integer that must be present.
     *
     * @throws ImageFormatException
     *            if it is missing or malformed
     */
    int required(Tag tag) throws ImageFormatException {
        if (!has(tag)) {
            throw new ImageFormatException(file, "has no " + tag);
        }
        double v = number(tag, Double.NaN);
        if (!isWhole(v)) {
            throw new ImageFormatException(file,
                    tag + " is '" + shown(tag) + "', expected a whole number");
        }
        return (int) v;
    }

    private static boolean isWhole(double v) {
        return v == Math.rint(v) && Math.abs(v) <= Integer.MAX_VALUE;
    }

    /** The first number; {@code otherwise} if it is missing or empty, NaN if it is malformed. */
    double number(Tag tag, double otherwise) throws ImageFormatException {
        double[] all = numbers(tag);
        boolean missing = all.length == 0 || Double.isNaN(all[0]) && shown(tag).matches("\\s*(\\\\.*)?");
        return missing ? otherwise : all[0];
    }

    /**
     * All numbers of an element in any representation; empty if the element is missing or empty. Single values that are
     * empty, malformed or not finite are NaN: the caller knows what that implies. A decimal comma is accepted with a
     * warning.
     */
    double[] numbers(Tag tag) throws ImageFormatException {
        Element e = find(tag);
        if (e == null || e.length() == 0) {
            return new double[0];
        }
        Vr vr = e.vr() == null || e.vr() == Vr.UN || e.vr() == Vr.OB ? tag.vr() : e.vr();
        double[] all = switch (vr) {
            case US, OW -> binary(e, 2, false);
            case SS -> binary(e, 2, true);
            case UL, OL -> binary(e, 4, false);
            case SL -> binary(e, 4, true);
            case UV, OV, SV -> binary(e, 8, true);
            case FL, OF -> floating(e, 4);
            case FD, OD -> floating(e, 8);
            case SQ, AT -> new double[]{Double.NaN};
            default -> decimals(tag, e);
        };
        for (int i = 0; i < all.length; i++) {
            all[i] = Double.isFinite(all[i]) ? all[i] : Double.NaN;
        }
        return all;
    }

    /** An element's value for messages: the beginning of its text, or its length. */
    String shown(Tag tag) throws ImageFormatException {
        Element e = find(tag);
        boolean text = e != null && e.length() <= LONGEST_TEXT && (e.vr() == null || !e.vr().isLong())
                && (tag.vr() == Vr.DS || tag.vr() == Vr.IS || e.vr() != null && e.vr().isText());
        if (!text) {
            return e == null ? "" : e.length() + (e.length() == 1 ? " byte" : " bytes");
        }
        String all = text(tag);
        return all.substring(0, Math.min(LONGEST_NUMBER, all.length()));
    }

    private double[] decimals(Tag tag, Element e) throws ImageFormatException {
        if (e.length() > LONGEST_TEXT) {
            return new double[]{Double.NaN};
        }
        String[] texts = texts(tag);
        double[] out = new double[texts.length];
        for (int i = 0; i < out.length; i++) {
            String t = texts[i].strip();
            if (t.length() > LONGEST_NUMBER || !NUMBER.matcher(t).matches()) {
                out[i] = Double.NaN;
                continue;
            }
            out[i] = Double.parseDouble(t.replace(',', '.'));
            if (t.indexOf(',') >= 0) {
                warnings.add(tag + " is '" + t + "' with a decimal comma; " + Numbers.text(out[i]) + " is used");
            }
        }
        return out;
    }

    private double[] binary(Element e, int size, boolean signed) {
        double[] out = new double[count(e, size)];
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

    private double[] floating(Element e, int size) {
        double[] out = new double[count(e, size)];
        for (int i = 0; i < out.length; i++) {
            long at = e.offset() + (long) i * size;
            out[i] = size == 4
                    ? bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order(e)), at)
                    : bytes.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order(e)), at);
        }
        return out;
    }

    /** Number of integers of this size in a value, limited to the largest table. */
    private static int count(Element e, int size) {
        return (int) (Math.min(e.length(), LONGEST) / size);
    }

    private static ByteOrder order(Element e) {
        return e.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** The bytes of a value other than pixel data. */
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
