package radedit.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a camera or phone held a picture it took of a film: the Orientation tag in the Exif segment of a JPEG file (Exif 2.32,
 * 4.6.4 A; JEITA CP-3451). Numbers are those of the tag: 1 is upright, 2 mirrored, 3 turned by 180 degrees, 6 to be turned
 * clockwise, 8 counterclockwise; 4, 5 and 7 are mirrored too.
 */
final class ExifOrientation {
    static final int UPRIGHT = 1;
    private static final int APP1 = 0xE1;
    private static final int SCAN = 0xDA;
    private static final int TIFF_OFFSET = 6; // behind "Exif", 0, 0
    private static final int TAG = 0x0112;
    private static final int ENTRY = 12;

    private ExifOrientation() {
    }

    /**
     * The orientation that a JPEG file names; upright if it names none or its Exif segment cannot be read.
     *
     * @param head
     *            the beginning of the file; what lies behind is not looked at
     */
    static int of(byte[] head) {
        ByteBuffer in = ByteBuffer.wrap(head);
        int at = 2;
        while (at + 4 <= head.length && (head[at] & 0xFF) == 0xFF && (head[at + 1] & 0xFF) != SCAN) {
            int length = in.getShort(at + 2) & 0xFFFF;
            if ((head[at + 1] & 0xFF) == APP1 && length >= 2 + TIFF_OFFSET + 8 && at + 2 + length <= head.length
                    && in.getInt(at + 4) == 0x45786966) {
                return inTiff(in.slice(at + 4 + TIFF_OFFSET, length - 2 - TIFF_OFFSET));
            }
            at += 2 + length;
        }
        return UPRIGHT;
    }

    private static int inTiff(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 8 || directory > tiff.limit() - 2) {
            return UPRIGHT;
        }
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries && directory + 2 + (i + 1) * ENTRY <= tiff.limit(); i++) {
            int at = directory + 2 + i * ENTRY;
            if ((tiff.getShort(at) & 0xFFFF) == TAG) {
                int value = tiff.getShort(at + 8);
                return value >= 1 && value <= 8 ? value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    /** Samples of a picture that has an orientation, turned upright. */
    static Rasters.Samples upright(Rasters.Samples s, int orientation) {
        if (orientation == UPRIGHT) {
            return s;
        }
        boolean across = orientation >= 5; // rows become columns
        int w = across ? s.height() : s.width();
        int h = across ? s.width() : s.height();
        int[] out = new int[s.values().length];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int u = across ? y : x;
                int v = across ? x : y;
                boolean left = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
                boolean up = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
                int from = (up ? s.height() - 1 - v : v) * s.width() + (left ? s.width() - 1 - u : u);
                System.arraycopy(s.values(), from * s.bands(), out, (y * w + x) * s.bands(), s.bands());
            }
        }
        return new Rasters.Samples(w, h, s.bands(), s.depth(), out, s.lost());
    }
}
