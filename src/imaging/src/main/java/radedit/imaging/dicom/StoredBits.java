package radedit.imaging.dicom;

import radedit.imaging.codec.DecodedFrame;

/**
 * Extracts stored values from pixel cells: Bits Stored bits up to High Bit, sign-extended if signed (PS3.5 8.1.1). Other
 * bits of a cell, overlays or garbage, are masked off. Samples of lossy codestreams are clipped to the stored range
 * instead: decoders overshoot, and masking would turn the brightest pixels into the darkest.
 */
final class StoredBits {
    private final ImagePixel image;
    private final Warnings warnings;
    /** The highest bit, after a High Bit above Bits Stored - 1 was checked against the cells; -1 before. */
    private int highest = -1;

    StoredBits(ImagePixel image, Warnings warnings) {
        this.image = image;
        this.warnings = warnings;
    }

    /** The highest bit of the values within a cell, as found so far. */
    int highestBit() {
        return highest < 0 ? image.highBit() : highest;
    }

    /** Extracts stored values in place. */
    void extract(int[] cells) {
        extract(cells, highest(cells), image.bitsStored());
    }

    /** Extracts stored values of a decoded frame in place. */
    void extract(DecodedFrame frame) {
        int precision = frame.precision();
        if (precision <= image.bitsStored()) {
            // No room for other bits; the sign is the top bit, whatever the codestream declares.
            extract(frame.samples(), precision - 1, precision);
        } else if (frame.lossy()) {
            clip(frame);
        } else {
            extract(frame.samples());
        }
    }

    private void extract(int[] cells, int highBit, int bits) {
        int left = 31 - highBit;
        int right = 32 - bits;
        if (image.signed()) {
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cells[i] << left >> right;
            }
        } else {
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cells[i] << left >>> right;
            }
        }
    }

    /**
     * The highest bit of the values. A High Bit above Bits Stored - 1 is retired from the standard; it is wrong if no
     * cell uses the bits up to it while some cells use bits below the range it implies.
     */
    private int highest(int[] cells) {
        int stored = image.bitsStored();
        int high = image.highBit();
        if (high == stored - 1) {
            return high;
        }
        if (highest < 0) {
            int shift = high + 1 - stored;
            int used = 0;
            boolean fits = true;
            for (int c : cells) {
                used |= c;
                int v = c << 31 - high >> 31 - high;
                int range = 32 - stored;
                fits &= image.signed() ? v << range >> range == v : (c << 31 - high >>> 31 - high) >>> stored == 0;
            }
            boolean wrong = fits && (used & (1 << shift) - 1) != 0;
            highest = wrong ? stored - 1 : high;
            warnings.add(Tag.HIGH_BIT + " is " + high + " with " + stored + " bits stored; "
                    + (wrong
                            ? "the cells are smaller, and bits 0 to " + (stored - 1) + " are used"
                            : "bits " + shift + " to " + high
                                    + " are used; many programs use the lowest ones"));
        }
        return highest;
    }

    /**
     * Clips samples of more bits than are stored to the stored range. Unsigned codestreams hold negative values as bit
     * patterns, of the codestream's precision or of Bits Stored; the largest sample decides which.
     */
    private void clip(DecodedFrame frame) {
        int[] samples = frame.samples();
        int bits = image.highBit() + 1;
        int shift = bits - image.bitsStored();
        long low = image.signed() ? -1L << bits - 1 : 0;
        long high = (1L << (image.signed() ? bits - 1 : bits)) - 1;
        int pattern = image.signed() && !frame.signed()
                ? patternBits(samples, frame.precision(), Math.min(bits, frame.precision()))
                : 0;
        long most = pattern > 0 ? (1L << pattern) - 1 : Long.MAX_VALUE;
        for (int i = 0; i < samples.length; i++) {
            long v = Math.min(samples[i], most);
            if (pattern > 0) {
                v = v << 64 - pattern >> 64 - pattern;
            }
            samples[i] = (int) (Math.clamp(v, low, high) >> shift);
        }
    }

    /** Number of bits of the patterns of negative values; 0 if there are none. */
    private static int patternBits(int[] samples, int precision, int stored) {
        int max = 0;
        for (int s : samples) {
            max = Math.max(max, s);
        }
        // Patterns of full precision begin at 2^precision - 2^(stored - 1), less the overshoot.
        long ofAll = ((1L << stored) + (1L << precision) - (1L << stored - 1)) / 2;
        long ofStored = 3L << stored - 2;
        if (max >= ofAll) {
            return precision;
        }
        return stored >= 2 && max >= ofStored ? stored : 0;
    }
}
