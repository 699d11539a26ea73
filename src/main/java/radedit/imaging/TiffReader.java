package radedit.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;

/**
 * TIFF with unsigned grey or colour samples of 1 to 16 bits, through the JDK's own decoder; pages are frames. Display
 * levels are samples over their range. Where 0 is white, stored values are the file's and the film is MONOCHROME1.
 */
public final class TiffReader implements FilmReader {
    private static final int MAGIC = 42;
    /** Page count and offsets of the smallest directory of a page: 2 bytes, one entry of 12, 4 bytes. */
    private static final int SMALLEST_PAGE = 18;

    /** One page. */
    private record Page(Rasters.Samples samples, Photometric photometric) {}

    @Override
    public String format() {
        return "TIFF";
    }

    @Override
    public Match accepts(byte[] head) {
        boolean little = head.length > 4 && head[0] == 'I' && head[1] == 'I' && head[2] == MAGIC && head[3] == 0;
        boolean big = head.length > 4 && head[0] == 'M' && head[1] == 'M' && head[2] == 0 && head[3] == MAGIC;
        return little || big ? Match.YES : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        try (ImageInputStream in = Rasters.open(file)) {
            int pages = pages(file, in, Files.size(file));
            if (frame > pages) {
                throw ImageRequestException.frame(file, frame, pages);
            }
            ImageReader reader = ImageIO.getImageReadersByFormatName("tiff").next();
            try {
                in.seek(0);
                reader.setInput(in, false, true);
                return content(file, reader, frame, pages);
            } finally {
                reader.dispose();
            }
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Rasters.damaged(file, e);
        }
    }

    /** Counts the pages, which are a chain of directories; the JDK would follow one that bites its tail for ever. */
    private static int pages(Path file, ImageInputStream in, long length) throws IOException {
        in.setByteOrder(in.read() == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        in.seek(4);
        int pages = 0;
        for (long at = in.readUnsignedInt(); at != 0; at = in.readUnsignedInt()) {
            if (++pages > length / SMALLEST_PAGE) {
                throw new ImageFormatException(file, "damaged picture (its pages form a ring)");
            }
            in.seek(at);
            in.seek(at + 2 + 12L * in.readUnsignedShort());
        }
        return pages;
    }

    private static FilmContent content(Path file, ImageReader reader, int frame, int pages) throws IOException {
        int first = frame == ALL_FRAMES ? 0 : frame - 1;
        int count = frame == ALL_FRAMES ? pages : 1;
        int[] values = null;
        Page page = null;
        for (int k = 0; k < count; k++) {
            Page next = page(file, reader, first + k);
            Rasters.Samples s = next.samples;
            if (k == 0) {
                if ((long) s.values().length * count > 2 * Rasters.MAX_PIXELS) {
                    throw new ImageFormatException(file, "has too many pages for one film; choose one with --frame");
                }
                values = count == 1 ? s.values() : new int[s.values().length * count];
            } else if (s.width() != page.samples.width() || s.height() != page.samples.height()
                    || !s.depth().equals(page.samples.depth()) || next.photometric != page.photometric) {
                throw new ImageFormatException(file,
                        "has " + pages + " pages of different kinds; choose one with --frame");
            }
            System.arraycopy(s.values(), 0, values, k * s.values().length, s.values().length);
            page = next;
        }
        if (page == null) {
            throw new ImageFormatException(file, "has no page");
        }
        Rasters.Samples s = page.samples;
        return new FilmContent("TIFF", PixelArray.of(count, s.height(), s.width(), s.bands(), values),
                List.of(PixelMeaning.plain(page.photometric, s.depth())), frame, pages, false, 1,
                s.facts());
    }

    private static Page page(Path file, ImageReader reader, int index) throws IOException {
        Rasters.checkSize(file, reader.getWidth(index), reader.getHeight(index), Files.size(file));
        int photometric = field(reader, index, BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION);
        BufferedImage image = reader.read(index);
        boolean whiteIsZero = photometric == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_WHITE_IS_ZERO;
        boolean grey = whiteIsZero
                || photometric == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_BLACK_IS_ZERO;
        if (photometric == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_PALETTE_COLOR) {
            image = new BufferedImage(palette(reader, index), image.getRaster(), false, null);
        }
        Rasters.Samples s = Rasters.of(file, image, grey);
        if (whiteIsZero) {
            // The decoder has turned the values round to make 0 black.
            int max = (int) s.depth().max();
            Arrays.setAll(s.values(), i -> max - s.values()[i]);
        }
        return new Page(s, s.bands() == 3
                ? Photometric.RGB
                : whiteIsZero ? Photometric.MONOCHROME1 : Photometric.MONOCHROME2);
    }

    private static int field(ImageReader reader, int index, int tag) throws IOException {
        TIFFField f = TIFFDirectory.createFromMetadata(reader.getImageMetadata(index)).getTIFFField(tag);
        return f == null || f.getCount() == 0 ? -1 : f.getAsInt(0);
    }

    /**
     * The colours of a page, the upper 8 of their 16 bits: whether a writer fills the lower ones with zeros or with the
     * same again, these are what it meant. The decoder rounds down from 65535ths and is off by one for zeros.
     */
    private static IndexColorModel palette(ImageReader reader, int index) throws IOException {
        char[] map = TIFFDirectory.createFromMetadata(reader.getImageMetadata(index))
                .getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP).getAsChars();
        int n = map.length / 3;
        byte[] colours = new byte[3 * n];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = (byte) (map[i] >> 8);
        }
        return new IndexColorModel(8, n, Arrays.copyOf(colours, n), Arrays.copyOfRange(colours, n, 2 * n),
                Arrays.copyOfRange(colours, 2 * n, 3 * n));
    }
}
