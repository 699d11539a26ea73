package radedit.imaging.pixel;

/**
 * A table from integers to integers (PS3.3 C.11.1.1.1, C.11.2.1.1).
 *
 * @param first
 *            the value of the first entry, which lower values map to as well
 * @param bits
 *            bits per entry, 8 to 16
 * @param entries
 *            at least one, unsigned; not copied
 */
public record LookupTable(int first, int bits, int[] entries) {
    /**
     * Checks entries and bits.
     *
     * @throws IllegalArgumentException
     *            if there are no entries or {@code bits} is out of range
     */
    public LookupTable {
        if (entries.length == 0 || bits < 1 || bits > 16) {
            throw new IllegalArgumentException(entries.length + " entries of " + bits + " bits");
        }
    }

    /**
     * {@return the entry of a value; the first or last one where the value is outside the table}
     *
     * @param value
     *            a stored or modality value
     */
    public int at(double value) {
        double index = value - first;
        return entries[index >= entries.length - 1 ? entries.length - 1 : index > 0 ? (int) index : 0];
    }

    /** {@return the highest possible entry, 2^bits - 1} */
    public int max() {
        return (1 << bits) - 1;
    }

    @Override
    public String toString() {
        return entries.length + " entries of " + bits + " bits from " + first;
    }
}
