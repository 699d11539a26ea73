package radedit.imaging;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** Reading and writing of PNG and JPEG pictures. */
public final class Images {
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
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ImageFormatException(file, "is no regular file"); // a pipe would be waited for, and cannot be sought in
        }
        return new Film(file, new PngJpegReader().read(file, FilmReader.ALL_FRAMES), FilmOptions.DEFAULT).picture();
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
