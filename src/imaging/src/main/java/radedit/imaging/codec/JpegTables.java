package radedit.imaging.codec;

/** State set by the segments between frame and scan headers: tables, restart interval, colour markers. */
final class JpegTables {
    private static final int DQT = 0xDB;
    private static final int DHT = 0xC4;
    private static final int DRI = 0xDD;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int ADOBE_LENGTH = 12;

    private final int[][] quantisation = new int[4][];
    private final JpegHuffmanTable[] dc = new JpegHuffmanTable[4];
    private final JpegHuffmanTable[] ac = new JpegHuffmanTable[4];
    private int restartInterval;
    private boolean jfif;
    private int adobeTransform = -1;

    /** Applies a segment; segments that do not affect the pixels are skipped. */
    void read(int marker, ByteCursor segment) throws CodecException {
        switch (marker) {
            case DQT -> readQuantisation(segment);
            case DHT -> readHuffman(segment);
            case DRI -> restartInterval = segment.u16();
            case APP0 -> jfif |= startsWith(segment, "JFIF");
            case APP14 -> {
                if (segment.remaining() >= ADOBE_LENGTH && startsWith(segment, "Adobe")) {
                    adobeTransform = segment.peek(ADOBE_LENGTH - 1);
                }
            }
            default -> {
            }
        }
    }

    private void readQuantisation(ByteCursor segment) throws CodecException {
        while (segment.remaining() > 0) {
            int head = segment.u8();
            if (head >> 4 > 1 || (head & 15) > 3) {
                throw new CodecException("a quantisation table has precision " + (head >> 4) + " and number "
                        + (head & 15));
            }
            int[] steps = new int[64];
            for (int k = 0; k < 64; k++) {
                steps[k] = head >> 4 == 0 ? segment.u8() : segment.u16();
            }
            quantisation[head & 15] = steps;
        }
    }

    private void readHuffman(ByteCursor segment) throws CodecException {
        while (segment.remaining() > 0) {
            int head = segment.u8();
            if (head >> 4 > 1 || (head & 15) > 3) {
                throw new CodecException("a Huffman table has class " + (head >> 4) + " and number " + (head & 15));
            }
            (head >> 4 == 0 ? dc : ac)[head & 15] = new JpegHuffmanTable(segment);
        }
    }

    private static boolean startsWith(ByteCursor segment, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (segment.peek(i) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Quantiser steps in zigzag order. */
    int[] quantisation(int number) throws CodecException {
        return present(quantisation[number], "quantisation table", number);
    }

    JpegHuffmanTable dc(int number) throws CodecException {
        return present(dc[number], "Huffman table", number);
    }

    JpegHuffmanTable ac(int number) throws CodecException {
        return present(ac[number], "AC Huffman table", number);
    }

    private static <T> T present(T table, String what, int number) throws CodecException {
        if (table == null) {
            throw new CodecException(what + " " + number + " is missing");
        }
        return table;
    }

    /** MCUs between restart markers, or 0 for none. */
    int restartInterval() {
        return restartInterval;
    }

    /** Whether there is a JFIF marker, which makes three components YCbCr. */
    boolean jfif() {
        return jfif;
    }

    /** The colour transform of an Adobe marker: 0 none, 1 YCbCr; -1 where there is no such marker. */
    int adobeTransform() {
        return adobeTransform;
    }
}
