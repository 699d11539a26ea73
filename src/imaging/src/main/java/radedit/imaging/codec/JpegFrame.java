package radedit.imaging.codec;

/**
 * A frame header (T.81 B.2.2).
 *
 * @param lossless
 *            whether the process is 14, not DCT
 * @param precision
 *            bits per sample
 * @param components
 *            in header order
 */
record JpegFrame(boolean lossless, int precision, int width, int height, Component[] components) {
    private static final int BASELINE = 0xC0;
    private static final int EXTENDED = 0xC1;
    private static final int LOSSLESS = 0xC3;

    /**
     * A component of the frame.
     *
     * @param id
     *            identifier in scan headers
     * @param h
     *            horizontal sampling factor, 1 to 4
     * @param v
     *            vertical sampling factor, 1 to 4
     * @param quantisation
     *            index of its quantisation table
     */
    record Component(int id, int h, int v, int quantisation) {
    }

    /** Whether a marker begins a frame (SOF) of any process. */
    static boolean begins(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    static JpegFrame read(int marker, ByteCursor in, FrameShape shape) throws CodecException {
        if (marker != BASELINE && marker != EXTENDED && marker != LOSSLESS) {
            throw new CodecException(processName(marker) + " JPEG is not supported");
        }
        boolean lossless = marker == LOSSLESS;
        int precision = in.u8();
        int height = in.u16();
        int width = in.u16();
        int count = in.u8();
        shape.check(width, height, count, precision);
        if (lossless ? precision < 2 || precision > 16 : precision != 8 && precision != 12) {
            throw new CodecException("a precision of " + precision + " bits is not allowed in "
                    + (lossless ? "lossless" : "DCT-based") + " JPEG");
        }
        Component[] components = new Component[count];
        for (int c = 0; c < count; c++) {
            int id = in.u8();
            int sampling = in.u8();
            int h = sampling >> 4;
            int v = sampling & 15;
            int quantisation = in.u8();
            if (h < 1 || h > 4 || v < 1 || v > 4 || quantisation > 3) {
                throw new CodecException("component " + (c + 1) + " has sampling factors " + h + " x " + v
                        + " and quantisation table " + quantisation);
            }
            components[c] = new Component(id, h, v, quantisation);
        }
        return new JpegFrame(lossless, precision, width, height, components);
    }

    private static String processName(int marker) {
        return switch (marker) {
            case 0xC2 -> "progressive";
            case 0xC5, 0xC6, 0xC7 -> "hierarchical";
            default -> "arithmetic-coded";
        };
    }

    int maxH() {
        int max = 1;
        for (Component c : components) {
            max = Math.max(max, c.h);
        }
        return max;
    }

    int maxV() {
        int max = 1;
        for (Component c : components) {
            max = Math.max(max, c.v);
        }
        return max;
    }

    /** Samples in a row of a component (T.81 A.1.1). */
    int width(int component) {
        return ceilDiv(width * components[component].h, maxH());
    }

    /** Rows of a component. */
    int height(int component) {
        return ceilDiv(height * components[component].v, maxV());
    }

    static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }
}
