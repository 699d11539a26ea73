package radedit.imaging.pixel;

/**
 * The range of a sample's stored values.
 *
 * @param bits
 *            bits per sample, 1 to 32; 0 where the format declares no range, as for floating-point samples
 * @param signed
 *            whether values are two's complement
 */
public record Depth(int bits, boolean signed) {
    /** No range is declared. */
    public static final Depth UNKNOWN = new Depth(0, true);

    /**
     * Checks the number of bits.
     *
     * @throws IllegalArgumentException
     *            if it is not 0 to 32
     */
    public Depth {
        if (bits < 0 || bits > 32) {
            throw new IllegalArgumentException(bits + " bits");
        }
    }

    /** {@return whether a range is declared} */
    public boolean isKnown() {
        return bits > 0;
    }

    /** {@return the lowest possible value} */
    public double min() {
        return signed ? -(double) (1L << bits - 1) : 0;
    }

    /** {@return the highest possible value} */
    public double max() {
        return (1L << (signed ? bits - 1 : bits)) - 1;
    }

    @Override
    public String toString() {
        return isKnown()
                ? bits + (bits == 1 ? " bit " : " bits ") + (signed ? "signed" : "unsigned")
                : "no range declared";
    }
}
