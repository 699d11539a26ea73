package radedit.imaging.raster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.FileChecks;
import radedit.imaging.pixel.Depth;

/**
 * Reads PNG of 1 to 16 bits. Stored values are the samples; palettes are resolved and alpha is dropped (the colour under
 * it shows, as in Pillow); display levels are samples over their range. Gamma and colour profiles are not applied. Exif
 * orientation is applied; the first picture of an animation is read.
 */
public final class PngReader implements FilmReader {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    /** Offsets of the colour type and the width, and the colour type of grey. */
    private static final int COLOUR_TYPE = 25;
    private static final int WIDTH = 16;
    private static final int GREY = 0;
    private static final int PALETTE = 3;

    @Override
    public String format() {
        return "PNG";
    }

    @Override
    public Match accepts(byte[] head) {
        return head.length > COLOUR_TYPE && Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)
                ? Match.YES
                : Match.NO;
    }

    @Override
    public Optional<Size> size(Path file) throws IOException {
        ByteBuffer head;
        try (var in = Files.newInputStream(file)) {
            head = ByteBuffer.wrap(in.readNBytes(COLOUR_TYPE + 1)); // big-endian, as PNG is
        }
        if (accepts(head.array()) != Match.YES) {
            return Optional.empty();
        }
        int columns = head.getInt(WIDTH);
        int rows = head.getInt(WIDTH + Integer.BYTES);
        return columns > 0 && rows > 0 ? Optional.of(new Size(columns, rows)) : Optional.empty();
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        if (frame > 1) {
            throw ImageRequestException.frame(file, frame, 1);
        }
        byte[] head;
        try (var in = Files.newInputStream(file)) {
            head = in.readNBytes(COLOUR_TYPE + 1);
        }
        if (accepts(head) != Match.YES) {
            throw new ImageFormatException(file, "is not a PNG picture");
        }
        RasterPicture p;
        PngChunks chunks;
        try (ImageInputStream in = AwtPictures.open(file)) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("PNG").next();
            try {
                reader.setInput(in, true, true);
                FileChecks.checkSize(file, reader.getWidth(0), reader.getHeight(0), Files.size(file));
                chunks = PngChunks.read(file);
                p = AwtPictures.of(file, reader.read(0), head[COLOUR_TYPE] == GREY, true);
                int[] indices = p.dropped().indices();
                if (head[COLOUR_TYPE] == PALETTE && indices != null) {
                    chunks.checkPalette(indices);
                }
                if (head[COLOUR_TYPE] == GREY && head[COLOUR_TYPE - 1] < 8 && p.depth().bits() == 8) {
                    p = unstretched(p, head[COLOUR_TYPE - 1]);
                }
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw NotReadException.fault(file, e);
        }
        Map<String, String> facts = p.facts();
        int orientation = chunks.metadata().orientation();
        if (orientation != Orientation.UPRIGHT) {
            facts.put("exif_orientation", Orientation.describe(orientation));
        }
        return p.upright(orientation).content(format(), facts, List.copyOf(chunks.warnings()));
    }

    /** Undoes the decoder's scaling to 8 bits of levels of fewer bits with a transparent level. */
    private static RasterPicture unstretched(RasterPicture p, int bits) {
        int[] values = p.pixels().integers();
        int factor = 255 / ((1 << bits) - 1);
        for (int i = 0; i < values.length; i++) {
            values[i] /= factor;
        }
        return new RasterPicture(p.pixels(), p.photometric(), new Depth(bits, false), p.dropped(), p.lost());
    }
}
