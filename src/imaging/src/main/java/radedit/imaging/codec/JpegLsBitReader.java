package radedit.imaging.codec;

/**
 * Bits of a JPEG-LS scan (T.87 A.1): the byte after 0xFF carries 7 bits, its first bit being 0; if that bit is 1, it is
 * a marker, which ends the data.
 */
final class JpegLsBitReader extends ScanBits {
    private boolean afterFf;

    JpegLsBitReader(byte[] data, int start) {
        super(data, start);
    }

    private void fill() {
        while (available <= 56) {
            int b = position < data.length ? data[position] & 0xFF : -1;
            if (b == 0xFF && (position + 1 >= data.length || data[position + 1] < 0)) {
                b = -1;
            }
            if (b < 0) {
                invented += 8;
                available += 8;
            } else if (afterFf) {
                window |= (long) b << (57 - available);
                available += 7;
                afterFf = false;
                position++;
            } else {
                window |= (long) b << (56 - available);
                available += 8;
                afterFf = b == 0xFF;
                position++;
            }
        }
    }

    /** The next bit. */
    int bit() {
        if (available < 1) {
            fill();
        }
        int bit = (int) (window >>> 63);
        window <<= 1;
        available--;
        return bit;
    }

    /** The next n bits as a number, n from 0 to 32. */
    int bits(int n) {
        if (available < n) {
            fill();
        }
        int value = (int) (window >>> 1 >>> (63 - n));
        window <<= n;
        available -= n;
        return value;
    }

    /**
     * A value of the limited-length Golomb code (T.87 A.5.3): value / 2^k zeros, a one, and k bits; or {@code longest}
     * zeros, a one, and the value less 1.
     *
     * @param k
     *            Golomb parameter, 0 to 31
     * @param longest
     *            number of zeros of the escape
     * @param escapeBits
     *            bits of a value after the escape
     */
    int golomb(int k, int longest, int escapeBits) throws CodecException {
        if (available < 48) {
            fill();
        }
        int zeros = Long.numberOfLeadingZeros(window);
        if (zeros + 1 + k <= available && zeros < longest) {
            int value = (int) (window << zeros << 1 >>> 1 >>> (63 - k)) | zeros << k;
            window = window << zeros << 1 << k;
            available -= zeros + 1 + k;
            return value;
        }
        return longGolomb(k, longest, escapeBits);
    }

    private int longGolomb(int k, int longest, int escapeBits) throws CodecException {
        int zeros = 0;
        while (bit() == 0) {
            if (++zeros > longest) {
                throw new CodecException("the compressed data hold a code longer than the limit");
            }
        }
        return zeros == longest ? bits(escapeBits) + 1 : zeros << k | bits(k);
    }

    @Override
    boolean isMarker(byte after) {
        return after < -1;
    }

    @Override
    void restart(int count) throws CodecException {
        super.restart(count);
        afterFf = false;
    }
}
