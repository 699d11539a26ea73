package radedit.imaging.codec;

/**
 * Decodes JPEG (ITU-T T.81) as used by DICOM: baseline, extended sequential with 8 or 12 bits, lossless (process 14),
 * all with Huffman coding. The frame header selects the process.
 */
final class JpegDecoder {
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;

    private final byte[] data;
    private final ByteCursor in;
    private final FrameShape shape;
    private final JpegDctDecoder.Colour said;
    private final JpegTables tables = new JpegTables();

    private JpegDecoder(byte[] data, FrameShape shape, JpegDctDecoder.Colour said) {
        this.data = data;
        this.in = new ByteCursor(data);
        this.shape = shape;
        this.said = said;
    }

    /**
     * Decodes a frame.
     *
     * @param said
     *            the data set's colour space for three components of a lossy frame
     */
    static DecodedFrame decode(byte[] data, FrameShape shape, JpegDctDecoder.Colour said) throws CodecException {
        return new JpegDecoder(data, shape, said).decode();
    }

    private DecodedFrame decode() throws CodecException {
        if (in.remaining() < 2 || in.u16() != (0xFF00 | SOI)) {
            throw new CodecException("there is no JPEG codestream (SOI marker missing)");
        }
        JpegFrame frame = readFrame();
        JpegScanDecoder scans = frame.lossless()
                ? new JpegLosslessDecoder(frame)
                : new JpegDctDecoder(frame, tables, said);
        boolean[] done = new boolean[shape.components()];
        int left = done.length;
        while (left > 0) {
            int marker = segmentMarker();
            ByteCursor segment = in.part(in.u16() - 2);
            if (JpegFrame.begins(marker)) {
                throw new CodecException("the codestream has two frame headers");
            }
            if (marker == SOS) {
                JpegScan scan = JpegScan.read(segment, frame);
                for (int c : scan.components()) {
                    if (done[c]) {
                        throw new CodecException("component " + (c + 1) + " is in two scans");
                    }
                    done[c] = true;
                    left--;
                }
                in.seek(scans.decode(scan, tables, data, in.position()));
            } else {
                tables.read(marker, segment);
            }
        }
        return new DecodedFrame(frame.width(), frame.height(), frame.components().length, frame.precision(), false,
                !frame.lossless(), scans.samples());
    }

    /** The frame header, before which there may be tables. */
    private JpegFrame readFrame() throws CodecException {
        int marker = segmentMarker();
        ByteCursor segment = in.part(in.u16() - 2);
        while (!JpegFrame.begins(marker)) {
            if (marker == SOS) {
                throw new CodecException("a scan begins before the frame");
            }
            tables.read(marker, segment);
            marker = segmentMarker();
            segment = in.part(in.u16() - 2);
        }
        JpegFrame frame = JpegFrame.read(marker, segment, shape);
        // A lossless sample takes at least one bit, a block of 64 at least two.
        long least = (long) shape.samples() / (frame.lossless() ? 8 : 64 * 4 * frame.maxH() * frame.maxV());
        if (least > data.length) {
            throw new CodecException("the codestream is too short for the frame");
        }
        return frame;
    }

    /** The next segment's marker, 0xFF bytes before which are fill. */
    private int segmentMarker() throws CodecException {
        if (in.u8() != 0xFF) {
            throw new CodecException("a marker is missing at byte " + (in.position() - 1));
        }
        int code = in.u8();
        while (code == 0xFF) {
            code = in.u8();
        }
        if (code == EOI) {
            throw new CodecException("the codestream ends before all components were decoded");
        }
        return code;
    }
}
