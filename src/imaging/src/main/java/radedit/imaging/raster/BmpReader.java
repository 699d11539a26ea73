package radedit.imaging.raster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.FileChecks;

/**
 * Reads BMP with palettes or colours, uncompressed or run-length encoded, with the JDK's decoder. Palettes are resolved
 * and alpha is dropped; display levels are samples over their range.
 */
public final class BmpReader implements FilmReader {
    private static final int FILE_HEADER = 14;
    /** Sizes of the two shortest headers: of OS/2 and of Windows. */
    private static final int CORE = 12;
    private static final int INFO = 40;
    private static final int BITFIELDS = 3;
    private static final int JPEG = 4;

    @Override
    public String format() {
        return "BMP";
    }

    @Override
    public Match accepts(byte[] head) {
        if (head.length < FILE_HEADER + CORE || head[0] != 'B' || head[1] != 'M') {
            return Match.NO;
        }
        int size = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(FILE_HEADER);
        return size == CORE || size >= INFO && size <= 124 || size == 16 ? Match.YES : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        if (frame > 1) {
            throw ImageRequestException.frame(file, frame, 1);
        }
        checkHeader(file);
        List<String> damage = new ArrayList<>();
        try (ImageInputStream in = AwtPictures.open(file)) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("bmp").next();
            try {
                reader.setInput(in, true, true);
                FileChecks.checkSize(file, reader.getWidth(0), reader.getHeight(0), Files.size(file));
                reader.addIIOReadWarningListener((source, warning) -> damage.add(warning));
                RasterPicture p = AwtPictures.of(file, reader.read(0), false, false);
                if (!damage.isEmpty()) {
                    throw new ImageFormatException(file, "damaged picture (" + damage.getFirst() + ")");
                }
                return p.content(format(), p.facts(), List.of());
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw NotReadException.fault(file, e);
        }
    }

    /** Refuses embedded pictures of other formats, and pixel data that are shorter than the header claims. */
    private static void checkHeader(Path file) throws IOException {
        byte[] head;
        try (var in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        ByteBuffer b = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (head.length < FILE_HEADER + CORE) {
            throw new ImageFormatException(file, "damaged picture (it ends too early)");
        }
        boolean core = b.getInt(FILE_HEADER) == CORE;
        if (!core && head.length < FILE_HEADER + INFO) {
            throw new ImageFormatException(file, "damaged picture (it ends too early)");
        }
        long width = core ? b.getShort(18) & 0xFFFF : b.getInt(18);
        long height = core ? b.getShort(20) & 0xFFFF : Math.abs((long) b.getInt(22));
        int bits = b.getShort(core ? 24 : 28);
        int compression = core ? 0 : b.getInt(30);
        if (compression >= JPEG) {
            throw new ImageFormatException(file, "has a compression (" + compression
                    + ") that is not read; save it as a BMP without compression, or as PNG");
        }
        if (compression == 0 || compression == BITFIELDS) {
            long row = (width * bits + 31) / 32 * 4;
            long offset = b.getInt(10) & 0xFFFFFFFFL;
            // The last row's padding may be missing.
            if (width < 1 || height < 1 || row * height - 3 > Files.size(file) - offset) {
                throw new ImageFormatException(file, "damaged picture (it ends too early)");
            }
        }
    }
}
