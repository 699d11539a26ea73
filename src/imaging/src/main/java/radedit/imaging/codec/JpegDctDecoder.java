package radedit.imaging.codec;

import org.jspecify.annotations.Nullable;

/**
 * Decodes sequential DCT-based JPEG with Huffman coding (T.81 annex F): blocks of 64 coefficients, DC as the difference
 * to the previous block, AC as zero runs and values in zigzag order.
 */
final class JpegDctDecoder implements JpegScanDecoder {
    /** Row-major position in the block of each coefficient of the codestream (T.81 figure 5). */
    private static final int[] ZIGZAG = {0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48,
            41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58,
            59,
            52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

    /** Colour space of three components, from outside the codestream. */
    enum Colour {
        UNSAID, RGB, YCC,
        /** Components are returned as stored, whatever their colour space. */
        STORED;

        /** From Photometric Interpretation; null if there is none. */
        static Colour of(@Nullable String photometricInterpretation) {
            if (photometricInterpretation == null) {
                return UNSAID;
            }
            return photometricInterpretation.equals("RGB") ? RGB : YCC;
        }
    }

    private final JpegFrame frame;
    private final JpegTables tables;
    private final Colour said;
    private final JpegInverseDct inverse;
    /** MCUs of an interleaved scan, across and down. */
    private final int unitsAcross;
    private final int unitsDown;
    private final JpegPlane[] planes;
    private final int[] block = new int[64];

    /**
     * @param said
     *            the data set's colour space
     */
    JpegDctDecoder(JpegFrame frame, JpegTables tables, Colour said) {
        this.frame = frame;
        this.tables = tables;
        this.said = said;
        this.inverse = new JpegInverseDct(frame.precision());
        this.unitsAcross = JpegFrame.ceilDiv(frame.width(), 8 * frame.maxH());
        this.unitsDown = JpegFrame.ceilDiv(frame.height(), 8 * frame.maxV());
        this.planes = new JpegPlane[frame.components().length];
        for (int c = 0; c < planes.length; c++) {
            JpegFrame.Component component = frame.components()[c];
            int stride = 8 * unitsAcross * component.h();
            planes[c] = new JpegPlane(new short[stride * 8 * unitsDown * component.v()], stride, frame.width(c),
                    frame.height(c));
        }
    }

    @Override
    public int decode(JpegScan scan, JpegTables current, byte[] data, int start) throws CodecException {
        int count = scan.components().length;
        // A scan of one component has its blocks row by row, without those that only pad MCUs.
        boolean single = count == 1;
        int only = scan.components()[0];
        int across = single ? JpegFrame.ceilDiv(frame.width(only), 8) : unitsAcross;
        int down = single ? JpegFrame.ceilDiv(frame.height(only), 8) : unitsDown;
        JpegHuffmanTable[] dc = new JpegHuffmanTable[count];
        JpegHuffmanTable[] ac = new JpegHuffmanTable[count];
        int[][] steps = new int[count][];
        for (int i = 0; i < count; i++) {
            dc[i] = current.dc(scan.dc()[i]);
            ac[i] = current.ac(scan.ac()[i]);
            steps[i] = current.quantisation(frame.components()[scan.components()[i]].quantisation());
        }
        int interval = current.restartInterval();
        int[] previous = new int[count];
        JpegBitReader bits = new JpegBitReader(data, start);
        int unit = 0;
        for (int y = 0; y < down; y++) {
            for (int x = 0; x < across; x++, unit++) {
                if (interval > 0 && unit > 0 && unit % interval == 0) {
                    bits.restart(unit / interval - 1);
                    previous = new int[count];
                }
                for (int i = 0; i < count; i++) {
                    JpegFrame.Component component = frame.components()[scan.components()[i]];
                    JpegPlane plane = planes[scan.components()[i]];
                    int h = single ? 1 : component.h();
                    int v = single ? 1 : component.v();
                    for (int b = 0; b < h * v; b++) {
                        int at = 8 * ((y * v + b / h) * plane.stride() + x * h + b % h);
                        previous[i] = decodeBlock(bits, dc[i], ac[i], steps[i], previous[i], plane, at);
                    }
                }
            }
            bits.checkEnd();
        }
        return bits.marker();
    }

    /** Decodes one block into a plane and returns its first coefficient, undequantised. */
    private int decodeBlock(JpegBitReader bits, JpegHuffmanTable dc, JpegHuffmanTable ac, int[] steps, int previous,
            JpegPlane plane, int at) throws CodecException {
        int category = bits.decode(dc);
        if (category > 15) {
            throw new CodecException("a DC difference has category " + category);
        }
        int first = category == 0 ? previous : previous + bits.difference(category);
        block[0] = first * steps[0];
        boolean flat = true;
        int k = 1;
        while (k < 64) {
            int code = bits.decode(ac);
            int run = code >> 4;
            int size = code & 15;
            if (size == 0) {
                if (run < 15) {
                    break;
                }
                k += 16;
            } else {
                k += run;
                if (k > 63) {
                    throw new CodecException("a block has more than 64 coefficients");
                }
                block[ZIGZAG[k]] = bits.difference(size) * steps[k];
                flat = false;
                k++;
            }
        }
        if (flat) {
            inverse.transformFlat(block, plane.samples(), at, plane.stride());
        } else {
            inverse.transform(block, plane.samples(), at, plane.stride());
        }
        return first;
    }

    @Override
    public int[] samples() throws CodecException {
        return new JpegColour(frame, planes).interleave(isYcc());
    }

    /**
     * Whether three components are YCbCr, by libjpeg's rules: yes with a JFIF marker; else by an Adobe marker; else no
     * if the components are named R, G, B. Where these say no or nothing, the data set decides: an Adobe marker of 0
     * does not override YCbCr, and RGB is believed unless the second and third component are subsampled, which RGB never
     * is. Other numbers of components are never converted.
     */
    private boolean isYcc() {
        if (planes.length != 3 || said == Colour.STORED) {
            return false;
        }
        if (tables.jfif() || tables.adobeTransform() > 0) {
            return true;
        }
        if (isNamed("RGB") || isNamed("rgb")) {
            return false;
        }
        return tables.adobeTransform() == 0
                ? said == Colour.YCC
                : said != Colour.RGB || isSubsampled();
    }

    private boolean isSubsampled() {
        JpegFrame.Component[] c = frame.components();
        return c[0].h() * c[0].v() > c[1].h() * c[1].v() && c[0].h() * c[0].v() > c[2].h() * c[2].v();
    }

    private boolean isNamed(String names) {
        for (int c = 0; c < 3; c++) {
            if (frame.components()[c].id() != names.charAt(c)) {
                return false;
            }
        }
        return true;
    }
}
