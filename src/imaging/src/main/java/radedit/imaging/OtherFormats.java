package radedit.imaging;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recognises files that are often taken for films but are not read, and says how to convert them. */
final class OtherFormats {
    private static final String CONVERT = "; convert it to PNG or TIFF first";
    /** Leading bytes of each format; ? matches any byte. */
    private static final Map<String, String> MARKS = new LinkedHashMap<>();
    static {
        MARKS.put("RIFF????WEBP", "a WebP picture, which is not supported" + CONVERT);
        MARKS.put("%PDF-", "a PDF document, which is not supported; take the picture out of it (pdfimages -png)");
        MARKS.put("PK\3\4", "a ZIP archive, which is not supported; unpack it and name the film inside");
        MARKS.put("PK\5\6", "an empty ZIP archive");
        MARKS.put("Rar!", "a RAR archive, which is not supported; unpack it and name the film inside");
        MARKS.put("7z\274\257", "a 7-Zip archive, which is not supported; unpack it and name the film inside");
        MARKS.put("BZh", "compressed by bzip2; unpack it first");
        MARKS.put("\3757zXZ", "compressed by xz; unpack it first");
        MARKS.put("(\265/\375", "compressed by zstd; unpack it first");
        MARKS.put("\377\n", "a JPEG XL picture, which is not supported" + CONVERT);
        MARKS.put("\0\0\0\fJXL ", "a JPEG XL picture, which is not supported" + CONVERT);
        MARKS.put("II\274\1", "a JPEG XR picture, which is not supported" + CONVERT);
        MARKS.put("8BPS", "a Photoshop document, which is not supported" + CONVERT);
        MARKS.put("gimp xcf", "a GIMP document, which is not supported" + CONVERT);
        MARKS.put("v/1\1", "an OpenEXR picture, which is not supported" + CONVERT);
        MARKS.put("SIMPLE  =", "a FITS file, which is not supported" + CONVERT);
        MARKS.put("\211HDF",
                "an HDF5 file (of MATLAB, Keras or others), which is not supported; save the picture as PNG"
                        + " or TIFF");
        MARKS.put("MATLAB 5.0", "a MATLAB file, which is not supported; save the picture as PNG or TIFF");
        MARKS.put("\223NUMPY", "a NumPy array, which is not supported; save it as PNG, TIFF, NIfTI or safetensors");
        MARKS.put("\0\0\1\0", "a Windows icon, which is not supported" + CONVERT);
        MARKS.put("DDS ", "a DirectDraw surface, which is not supported" + CONVERT);
        MARKS.put("AT&TFORM", "a DjVu document, which is not supported" + CONVERT);
        MARKS.put("%!PS", "a PostScript document, which is not supported" + CONVERT);
        MARKS.put("\n\5\1\b", "a PCX picture, which is not supported" + CONVERT);
        MARKS.put("version https://git-lfs", "a Git LFS pointer, not the file; 'git lfs pull' fetches it");
    }
    /** Brands of ISO base media files (ISO/IEC 14496-12, 4.3). */
    private static final Map<String, String> BRANDS = Map.of("avif", "an AVIF picture", "avis", "an AVIF picture",
            "heic",
            "a HEIC picture", "heix", "a HEIC picture", "hevc", "a HEIC picture", "mif1", "a HEIF picture", "msf1",
            "a HEIF picture");

    private OtherFormats() {
    }

    /**
     * What a file is.
     *
     * @param head
     *            its first bytes
     * @return a predicate without its subject; null if the format is unknown
     */
    static @Nullable String describe(byte[] head) {
        if (head.length == 0) {
            return "is empty";
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> m : MARKS.entrySet()) {
            if (begins(text, m.getKey())) {
                return "is " + m.getValue();
            }
        }
        if (begins(text, "????ftyp") && text.length() >= 12) {
            String what = BRANDS.get(text.substring(8, 12));
            return "is " + (what == null ? "a video or picture of the MPEG-4 family" : what)
                    + ", which is not supported"
                    + CONVERT;
        }
        if (text.length() > 2 && text.charAt(0) == 'P' && text.charAt(1) >= '1' && text.charAt(1) <= '7'
                && Character.isWhitespace(text.charAt(2))) {
            return "is a Netpbm picture (PBM, PGM, PPM), which is not supported" + CONVERT;
        }
        String words = text.stripLeading().toLowerCase(Locale.ROOT);
        if (words.startsWith("<!doctype html") || words.startsWith("<html")) {
            return "is a web page, not a film; the download may have failed";
        }
        if (words.startsWith("<svg") || words.startsWith("<?xml") && words.contains("<svg")) {
            return "is an SVG drawing, which is not supported; export it as PNG";
        }
        return null;
    }

    private static boolean begins(String text, String mark) {
        if (text.length() < mark.length()) {
            return false;
        }
        for (int i = 0; i < mark.length(); i++) {
            if (mark.charAt(i) != '?' && mark.charAt(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
