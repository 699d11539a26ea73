package radedit.imaging.raster;

import javax.imageio.stream.ImageInputStreamImpl;

/** Bytes in memory as input of the JDK's decoders. */
final class BytesInput extends ImageInputStreamImpl {
    private final byte[] bytes;

    BytesInput(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int offset, int count) {
        bitOffset = 0;
        if (count == 0) {
            return 0;
        }
        int n = (int) Math.min(count, bytes.length - streamPos);
        if (n <= 0) {
            return -1;
        }
        System.arraycopy(bytes, (int) streamPos, to, offset, n);
        streamPos += n;
        return n;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
