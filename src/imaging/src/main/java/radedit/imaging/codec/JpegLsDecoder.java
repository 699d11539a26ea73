package radedit.imaging.codec;

/**
 * Decodes JPEG-LS, lossless and near-lossless (ITU-T T.87): its marker segments. Mapping tables (palettes inside the
 * codestream) and vendor colour transforms are not supported; DICOM uses neither.
 */
final class JpegLsDecoder {
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DRI = 0xDD;
    private static final int APP8 = 0xE8;
    private static final int SOF55 = 0xF7;
    private static final int LSE = 0xF8;
    private static final int COLOUR_TRANSFORM = 'm' << 24 | 'r' << 16 | 'f' << 8 | 'x';

    private final byte[] data;
    private final ByteCursor in;
    private final FrameShape shape;
    private final int[] preset = new int[5];
    private int precision;
    /** The components' identifiers; empty before the frame header. */
    private int[] ids = new int[0];
    private int restartLines;
    private int[] samples = new int[0];
    private boolean lossy;

    private JpegLsDecoder(byte[] data, FrameShape shape) {
        this.data = data;
        this.in = new ByteCursor(data);
        this.shape = shape;
    }

    static DecodedFrame decode(byte[] data, FrameShape shape) throws CodecException {
        return new JpegLsDecoder(data, shape).decode();
    }

    private DecodedFrame decode() throws CodecException {
        if (in.remaining() < 2 || in.u16() != (0xFF00 | SOI)) {
            throw new CodecException("there is no JPEG-LS codestream (SOI marker missing)");
        }
        int left = shape.components();
        int next = 0;
        while (left > 0) {
            int marker = marker();
            if (marker == EOI) {
                throw new CodecException("the codestream ends before all components were decoded");
            }
            ByteCursor segment = in.part(in.u16() - 2);
            switch (marker) {
                case SOF55 -> readFrame(segment);
                case LSE -> readPreset(segment);
                case DRI -> restartLines = readRestartInterval(segment);
                case SOS -> {
                    int count = readScan(segment, next);
                    next += count;
                    left -= count;
                }
                case APP8 -> {
                    if (segment.remaining() >= 5 && segment.i32() == COLOUR_TRANSFORM && segment.u8() != 0) {
                        throw new CodecException("colour transforms inside JPEG-LS are not supported");
                    }
                }
                default -> {
                    if (JpegFrame.begins(marker)) {
                        throw new CodecException("the codestream is JPEG and not JPEG-LS");
                    }
                }
            }
        }
        return new DecodedFrame(shape.width(), shape.height(), shape.components(), precision, false, lossy, samples);
    }

    /** The next marker's code; 0xFF bytes before it are fill. */
    private int marker() throws CodecException {
        if (in.u8() != 0xFF) {
            throw new CodecException("a marker is missing at byte " + (in.position() - 1));
        }
        int code = in.u8();
        while (code == 0xFF) {
            code = in.u8();
        }
        return code;
    }

    private void readFrame(ByteCursor segment) throws CodecException {
        if (ids.length > 0) {
            throw new CodecException("the codestream has two frame headers");
        }
        precision = segment.u8();
        int height = segment.u16();
        int width = segment.u16();
        int count = segment.u8();
        shape.check(width, height, count, precision);
        if (precision < 2 || precision > 16) {
            throw new CodecException("a precision of " + precision + " bits is not allowed in JPEG-LS");
        }
        // Every line takes at least one bit.
        if (height / 8 > data.length) {
            throw new CodecException("the codestream is too short for the frame");
        }
        ids = new int[count];
        for (int c = 0; c < count; c++) {
            ids[c] = segment.u8();
            int sampling = segment.u8();
            segment.u8();
            if (sampling != 0x11) {
                throw new CodecException("subsampled components are not supported in JPEG-LS");
            }
        }
        samples = new int[shape.samples()];
    }

    private void readPreset(ByteCursor segment) throws CodecException {
        int kind = segment.u8();
        if (kind == 2 || kind == 3) {
            throw new CodecException("mapping tables inside JPEG-LS are not supported");
        }
        if (kind != 1) {
            throw new CodecException("JPEG-LS extensions (LSE segment of kind " + kind + ") are not supported");
        }
        for (int i = 0; i < preset.length; i++) {
            preset[i] = segment.u16();
        }
    }

    private static int readRestartInterval(ByteCursor segment) throws CodecException {
        return switch (segment.remaining()) {
            case 2 -> segment.u16();
            case 3 -> segment.u8() << 16 | segment.u16();
            case 4 -> Math.max(segment.i32(), 0);
            default -> throw new CodecException("a restart interval has " + segment.remaining() + " bytes");
        };
    }

    /**
     * Decodes a scan.
     *
     * @param first
     *            index in the frame of the component with which it must begin
     * @return its number of components
     */
    private int readScan(ByteCursor segment, int first) throws CodecException {
        if (ids.length == 0) {
            throw new CodecException("a scan begins before the frame");
        }
        int count = segment.u8();
        if (count < 1 || count > ids.length - first) {
            throw new CodecException("a scan has " + count + " components");
        }
        for (int i = 0; i < count; i++) {
            if (segment.u8() != ids[first + i]) {
                throw new CodecException("the components of a scan are not in the frame's order");
            }
            if (segment.u8() != 0) {
                throw new CodecException("mapping tables inside JPEG-LS are not supported");
            }
        }
        int near = segment.u8();
        int interleave = segment.u8();
        int pointTransform = segment.u8();
        if (interleave > 2 || interleave == 0 && count > 1 || pointTransform != 0) {
            throw new CodecException("interleave mode " + interleave + " with " + count
                    + " components and point transform " + pointTransform + " is not allowed");
        }
        lossy |= near > 0;
        JpegLsParameters parameters = JpegLsParameters.of(preset, precision, near);
        JpegLsScan scan = new JpegLsScan(parameters, shape, samples, first, count,
                new JpegLsBitReader(data, in.position()));
        in.seek(scan.decode(interleave == 2 && count > 1, restartLines));
        return count;
    }
}
