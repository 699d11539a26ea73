package radedit.imaging.pixel;

/**
 * A table from whole numbers to whole numbers (PS3.3 C.11.1.1.1, C.11.2.1.1).
 *
 * @param first
 *            the value that has the first entry; lower ones have it too
 * @param bits
 *            of an entry, 8 to 16
 * @param entries
 *            at least one, unsigned; not copied
 */
public record LookupTable(int first, int bits, int[] entries) {
    public LookupTable {
        if (entries.length == 0 || bits < 1 || bits > 16) {
            throw new IllegalArgumentException(entries.length + " entries of " + bits + " bits");
        }
    }

    /** The entry of a value; the first or last one where the value lies outside. */
    public int at(double value) {
        double index = value - first;
        return entries[index >= entries.length - 1 ? entries.length - 1 : index > 0 ? (int) index : 0];
    }

    /** The highest entry there can be. */
    public int max() {
        return (1 << bits) - 1;
    }

    @Override
    public String toString() {
        return entries.length + " entries of " + bits + " bits from " + first;
    }
}
