package radedit.imaging.codec;

/**
 * Quantisation of a component (QCD and QCC segments, T.800 A.6.4 and A.6.5).
 *
 * @param style
 *            0 none, 1 derived from the LL band's step, 2 a step for each sub-band
 * @param guardBits
 *            guard bits, G
 * @param steps
 *            exponent * 2^11 + mantissa for each sub-band
 */
record J2kQuantisation(int style, int guardBits, int[] steps) {
    private static final int MAX_BANDS = 3 * 32 + 1;

    /** Reads the Sqcd, SPqcd part of a segment to its end. */
    static J2kQuantisation read(ByteCursor in) throws CodecException {
        int head = in.u8();
        int style = head & 31;
        if (style > 2) {
            throw new CodecException("quantisation style " + style + " is not allowed");
        }
        int bands = style == 0 ? in.remaining() : style == 1 ? 1 : in.remaining() / 2;
        if (bands < 1 || bands > MAX_BANDS) {
            throw new CodecException("quantisation of " + bands + " sub-bands");
        }
        int[] steps = new int[bands];
        for (int b = 0; b < bands; b++) {
            steps[b] = style == 0 ? in.u8() >> 3 << 11 : in.u16();
        }
        return new J2kQuantisation(style, head >> 5, steps);
    }

    /** Exponent of a sub-band: LL is number 0, then HL, LH, HH of each resolution from the lowest. */
    int exponent(int band, int resolution) throws CodecException {
        if (style == 1) {
            return Math.max(0, (steps[0] >> 11) - Math.max(0, resolution - 1)); // E-5
        }
        return step(band) >> 11;
    }

    int mantissa(int band) throws CodecException {
        return style == 1 ? steps[0] & 0x7FF : step(band) & 0x7FF;
    }

    private int step(int band) throws CodecException {
        if (band >= steps.length) {
            throw new CodecException("there are only " + steps.length + " quantiser steps");
        }
        return steps[band];
    }
}
