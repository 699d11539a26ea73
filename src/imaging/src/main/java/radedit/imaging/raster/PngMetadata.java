package radedit.imaging.raster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Orientation and animation data in chunks of a PNG file. */
final class PngMetadata {
    private static final int ACTL = 0x6163544C;
    private static final int EXIF = 0x65584966;
    private static final int TEXT = 0x74455874;
    private static final int ZTXT = 0x7A545874;
    private static final int ITXT = 0x69545874;
    /** Longest chunk that is parsed. */
    private static final int LONGEST = 1 << 20;
    private static final byte[] MARK = {'E', 'x', 'i', 'f', 0, 0};

    private byte @Nullable [] exif;
    private byte @Nullable [] rawProfile;
    private byte @Nullable [] xmp;
    private int pictures;

    /** Whether {@link #take} uses a chunk. */
    static boolean wants(int type, long length) {
        return length <= LONGEST && (type == EXIF || type == TEXT || type == ZTXT || type == ITXT || type == ACTL);
    }

    void take(int type, byte[] content) {
        switch (type) {
            case EXIF -> exif = withoutMark(content);
            case ACTL -> pictures = content.length >= 4 ? ByteBuffer.wrap(content).getInt() : 0;
            default -> text(type, content);
        }
    }

    /** Takes Exif data (as ImageMagick writes them) or XMP from a text chunk. */
    private void text(int type, byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != 0) {
            end++;
        }
        boolean profile = false;
        switch (new String(content, 0, end, StandardCharsets.ISO_8859_1)) {
            case "Raw profile type exif" -> profile = true;
            case "XML:com.adobe.xmp" -> profile = false;
            default -> {
                return;
            }
        }
        if ((profile ? rawProfile : xmp) != null) {
            return; // the first one applies
        }
        byte[] text = value(type, content, end + 1);
        if (!profile) {
            xmp = text;
            return;
        }
        // A line break, the profile's name, its length, and the bytes in hexadecimal.
        String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", 4);
        String digits = lines.length < 4 ? "" : lines[3].replaceAll("\\s", "");
        if (digits.length() % 2 == 0 && digits.chars().allMatch(HexFormat::isHexDigit)) {
            rawProfile = withoutMark(HexFormat.of().parseHex(digits));
        }
    }

    /** The value after a text's keyword; empty if it is malformed. */
    private static byte[] value(int type, byte[] content, int at) {
        boolean packed = type == ZTXT;
        int start = at + (type == ZTXT ? 1 : 0);
        if (type == ITXT) {
            // Compression flag and method, then language and translated keyword, each terminated by 0.
            packed = at < content.length && content[at] == 1;
            start = at + 2;
            for (int zeros = 0; zeros < 2 && start < content.length; start++) {
                zeros += content[start] == 0 ? 1 : 0;
            }
        }
        byte[] rest = start < content.length ? Arrays.copyOfRange(content, start, content.length) : new byte[0];
        if (!packed) {
            return rest;
        }
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(rest))) {
            return in.readNBytes(LONGEST);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static byte[] withoutMark(byte[] exif) {
        int at = 0;
        while (exif.length - at >= MARK.length && Arrays.equals(exif, at, at + MARK.length, MARK, 0, MARK.length)) {
            at += MARK.length;
        }
        return Arrays.copyOfRange(exif, at, exif.length);
    }

    /** Orientation, 1 to 8, see {@link Orientation}. */
    int orientation() {
        return Orientation.of(exif != null ? exif : rawProfile, xmp);
    }

    /** Number of pictures of an animation; 0 without one. */
    int pictures() {
        return pictures;
    }
}
