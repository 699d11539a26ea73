package radedit.imaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;

/**
 * PNG of 1 to 16 bits and JPEG. Stored values are the samples, palettes resolved and transparency dropped (what lies under
 * it shows, as in Pillow); display levels are samples over their range. A JPEG picture that says how its camera was held is
 * turned upright.
 */
public final class PngJpegReader implements FilmReader {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    /** Where a PNG file says how its samples are to be seen, and what stands there for grey levels. */
    private static final int PNG_COLOUR_TYPE = 25;
    private static final int PNG_GREY = 0;

    /** A JPEG file's first segments are of 64 kB at most; Exif is the first or second of them. */
    private static final int EXIF_WITHIN = 1 << 18;

    @Override
    public String format() {
        return "PNG, JPEG";
    }

    @Override
    public Match accepts(byte[] head) {
        return isPng(head) || isJpeg(head) ? Match.YES : Match.NO;
    }

    private static boolean isPng(byte[] head) {
        return head.length > PNG_COLOUR_TYPE && java.util.Arrays.equals(head, 0, PNG.length, PNG, 0, PNG.length);
    }

    private static boolean isJpeg(byte[] head) {
        return head.length > 3 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xFF) == 0xD8 && (head[2] & 0xFF) == 0xFF;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        byte[] head;
        try (var in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        if (accepts(head) != Match.YES) {
            throw new ImageFormatException(file, "is no PNG or JPEG picture");
        }
        if (frame > 1) {
            throw ImageRequestException.frame(file, frame, 1);
        }
        String format = isPng(head) ? "PNG" : "JPEG";
        Rasters.Samples s = samples(file, format, isPng(head) && head[PNG_COLOUR_TYPE] == PNG_GREY);
        int orientation = isPng(head) ? ExifOrientation.UPRIGHT : ExifOrientation.of(start(file));
        s = ExifOrientation.upright(s, orientation);
        Map<String, String> facts = new LinkedHashMap<>(s.facts());
        if (orientation != ExifOrientation.UPRIGHT) {
            facts.put("exif_orientation", orientation + ", turned upright");
        }
        PixelArray pixels = PixelArray.of(1, s.height(), s.width(), s.bands(), s.values());
        PixelMeaning meaning = PixelMeaning.plain(s.bands() == 1 ? Photometric.MONOCHROME2 : Photometric.RGB,
                s.depth());
        return FilmContent.plain(format, pixels, meaning, facts);
    }

    private static byte[] start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(EXIF_WITHIN);
        }
    }

    private static Rasters.Samples samples(Path file, String format, boolean grey) throws IOException {
        try (ImageInputStream in = Rasters.open(file)) {
            ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
            try {
                reader.setInput(in, true, true);
                Rasters.checkSize(file, reader.getWidth(0), reader.getHeight(0), Files.size(file));
                if (format.equals("PNG")) {
                    PngChunks.check(file);
                }
                List<String> damage = new ArrayList<>();
                reader.addIIOReadWarningListener((source, warning) -> damage.add(warning));
                Rasters.Samples samples = Rasters.of(file, reader.read(0), grey);
                for (String w : damage) {
                    if (w.contains("Premature end") || w.contains("Corrupt")) {
                        throw new ImageFormatException(file, "damaged picture (" + w + ")");
                    }
                }
                return samples;
            } finally {
                reader.dispose();
            }
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Rasters.damaged(file, e);
        }
    }
}
