package radedit.imaging.raster;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.FileChecks;
import radedit.imaging.codec.Ycc;
import radedit.imaging.pixel.Depth;

/**
 * Reads JPEG: baseline, progressive, extended with 12 bits, lossless, JPEG-LS. Stored values are grey levels or RGB,
 * converted like libjpeg (CMYK like Pillow); display levels are samples over their range. Exif orientation is applied.
 */
public final class JpegReader implements FilmReader {
    /** A block of 64 samples takes at least one bit. */
    private static final long MAX_EXPANSION = 64;

    @Override
    public String format() {
        return "JPEG";
    }

    @Override
    public Match accepts(byte[] head) {
        return head.length > 3 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xFF) == 0xD8 && (head[2] & 0xFF) == 0xFF
                ? Match.YES
                : Match.NO;
    }

    @Override
    public Optional<Size> size(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            return JpegHeader.size(in);
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        if (frame > 1) {
            throw ImageRequestException.frame(file, frame, 1);
        }
        if (Files.size(file) > Integer.MAX_VALUE - 8) {
            throw new ImageFormatException(file, "is too long for a JPEG picture");
        }
        byte[] data = Files.readAllBytes(file);
        Set<String> warnings = new LinkedHashSet<>();
        try {
            JpegHeader h = JpegHeader.read(data);
            FileChecks.checkSize(file, h.width(), h.height(), data.length, MAX_EXPANSION);
            if (h.components() == 2 || h.components() > 4) {
                throw new ImageFormatException(file, "has " + h.components() + " colour channels; 1, 3 or 4 are read");
            }
            int[] samples = JpegPixels.decode(data, h, warnings);
            if (!h.isEnded()) {
                warnings.add("it ends without its end marker (EOI); the picture is complete");
            }
            RasterPicture p = picture(samples, h);
            Map<String, String> facts = p.facts();
            if (h.components() == 4) {
                facts.put("colours", h.isYcc() ? "YCCK, converted to RGB" : "CMYK, converted to RGB");
            }
            int orientation = h.orientation();
            if (orientation != Orientation.UPRIGHT) {
                facts.put("exif_orientation", Orientation.describe(orientation));
            }
            return p.upright(orientation).content(format(), facts, List.copyOf(warnings));
        } catch (IOException | RuntimeException e) {
            throw NotReadException.fault(file, e);
        }
    }

    private static RasterPicture picture(int[] samples, JpegHeader h) {
        int n = h.components();
        if (h.isYcc()) {
            Ycc.toRgb(samples, 0, h.width() * h.height(), n, h.precision());
        }
        int[] values = samples;
        if (n == 4) {
            int max = (1 << h.precision()) - 1;
            // By Adobe's convention, which programs assume, samples are inverted inks. YCCK samples
            // are not inverted: libjpeg converts them to 1 - R.
            for (int i = 0; i < samples.length; i++) {
                samples[i] = h.isYcc() && i % n < 3 ? samples[i] : max - samples[i];
            }
            values = CmykColour.toRgb(samples, n, max);
        }
        return RasterPicture.of(h.width(), h.height(), n == 1 ? 1 : 3, new Depth(h.precision(), false), values, null,
                0);
    }
}
