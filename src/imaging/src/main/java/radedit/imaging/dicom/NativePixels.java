package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import radedit.imaging.ImageFormatException;

/**
 * Uncompressed pixel cells (PS3.5 8.1, 8.2, annex D): bits packed from the lowest, bytes, or words of either byte order,
 * frames without gaps.
 */
final class NativePixels {
    private static final int LONGEST_WORD = 8;

    private final ImagePixel image;
    private final MemorySegment cells;
    private final boolean bigEndian;
    private final boolean swappedBytes;

    /**
     * @throws ImageFormatException
     *             if there are fewer cells than the frames need
     */
    NativePixels(DataSet d, Element pixelData, ImagePixel image) throws ImageFormatException {
        this.image = image;
        this.bigEndian = pixelData.bigEndian();
        // Big endian bytes and bits are packed into words, the first one into the low byte (PS3.5 8.1.1).
        this.swappedBytes = bigEndian && image.bitsAllocated() <= 8 && pixelData.vr() != Vr.OB;
        // No overflow: at most 2^16 rows and columns, 3 samples and 32 bits.
        long frameBits = cellsOfFrame() * image.bitsAllocated();
        long most = pixelData.length() * 8 / frameBits;
        if (image.frames() > most) {
            throw new ImageFormatException(d.file(), "truncated: its pixel data have " + pixelData.length()
                    + " bytes, " + image.frames() + (image.frames() == 1 ? " frame" : " frames") + " of "
                    + image.columns() + " x " + image.rows() + " need " + frameBits + " bits each");
        }
        long left = pixelData.length() - (image.frames() * frameBits + 7) / 8;
        if (left > 1 && most > image.frames()) { // one extra byte may be padding
            d.warnings().add("its pixel data have room for " + most + " frames, of which " + image.frames()
                    + (image.frames() == 1 ? " is read, as " : " are read, as ") + Tag.NUMBER_OF_FRAMES + " says");
        } else if (left > 1 && !isAlignment(d, pixelData, left)) {
            d.warnings().add("its pixel data have " + left + " bytes more than " + image.frames()
                    + (image.frames() == 1 ? " frame" : " frames") + " of " + image.columns() + " x " + image.rows()
                    + " pixels need; they are ignored, and if " + Tag.ROWS + " or " + Tag.COLUMNS
                    + " is wrong, so is the picture");
        }
        long full = image.frameSize() * image.frames();
        if (image.isSubsampled() && (pixelData.length() == full || pixelData.length() == full + 1)
                && full * 8 > frameBits * image.frames()) {
            throw new ImageFormatException(d.file(), "says that its chrominance is subsampled ("
                    + image.interpretation() + "), but its pixel data are as long as if it were not");
        }
        this.cells = d.bytes().asSlice(pixelData.offset(), pixelData.length());
    }

    /** Whether the last bytes are zeros that pad to a word. */
    private static boolean isAlignment(DataSet d, Element pixelData, long count) {
        if (count >= LONGEST_WORD) {
            return false;
        }
        for (long i = pixelData.length() - count; i < pixelData.length(); i++) {
            if (d.bytes().get(ValueLayout.JAVA_BYTE, pixelData.offset() + i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Cells of a frame in the file; 4:2:2 has two chrominance samples per two pixels. */
    private long cellsOfFrame() {
        return image.isSubsampled() ? (image.columns() + 1L) / 2 * 4 * image.rows() : image.frameSize();
    }

    /** Copies the cells of a frame, from 0, to {@code out} from index {@code at}. */
    void frame(int frame, int[] out, int at) {
        int n = (int) cellsOfFrame();
        long first = frame * (long) n;
        switch (image.bitsAllocated()) {
            case 1 -> bits(first, n, out, at);
            case 8 -> bytes(first, n, out, at);
            case 16 -> words(first, n, out, at);
            default -> {
                ValueLayout.OfInt layout = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order());
                MemorySegment.copy(cells, layout, first * 4, out, at, n);
            }
        }
    }

    private ByteOrder order() {
        return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private void bits(long first, int n, int[] out, int at) {
        for (int i = 0; i < n; i++) {
            long bit = first + i;
            out[at + i] = cell(bit >> 3) >> (int) (bit & 7) & 1;
        }
    }

    private int cell(long index) {
        // The last byte of an odd number has no partner to swap with if the padding byte is missing.
        long other = swappedBytes ? index ^ 1 : index;
        return cells.get(ValueLayout.JAVA_BYTE, other < cells.byteSize() ? other : index) & 0xFF;
    }

    private void bytes(long first, int n, int[] out, int at) {
        if (swappedBytes) {
            for (int i = 0; i < n; i++) {
                out[at + i] = cell(first + i);
            }
            return;
        }
        byte[] block = new byte[Math.min(n, 1 << 16)];
        for (int done = 0; done < n; done += block.length) {
            int size = Math.min(block.length, n - done);
            MemorySegment.copy(cells, ValueLayout.JAVA_BYTE, first + done, block, 0, size);
            for (int i = 0; i < size; i++) {
                out[at + done + i] = block[i] & 0xFF;
            }
        }
    }

    private void words(long first, int n, int[] out, int at) {
        ValueLayout.OfShort layout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order());
        short[] block = new short[Math.min(n, 1 << 16)];
        for (int done = 0; done < n; done += block.length) {
            int size = Math.min(block.length, n - done);
            MemorySegment.copy(cells, layout, 2 * (first + done), block, 0, size);
            for (int i = 0; i < size; i++) {
                out[at + done + i] = block[i] & 0xFFFF;
            }
        }
    }
}
