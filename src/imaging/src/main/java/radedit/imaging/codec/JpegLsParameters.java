package radedit.imaging.codec;

/**
 * Coding parameters of a scan (T.87 A.2.1, C.2.4.1.1).
 *
 * @param maxValue
 *            largest sample, MAXVAL
 * @param threshold1
 *            T1, least gradient of the second class
 * @param threshold2
 *            T2
 * @param threshold3
 *            T3
 * @param reset
 *            RESET, number of occurrences after which a context's counts are halved
 * @param near
 *            NEAR, largest difference between a sample and its original
 */
record JpegLsParameters(int maxValue, int threshold1, int threshold2, int threshold3, int reset, int near) {
    private static final int DEFAULT_RESET = 64;

    /**
     * Replaces presets of 0 by their defaults, and checks the result.
     *
     * @param preset
     *            MAXVAL, T1, T2, T3, RESET of an LSE segment; zeros without one
     */
    static JpegLsParameters of(int[] preset, int precision, int near) throws CodecException {
        int largest = (1 << precision) - 1;
        int max = preset[0] == 0 ? largest : preset[0];
        if (max > largest || max < 1 || near > Math.min(255, max / 2)) {
            throw new CodecException("MAXVAL " + max + " and NEAR " + near + " do not fit a precision of " + precision);
        }
        int t1;
        int t2;
        int t3;
        if (max >= 128) {
            int factor = (Math.min(max, 4095) + 128) / 256;
            t1 = clamp(factor * (3 - 2) + 2 + 3 * near, near + 1, max);
            t2 = clamp(factor * (7 - 3) + 3 + 5 * near, t1, max);
            t3 = clamp(factor * (21 - 4) + 4 + 7 * near, t2, max);
        } else {
            int factor = 256 / (max + 1);
            t1 = clamp(Math.max(2, 3 / factor + 3 * near), near + 1, max);
            t2 = clamp(Math.max(3, 7 / factor + 5 * near), t1, max);
            t3 = clamp(Math.max(4, 21 / factor + 7 * near), t2, max);
        }
        t1 = preset[1] == 0 ? t1 : preset[1];
        t2 = preset[2] == 0 ? t2 : preset[2];
        t3 = preset[3] == 0 ? t3 : preset[3];
        int reset = preset[4] == 0 ? DEFAULT_RESET : preset[4];
        if (t1 < near + 1 || t2 < t1 || t3 < t2 || t3 > max || reset < 3 || reset > Math.max(255, max)) {
            throw new CodecException("the preset parameters T1 " + t1 + ", T2 " + t2 + ", T3 " + t3 + ", RESET " + reset
                    + " are not allowed");
        }
        return new JpegLsParameters(max, t1, t2, t3, reset, near);
    }

    /** The CLAMP of figure C.3: values out of range become its lower end. */
    private static int clamp(int value, int low, int max) {
        return value > max || value < low ? low : value;
    }

    /** RANGE: number of distinct prediction errors. */
    int range() {
        return (maxValue + 2 * near) / (2 * near + 1) + 1;
    }

    /** qbpp: bits of an uncoded prediction error. */
    int errorBits() {
        return bitsFor(range());
    }

    /** LIMIT: bits of the longest code. */
    int limit() {
        int bits = Math.max(2, bitsFor(maxValue + 1));
        return 2 * (bits + Math.max(8, bits));
    }

    private static int bitsFor(int values) {
        return 32 - Integer.numberOfLeadingZeros(values - 1);
    }

    /** Class of a gradient, -4 to 4 (T.87 A.3.3). */
    int quantise(int gradient) {
        int size = Math.abs(gradient);
        int level = size <= near ? 0 : size < threshold1 ? 1 : size < threshold2 ? 2 : size < threshold3 ? 3 : 4;
        return gradient < 0 ? -level : level;
    }
}
