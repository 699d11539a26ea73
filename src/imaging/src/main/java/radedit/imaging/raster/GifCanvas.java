package radedit.imaging.raster;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import radedit.imaging.ImageFormatException;
import radedit.imaging.FileChecks;

/** The logical screen on which the frames of a GIF file are composed (GIF89a, 18, 20 and 23). */
final class GifCanvas {
    private static final String IMAGE = "javax_imageio_gif_image_1.0";
    private static final String STREAM = "javax_imageio_gif_stream_1.0";
    /** A code of 12 bits stands for up to 4096 pixels, eight of which count as a byte. */
    private static final long MAX_EXPANSION = 512;
    private static final String TO_PREVIOUS = "restoreToPrevious";
    private static final String TO_BACKGROUND = "restoreToBackgroundColor";

    private final Path file;
    private final ImageReader reader;
    private final long length;
    private final int width;
    private final int height;
    private long drawn;

    /**
     * An empty screen.
     *
     * @param reader
     *            of a file with at least one frame
     */
    GifCanvas(Path file, ImageReader reader) throws IOException {
        this.file = file;
        this.reader = reader;
        this.length = Files.size(file);
        Element screen = child(reader.getStreamMetadata().getAsTree(STREAM), "LogicalScreenDescriptor");
        int w = screen == null ? 0 : number(screen, "logicalScreenWidth");
        int h = screen == null ? 0 : number(screen, "logicalScreenHeight");
        Element place = descriptor(reader.getImageMetadata(0).getAsTree(IMAGE));
        // Enlarge a screen that is too small for the first frame.
        this.width = Math.max(w, number(place, "imageLeftPosition") + reader.getWidth(0));
        this.height = Math.max(h, number(place, "imageTopPosition") + reader.getHeight(0));
        FileChecks.checkSize(file, width, height, length, MAX_EXPANSION);
    }

    /** The screen after the given number of frames. */
    RasterPicture draw(int frames) throws IOException {
        if (frames == 1 && reader.getWidth(0) == width && reader.getHeight(0) == height) {
            return AwtPictures.of(file, decoded(0), false, false);
        }
        int[] argb = new int[width * height];
        for (int k = 0; k < frames; k++) {
            draw(k, k == frames - 1, argb);
        }
        boolean clear = Arrays.stream(argb).anyMatch(c -> c >>> 24 != 255);
        return RasterPicture.ofColours(width, height, argb, clear, null);
    }

    /** Draws a frame and, unless it is the last, disposes of it. */
    private void draw(int k, boolean last, int[] argb) throws IOException {
        Node tree = reader.getImageMetadata(k).getAsTree(IMAGE);
        Element control = child(tree, "GraphicControlExtension");
        String disposal = control == null || last ? "none" : control.getAttribute("disposalMethod");
        Element place = descriptor(tree);
        int left = number(place, "imageLeftPosition");
        int top = number(place, "imageTopPosition");
        BufferedImage image = decoded(k);
        IndexColorModel palette = (IndexColorModel) image.getColorModel();
        Raster raster = image.getRaster();
        if (k == 0) {
            // The background: the transparent index, else the palette's first colour.
            Arrays.fill(argb, palette.getRGB(Math.max(0, palette.getTransparentPixel())));
        }
        int[] before = null;
        if (disposal.equals(TO_PREVIOUS)) {
            count(argb.length);
            before = argb.clone();
        }
        for (int y = top; y < Math.min(height, top + image.getHeight()); y++) {
            for (int x = left; x < Math.min(width, left + image.getWidth()); x++) {
                int colour = palette.getRGB(raster.getSample(x - left, y - top, 0));
                if (disposal.equals(TO_BACKGROUND)) {
                    argb[y * width + x] = 0;
                } else if (colour >>> 24 != 0 || k == 0) {
                    argb[y * width + x] = colour;
                }
            }
        }
        if (before != null) {
            System.arraycopy(before, 0, argb, 0, argb.length);
        }
    }

    private BufferedImage decoded(int k) throws IOException {
        FileChecks.checkSize(file, reader.getWidth(k), reader.getHeight(k), length, MAX_EXPANSION);
        count((long) reader.getWidth(k) * reader.getHeight(k));
        return reader.read(k);
    }

    /** Bounds the work by the length of the file. */
    private void count(long pixels) throws ImageFormatException {
        drawn += pixels;
        if (drawn / 8 > length * MAX_EXPANSION) {
            throw new ImageFormatException(file, "claims more pixels than " + length + " bytes can hold");
        }
    }

    /** The descriptor of a frame, which says where it lies on the screen. */
    private static Element descriptor(Node tree) throws IIOException {
        Element descriptor = child(tree, "ImageDescriptor");
        if (descriptor == null) {
            throw new IIOException("a frame has no descriptor");
        }
        return descriptor;
    }

    private static @Nullable Element child(Node tree, String name) {
        for (Node n = tree.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n.getNodeName().equals(name)) {
                return (IIOMetadataNode) n;
            }
        }
        return null;
    }

    private static int number(Element e, String attribute) {
        return Integer.parseInt(e.getAttribute(attribute));
    }
}
