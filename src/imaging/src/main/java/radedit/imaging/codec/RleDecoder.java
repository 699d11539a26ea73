package radedit.imaging.codec;

/**
 * Decodes RLE lossless (DICOM PS3.5 annex G): a header of 64 bytes with the offsets of up to 15 segments, each one byte
 * of every sample of one component, most significant byte first, packed as in TIFF's PackBits.
 */
final class RleDecoder {
    private static final int HEADER_BYTES = 64;
    private static final int MAX_SEGMENTS = 15;

    private RleDecoder() {
    }

    static DecodedFrame decode(byte[] data, FrameShape shape) throws CodecException {
        if (shape.bitsAllocated() % 8 != 0) {
            throw new CodecException("RLE with " + shape.bitsAllocated() + " bits allocated is not supported");
        }
        if (data.length < HEADER_BYTES) {
            throw new CodecException("the RLE header is cut off");
        }
        int bytes = shape.bitsAllocated() / 8;
        int segments = shape.components() * bytes;
        long count = littleEndian(data, 0);
        if (count != segments || segments > MAX_SEGMENTS) {
            throw new CodecException("the RLE header names " + count + " segments, the data set means " + segments);
        }
        // Two bytes of a segment expand to at most 128 samples.
        if ((long) shape.samples() * bytes > (long) data.length * 64) {
            throw new CodecException("the RLE segments are too short for the frame");
        }
        int[] samples = new int[shape.samples()];
        for (int s = 0; s < segments; s++) {
            long start = littleEndian(data, 4 + 4 * s);
            long end = s + 1 < segments ? littleEndian(data, 8 + 4 * s) : data.length;
            if (start < HEADER_BYTES || end < start || end > data.length) {
                throw new CodecException("RLE segment " + (s + 1) + " lies outside the frame's data");
            }
            int shift = 8 * (bytes - 1 - s % bytes);
            if (!unpack(data, (int) start, (int) end, samples, s / bytes, shape.components(), shift)) {
                throw new CodecException("RLE segment " + (s + 1) + " is too short");
            }
        }
        return new DecodedFrame(shape.width(), shape.height(), shape.components(), shape.bitsAllocated(), false,
                false, samples);
    }

    /**
     * Unpacks one segment into every {@code stride}-th sample from {@code first}. Bytes past the last sample are
     * dropped, since segments are padded to even length.
     *
     * @return whether there were bytes for all samples
     */
    private static boolean unpack(byte[] data, int start, int end, int[] samples, int first, int stride, int shift) {
        int in = start;
        int out = first;
        while (out < samples.length && in < end) {
            int n = data[in++];
            if (n >= 0) {
                int stop = Math.min(in + n + 1, end);
                for (; in < stop && out < samples.length; out += stride) {
                    samples[out] |= (data[in++] & 0xFF) << shift;
                }
            } else if (n != -128 && in < end) {
                int value = (data[in++] & 0xFF) << shift;
                for (int k = n; k <= 0 && out < samples.length; k++, out += stride) {
                    samples[out] |= value;
                }
            }
        }
        return out >= samples.length;
    }

    private static long littleEndian(byte[] data, int at) {
        return (data[at] & 0xFF) | (data[at + 1] & 0xFF) << 8 | (data[at + 2] & 0xFF) << 16
                | (data[at + 3] & 0xFFL) << 24;
    }
}
