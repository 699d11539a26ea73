package radedit.imaging.dicom;

import java.util.Arrays;

import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.LookupTable;

/** Reads look-up tables of data sets (PS3.3 C.11.1.1.1, C.11.2.1.1, C.7.6.3.1.5, C.7.9.2). */
final class LookupTables {
    private static final int MOST_ENTRIES = 1 << 16;

    private LookupTables() {
    }

    /**
     * Reads a table with its descriptor.
     *
     * @param d
     *            the data set or item that contains both
     * @param signed
     *            whether the table's input may be negative; decides the sign of the first input value where the file
     *            does not
     */
    static LookupTable read(DataSet d, Tag descriptor, Tag data, boolean signed) throws ImageFormatException {
        int[] described = descriptor(d, descriptor, signed);
        int entries = described[0];
        Element e = present(d, data);
        byte[] raw = d.raw(e);
        int[] values;
        if (raw.length >= 2 * entries) {
            values = words(e, raw, entries);
        } else if (raw.length >= entries && described[2] == 8) {
            values = bytes(e, raw, entries);
        } else {
            throw new ImageFormatException(d.file(),
                    data + " has " + raw.length + " bytes for " + entries + " entries");
        }
        return new LookupTable(described[1], bits(d, data, values, described[2]), values);
    }

    /**
     * The descriptor's bits per entry. If entries exceed them, the fewest bits that hold all entries; for palettes,
     * whose three tables share a range, 16.
     */
    private static int bits(DataSet d, Tag data, int[] values, int announced) {
        int max = 0;
        for (int v : values) {
            max = Math.max(max, v);
        }
        if (max >> announced == 0) {
            return announced;
        }
        int bits = data == Tag.LUT_DATA ? Integer.SIZE - Integer.numberOfLeadingZeros(max) : 16;
        d.warnings().add(data + " has entries up to " + max + ", though " + announced
                + " bits are declared; " + bits + " bits are used");
        return bits;
    }

    /** Reads a palette's segmented table. */
    static LookupTable segmented(DataSet d, Tag descriptor, Tag data, boolean signed) throws ImageFormatException {
        int[] described = descriptor(d, descriptor, signed);
        Element e = present(d, data);
        byte[] raw = d.raw(e);
        int[] units = described[2] == 8 ? bytes(e, raw, raw.length) : words(e, raw, raw.length / 2);
        return new LookupTable(described[1], described[2],
                new Segments(d, data, units, described[2] == 8, described[0]).expand());
    }

    private static Element present(DataSet d, Tag data) throws ImageFormatException {
        Element e = d.find(data);
        if (e == null) {
            throw new ImageFormatException(d.file(), "has no " + data);
        }
        return e;
    }

    /** Number of entries, first input value, bits per entry. */
    private static int[] descriptor(DataSet d, Tag tag, boolean signed) throws ImageFormatException {
        double[] n = d.numbers(tag);
        if (n.length < 3 || Double.isNaN(n[0] + n[1] + n[2])) {
            throw new ImageFormatException(d.file(), tag + " has " + n.length
                    + " values, 3 whole numbers are expected");
        }
        int entries = (int) n[0] & 0xFFFF;
        Element e = d.find(tag);
        boolean negative = signed || e != null && e.vr() == Vr.SS;
        int bits = (int) n[2];
        if (bits < 8 || bits > 16) {
            throw new ImageFormatException(d.file(), tag + " announces entries of " + bits + " bits, 8 to 16 are read");
        }
        return new int[]{entries == 0 ? MOST_ENTRIES : entries, negative ? (short) (int) n[1] : (int) n[1], bits};
    }

    private static int[] words(Element e, byte[] raw, int n) {
        int low = e.bigEndian() ? 1 : 0;
        int[] out = new int[n];
        Arrays.setAll(out, i -> raw[2 * i + low] & 0xFF | (raw[2 * i + 1 - low] & 0xFF) << 8);
        return out;
    }

    /** Unpacks two entries per word, the first in the low byte. */
    private static int[] bytes(Element e, byte[] raw, int n) {
        boolean swapped = e.bigEndian() && e.vr() != Vr.OB;
        int[] out = new int[n];
        Arrays.setAll(out, i -> raw[swapped && (i ^ 1) < raw.length ? i ^ 1 : i] & 0xFF);
        return out;
    }

    /** Expands discrete, linear and indirect segments (PS3.3 C.7.9.2). */
    private static final class Segments {
        private static final int DISCRETE = 0;
        private static final int LINEAR = 1;
        private static final int INDIRECT = 2;

        private final DataSet dataSet;
        private final Tag tag;
        private final int[] units;
        private final boolean ofBytes;
        private final int[] out;
        private int size;

        Segments(DataSet dataSet, Tag tag, int[] units, boolean ofBytes, int entries) {
            this.dataSet = dataSet;
            this.tag = tag;
            this.units = units;
            this.ofBytes = ofBytes;
            this.out = new int[entries];
        }

        int[] expand() throws ImageFormatException {
            run(0, Integer.MAX_VALUE, true);
            if (size < out.length) {
                throw bad("ends after " + size + " of " + out.length + " entries");
            }
            return out;
        }

        /**
         * Expands segments from an index on; an indirect one refers to earlier segments, which must not be indirect.
         */
        private void run(int from, int segments, boolean mayBeIndirect) throws ImageFormatException {
            int at = from;
            for (int s = 0; s < segments && at + 1 < units.length && size < out.length; s++) {
                int code = units[at];
                int length = units[at + 1];
                at += 2;
                switch (code) {
                    case DISCRETE -> {
                        for (int i = 0; i < length; i++) {
                            put(unit(at + i));
                        }
                        at += length;
                    }
                    case LINEAR -> {
                        linear(length, unit(at));
                        at++;
                    }
                    case INDIRECT -> {
                        if (!mayBeIndirect) {
                            throw bad("has indirect segments within indirect ones");
                        }
                        long offset = ofBytes
                                ? unit(at) | unit(at + 1) << 8 | unit(at + 2) << 16 | (long) unit(at + 3) << 24
                                : unit(at) | (long) unit(at + 1) << 16;
                        if (offset >= units.length) {
                            throw bad("points beyond its end");
                        }
                        run((int) offset, length, false);
                        at += ofBytes ? 4 : 2;
                    }
                    default -> throw bad("has a segment of kind " + code);
                }
            }
        }

        private void linear(int length, int to) throws ImageFormatException {
            if (size == 0) {
                throw bad("begins with a linear segment");
            }
            int start = out[size - 1];
            for (int i = 1; i <= length; i++) {
                put((int) Math.rint(start + (to - start) * (double) i / length));
            }
        }

        private void put(int value) {
            if (size < out.length) {
                out[size++] = value;
            }
        }

        private int unit(int at) throws ImageFormatException {
            if (at >= units.length) {
                throw bad("is truncated");
            }
            return units[at];
        }

        private ImageFormatException bad(String fault) {
            return new ImageFormatException(dataSet.file(), tag + " " + fault);
        }
    }
}
