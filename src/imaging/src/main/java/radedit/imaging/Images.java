package radedit.imaging;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** Reads pictures of one frame, and writes PNG. */
public final class Images {
    static {
        ImageIO.setUseCache(false);
    }

    private Images() {
    }

    /**
     * Reads a picture of one frame, in any format of {@link Films}, as it would be shown. Samples of 16 bits are scaled
     * to 8; alpha is dropped, as in Pillow's conversion to RGB.
     *
     * @param file
     *            the file
     * @return the picture
     * @throws ImageFormatException
     *            if the file is of no known format, is damaged, has several frames, or claims a size that its length
     *            cannot hold
     * @throws IOException
     *            if the file cannot be read
     */
    public static Picture read(Path file) throws IOException {
        return Films.read(file).picture();
    }

    /**
     * Writes an 8-bit PNG with text chunks.
     *
     * @param out
     *            left open
     * @param p
     *            the picture
     * @param text
     *            keyword and Latin-1 text of each tEXt chunk
     * @throws IOException
     *            if {@code out} fails
     */
    public static void writePng(OutputStream out, Picture p, Map<String, String> text) throws IOException {
        int[] samples = new int[p.samples().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = p.samples()[i] & 0xFF;
        }
        writePng(out, p.width(), p.height(), p.channels(), 8, samples, text);
    }

    /**
     * Writes a PNG of 8 or 16 bits with text chunks.
     *
     * @param out
     *            left open
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param channels
     *            1 (grey) or 3 (red, green, blue)
     * @param bits
     *            8 or 16
     * @param samples
     *            row-major, channels interleaved
     * @param text
     *            keyword and Latin-1 text of each tEXt chunk
     * @throws IOException
     *            if {@code out} fails
     */
    public static void writePng(OutputStream out, int width, int height, int channels, int bits, int[] samples,
            Map<String, String> text) throws IOException {
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(channels == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB), false, false,
                Transparency.OPAQUE, bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
        BufferedImage image = new BufferedImage(model, model.createCompatibleWritableRaster(width, height), false,
                null);
        int[] row = new int[width * channels];
        for (int y = 0; y < height; y++) {
            System.arraycopy(samples, y * row.length, row, 0, row.length);
            image.getRaster().setPixels(0, y, width, 1, row);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        // Into memory first: the PNG writer swallows the reason when a stream fails.
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
