package radedit.imaging.raster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tag Orientation of a TIFF page (TIFF 6.0, section 8) or of Exif data in JPEG and PNG (Exif 2.32, 4.6.4 A): 1 is
 * upright, 2 mirrored, 3 rotated by 180 degrees, 6 to be rotated clockwise, 8 counterclockwise; 4, 5 and 7 are mirrored
 * as well.
 */
final class Orientation {
    static final int UPRIGHT = 1;
    /** From this value on, rows become columns. */
    static final int FIRST_ACROSS = 5;
    private static final int LAST = 8;
    private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private Orientation() {
    }

    /**
     * The orientation in Exif data or, if they have none, in XMP; upright if neither has one.
     *
     * @param exif
     *            a TIFF structure, whose first directory is used (the second describes a thumbnail); may be null or
     *            damaged
     * @param xmp
     *            may be null
     */
    static int of(byte @Nullable [] exif, byte @Nullable [] xmp) {
        if (exif != null) {
            try (TiffInput in = TiffInput.of(exif)) {
                TiffDirectory first = TiffDirectory.read(in, in.firstDirectory());
                if (first.has(TiffTag.ORIENTATION)) {
                    return of(first);
                }
            } catch (IOException e) {
                // Treat unreadable data like missing ones.
                return UPRIGHT;
            }
        }
        return ofXmp(xmp);
    }

    /** The orientation of a page, from its own tag or from its XMP. */
    static int of(TiffDirectory page) throws IOException {
        if (!page.has(TiffTag.ORIENTATION)) {
            return page.has(TiffTag.XMP) ? ofXmp(page.bytes(TiffTag.XMP)) : UPRIGHT;
        }
        // Pillow, and thus other programs, ignore a tag of type BYTE.
        double value = page.hasNumber(TiffTag.ORIENTATION) ? page.number(TiffTag.ORIENTATION, UPRIGHT) : UPRIGHT;
        return value >= UPRIGHT && value <= LAST && value == Math.rint(value) ? (int) value : UPRIGHT;
    }

    private static int ofXmp(byte @Nullable [] xmp) {
        if (xmp == null) {
            return UPRIGHT;
        }
        Matcher m = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
        int value = m.find() ? Integer.parseInt(m.group(1)) : UPRIGHT;
        return value >= UPRIGHT && value <= LAST ? value : UPRIGHT;
    }

    /** The orientation for a film's facts. */
    static String describe(int orientation) {
        return orientation + ", turned upright";
    }

    /** For each pixel of the upright picture, row by row, the index of the stored pixel. */
    static int[] sources(int orientation, int width, int height) {
        boolean across = orientation >= FIRST_ACROSS;
        int w = across ? height : width;
        int h = across ? width : height;
        boolean left = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean up = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int[] from = new int[w * h];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int u = across ? y : x;
                int v = across ? x : y;
                from[y * w + x] = (up ? height - 1 - v : v) * width + (left ? width - 1 - u : u);
            }
        }
        return from;
    }
}
