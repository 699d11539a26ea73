package radedit.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

/** Reading and writing of PNG and JPEG pictures. */
public final class Images {
    private static final long MAX_PIXELS = 1L << 27;
    /** Deflate shrinks to 1/1032 at best; a JPEG block of 64 pixels takes at least some bits. */
    private static final long MAX_EXPANSION = 1100;

    static {
        ImageIO.setUseCache(false);
    }

    private Images() {
    }

    /**
     * Reads a PNG or JPEG file. Samples of 16 bits are scaled to 8; transparency is dropped, as Pillow's conversion to
     * RGB does.
     *
     * @throws ImageFormatException
     *             if it is neither, is damaged, or claims a size that its length cannot hold
     */
    public static Picture read(Path file) throws IOException {
        return readSamples(file).toPicture();
    }

    /**
     * Reads a PNG or JPEG file with all its bits; transparency is dropped.
     *
     * @throws ImageFormatException
     *             as {@link #read}
     */
    public static Samples readSamples(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ImageFormatException(file, "is no regular file"); // a pipe would be waited for, and cannot be sought in
        }
        long length = Files.size(file);
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            if (in == null) {
                throw new ImageFormatException(file, "cannot be read");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (length == 0 || !readers.hasNext()) {
                throw new ImageFormatException(file, "is no PNG or JPEG picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MAX_PIXELS || pixels > length * MAX_EXPANSION * 8) {
                    throw new ImageFormatException(file, "claims " + reader.getWidth(0) + " x " + reader.getHeight(0)
                            + " pixels in " + length + " bytes");
                }
                List<String> damage = new ArrayList<>();
                reader.addIIOReadWarningListener((source, warning) -> damage.add(warning));
                Samples samples = convert(file, reader.read(0));
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
            // The decoders throw whatever a damaged file leads them into.
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new ImageFormatException(file, "damaged picture (" + why + ")", e);
        }
    }

    private static Samples convert(Path file, BufferedImage image) throws ImageFormatException {
        int w = image.getWidth();
        int h = image.getHeight();
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel palette) {
            return fromPalette(raster, palette, w, h);
        }
        int type = raster.getDataBuffer().getDataType();
        if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
            throw new ImageFormatException(file, "has samples of an unusual type");
        }
        int bands = model.getNumColorComponents();
        if (bands != 1 && bands != 3) {
            throw new ImageFormatException(file, "has " + bands + " colour channels; 1 or 3 are expected");
        }
        int max = (1 << model.getComponentSize(0)) - 1;
        int[] out = new int[w * h * bands];
        int[] row = new int[w * raster.getNumBands()];
        for (int y = 0; y < h; y++) {
            raster.getPixels(0, y, w, 1, row);
            for (int x = 0; x < w; x++) {
                for (int b = 0; b < bands; b++) {
                    out[(y * w + x) * bands + b] = row[x * raster.getNumBands() + b];
                }
            }
        }
        return new Samples(w, h, bands, max, out);
    }

    private static Samples fromPalette(Raster raster, IndexColorModel palette, int w, int h) {
        byte[] out = new byte[w * h * 3];
        int[] row = new int[w];
        boolean grey = true;
        for (int y = 0; y < h; y++) {
            raster.getPixels(0, y, w, 1, row);
            for (int x = 0; x < w; x++) {
                int rgb = palette.getRGB(row[x]);
                int at = (y * w + x) * 3;
                out[at] = (byte) (rgb >> 16);
                out[at + 1] = (byte) (rgb >> 8);
                out[at + 2] = (byte) rgb;
                grey &= out[at] == out[at + 1] && out[at] == out[at + 2];
            }
        }
        Picture p = new Picture(w, h, 3, out);
        return Samples.of(grey ? p.toGrey() : p);
    }

    /**
     * Writes a PNG with text chunks.
     *
     * @param text
     *            keyword and Latin-1 text of each chunk
     */
    public static void writePng(OutputStream out, Picture p, Map<String, String> text) throws IOException {
        BufferedImage image = new BufferedImage(p.width(), p.height(),
                p.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int[] row = new int[p.width() * p.channels()];
        for (int y = 0; y < p.height(); y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = p.samples()[y * row.length + i] & 0xFF;
            }
            image.getRaster().setPixels(0, y, p.width(), 1, row);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        // Through memory, because the writer hides the reason when a stream fails.
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(encoded)) {
            IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image),
                    null);
            IIOMetadataNode chunks = new IIOMetadataNode("tEXt");
            text.forEach((keyword, value) -> {
                IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
                entry.setAttribute("keyword", keyword);
                entry.setAttribute("value", value);
                chunks.appendChild(entry);
            });
            IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
            root.appendChild(chunks);
            metadata.mergeTree("javax_imageio_png_1.0", root);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, metadata), null);
        } finally {
            writer.dispose();
        }
        encoded.writeTo(out);
    }
}
