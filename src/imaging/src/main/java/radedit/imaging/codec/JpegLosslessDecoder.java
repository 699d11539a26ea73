package radedit.imaging.codec;

/**
 * Lossless JPEG (T.81 annex H): each sample is predicted from those left (a), above (b) and above left (c) of it, and
 * the difference, modulo 2^16, is Huffman-coded by its category. Components must not be subsampled.
 */
final class JpegLosslessDecoder implements JpegScanDecoder {
    private final JpegFrame frame;
    private final int[] samples;
    /** Left shift of each component's samples at the end. */
    private final int[] pointTransform;

    JpegLosslessDecoder(JpegFrame frame) throws CodecException {
        int count = frame.components().length;
        for (JpegFrame.Component c : frame.components()) {
            if (c.h() != frame.maxH() || c.v() != frame.maxV()) {
                throw new CodecException("subsampled components are not supported in lossless JPEG");
            }
        }
        if (count > 1 && (frame.maxH() > 1 || frame.maxV() > 1)) {
            throw new CodecException("lossless JPEG with several samples of a component in a unit is not supported");
        }
        this.frame = frame;
        this.samples = new int[frame.width() * frame.height() * count];
        this.pointTransform = new int[count];
    }

    @Override
    public int decode(JpegScan scan, JpegTables tables, byte[] data, int start) throws CodecException {
        int width = frame.width();
        int restartLines = 0;
        if (tables.restartInterval() > 0) {
            restartLines = tables.restartInterval() / width;
            if (tables.restartInterval() % width != 0) {
                throw new CodecException("a restart interval of " + tables.restartInterval()
                        + " is not a multiple of the line");
            }
        }
        JpegHuffmanTable[] huffman = new JpegHuffmanTable[scan.components().length];
        for (int i = 0; i < huffman.length; i++) {
            huffman[i] = tables.dc(scan.dc()[i]);
            pointTransform[scan.components()[i]] = scan.approximation();
        }
        JpegBitReader bits = new JpegBitReader(data, start);
        boolean first = true;
        for (int y = 0; y < frame.height(); y++) {
            if (restartLines > 0 && y > 0 && y % restartLines == 0) {
                bits.restart(y / restartLines - 1);
                first = true;
            }
            decodeLine(scan, huffman, bits, y, first);
            bits.checkEnd();
            first = false;
        }
        return bits.marker();
    }

    /** Decodes a line; the first one of a scan or restart interval has no line above. */
    private void decodeLine(JpegScan scan, JpegHuffmanTable[] huffman, JpegBitReader bits, int y, boolean first)
            throws CodecException {
        int step = frame.components().length;
        int line = frame.width() * step;
        int[] components = scan.components();
        int from = y * line;
        for (int i = 0; i < components.length; i++) {
            int at = from + components[i];
            int prediction = first ? 1 << (frame.precision() - scan.approximation() - 1) : samples[at - line];
            samples[at] = prediction + difference(huffman[i], bits) & 0xFFFF;
        }
        int predictor = first ? 1 : scan.selectionStart();
        int end = from + line;
        if (components.length == 1) {
            JpegHuffmanTable table = huffman[0];
            for (int at = from + components[0] + step; at < end; at += step) {
                samples[at] = predict(predictor, at, step, line) + difference(table, bits) & 0xFFFF;
            }
        } else {
            for (int pixel = from + step; pixel < end; pixel += step) {
                for (int i = 0; i < components.length; i++) {
                    int at = pixel + components[i];
                    samples[at] = predict(predictor, at, step, line) + difference(huffman[i], bits) & 0xFFFF;
                }
            }
        }
    }

    /** T.81 table H.1. */
    private int predict(int predictor, int at, int step, int line) {
        int a = samples[at - step];
        if (predictor == 1) {
            return a;
        }
        int b = samples[at - line];
        int c = samples[at - line - step];
        return switch (predictor) {
            case 2 -> b;
            case 3 -> c;
            case 4 -> a + b - c;
            case 5 -> a + ((b - c) >> 1);
            case 6 -> b + ((a - c) >> 1);
            default -> (a + b) >> 1;
        };
    }

    private static int difference(JpegHuffmanTable table, JpegBitReader bits) throws CodecException {
        int category = bits.decode(table);
        if (category == 0) {
            return 0;
        }
        if (category >= 16) {
            if (category > 16) {
                throw new CodecException("a difference has category " + category);
            }
            return 1 << 15; // no further bits
        }
        return bits.difference(category);
    }

    @Override
    public int[] samples() {
        int mask = (1 << frame.precision()) - 1;
        int step = pointTransform.length;
        for (int c = 0; c < step; c++) {
            int shift = pointTransform[c];
            for (int i = c; i < samples.length; i += step) {
                samples[i] = samples[i] << shift & mask;
            }
        }
        return samples;
    }
}
