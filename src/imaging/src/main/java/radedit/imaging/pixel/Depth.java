package radedit.imaging.pixel;

/**
 * The values a sample can have.
 *
 * @param bits
 *            of a sample, 1 to 32; 0 where the format declares no range, as for floating-point samples
 * @param signed
 *            two's complement
 */
public record Depth(int bits, boolean signed) {
    /** No range is declared. */
    public static final Depth UNKNOWN = new Depth(0, true);

    public Depth {
        if (bits < 0 || bits > 32) {
            throw new IllegalArgumentException(bits + " bits");
        }
    }

    public boolean isKnown() {
        return bits > 0;
    }

    /** The lowest possible value. */
    public double min() {
        return signed ? -(double) (1L << bits - 1) : 0;
    }

    /** The highest possible value. */
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
