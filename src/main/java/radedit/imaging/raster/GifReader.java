package radedit.imaging.raster;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;

import org.w3c.dom.Element;
import org.w3c.dom.Node;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.Rasters;

/**
 * GIF, through the JDK's decoder; each frame of an animation is drawn over those before it (GIF89a, 23). Without a choice
 * of frame the first is read. Palettes are resolved and transparency dropped (what lies under it shows, as in Pillow).
 */
public final class GifReader implements FilmReader {
    private static final String IMAGE = "javax_imageio_gif_image_1.0";
    private static final String STREAM = "javax_imageio_gif_stream_1.0";
    /** A code of 12 bits can stand for up to 4096 pixels, eight of which count as a byte. */
    private static final long MAX_EXPANSION = 512;

    @Override
    public String format() {
        return "GIF";
    }

    @Override
    public Match accepts(byte[] head) {
        return head.length > 13 && head[0] == 'G' && head[1] == 'I' && head[2] == 'F' && head[3] == '8'
                && (head[4] == '7' || head[4] == '9') && head[5] == 'a' ? Match.YES : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        List<String> damage = new ArrayList<>();
        try (ImageInputStream in = AwtPictures.open(file)) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            try {
                reader.setInput(in, false, false);
                int frames = reader.getNumImages(true);
                if (frames < 1) {
                    throw new ImageFormatException(file, "damaged picture (it holds no whole picture)");
                }
                if (frame > frames) {
                    throw ImageRequestException.frame(file, frame, frames);
                }
                reader.addIIOReadWarningListener((source, warning) -> damage.add(warning));
                int chosen = Math.max(1, frame);
                RasterPicture p = new Canvas(file, reader).draw(chosen);
                if (!damage.isEmpty()) {
                    throw new ImageFormatException(file, "damaged picture (" + damage.getFirst() + ")");
                }
                List<String> warnings = frame == ALL_FRAMES && frames > 1
                        ? List.of("it is an animation of " + frames + " pictures; the first is read, a frame chooses"
                                + " another")
                        : List.of();
                return p.content(format(), frames == 1 ? frame : chosen, frames, p.facts(), warnings);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw NotReadException.fault(file, e);
        }
    }

    /** The screen that frames are drawn on. */
    private static final class Canvas {
        private final Path file;
        private final ImageReader reader;
        private final int width;
        private final int height;
        private final int[] argb;
        private long drawn;

        Canvas(Path file, ImageReader reader) throws IOException {
            this.file = file;
            this.reader = reader;
            Element screen = child(reader.getStreamMetadata().getAsTree(STREAM), "LogicalScreenDescriptor");
            int w = screen == null ? 0 : number(screen, "logicalScreenWidth");
            int h = screen == null ? 0 : number(screen, "logicalScreenHeight");
            Element place = child(reader.getImageMetadata(0).getAsTree(IMAGE), "ImageDescriptor");
            // A screen that is too small for the first frame is as large as that.
            this.width = Math.max(w, number(place, "imageLeftPosition") + reader.getWidth(0));
            this.height = Math.max(h, number(place, "imageTopPosition") + reader.getHeight(0));
            Rasters.checkSize(file, width, height, Files.size(file), MAX_EXPANSION);
            this.argb = new int[width * height];
        }

        /** The screen after so many frames. */
        RasterPicture draw(int count) throws IOException {
            if (count == 1) {
                RasterPicture first = first();
                if (first != null) {
                    return first;
                }
            }
            int[] before = null;
            for (int k = 0; k < count; k++) {
                Element tree = (Element) reader.getImageMetadata(k).getAsTree(IMAGE);
                Element control = child(tree, "GraphicControlExtension");
                String disposal = control == null ? "none" : control.getAttribute("disposalMethod");
                Element place = child(tree, "ImageDescriptor");
                int left = number(place, "imageLeftPosition");
                int top = number(place, "imageTopPosition");
                before = disposal.equals("restoreToPrevious") && k < count - 1 ? argb.clone() : before;
                BufferedImage image = frame(k);
                IndexColorModel palette = (IndexColorModel) image.getColorModel();
                Raster raster = image.getRaster();
                if (k == 0) {
                    // Around it is what does not show, else the palette's first colour.
                    Arrays.fill(argb, palette.getRGB(Math.max(0, palette.getTransparentPixel())));
                }
                for (int y = 0; y < image.getHeight() && top + y < height; y++) {
                    for (int x = 0; x < image.getWidth() && left + x < width; x++) {
                        int colour = palette.getRGB(raster.getSample(x, y, 0));
                        if (colour >>> 24 != 0 || k == 0) {
                            argb[(top + y) * width + left + x] = colour;
                        }
                    }
                }
                if (k < count - 1) {
                    dispose(disposal, before, left, top, image);
                }
            }
            return coloured();
        }

        private void dispose(String disposal, int[] before, int left, int top, BufferedImage image) {
            if (disposal.equals("restoreToPrevious")) {
                System.arraycopy(before, 0, argb, 0, argb.length);
            } else if (disposal.equals("restoreToBackgroundColor")) {
                for (int y = top; y < Math.min(height, top + image.getHeight()); y++) {
                    for (int x = left; x < Math.min(width, left + image.getWidth()); x++) {
                        argb[y * width + x] = 0;
                    }
                }
            }
        }

        private BufferedImage frame(int k) throws IOException {
            long length = Files.size(file);
            Rasters.checkSize(file, reader.getWidth(k), reader.getHeight(k), length, MAX_EXPANSION);
            drawn += (long) reader.getWidth(k) * reader.getHeight(k);
            if (drawn > length * MAX_EXPANSION) {
                throw new ImageFormatException(file, "claims more pixels than " + length + " bytes can hold");
            }
            return reader.read(k);
        }

        /** The first frame with its palette; null if it does not fill the screen. */
        private RasterPicture first() throws IOException {
            if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
                return null;
            }
            return AwtPictures.of(file, frame(0), false, false);
        }

        private RasterPicture coloured() {
            boolean grey = true;
            boolean opaque = true;
            for (int c : argb) {
                grey &= (c >> 16 & 0xFF) == (c & 0xFF) && (c >> 8 & 0xFF) == (c & 0xFF);
                opaque &= c >>> 24 == 255;
            }
            int bands = grey ? 1 : 3;
            int[] out = new int[Math.multiplyExact(argb.length, bands)];
            int[] alpha = opaque ? null : new int[argb.length];
            for (int i = 0; i < argb.length; i++) {
                for (int b = 0; b < bands; b++) {
                    out[i * bands + b] = argb[i] >> 16 - 8 * b & 0xFF;
                }
                if (alpha != null) {
                    alpha[i] = argb[i] >>> 24;
                }
            }
            return RasterPicture.of(width, height, bands, new radedit.imaging.pixel.Depth(8, false), out, alpha, 255);
        }

        private static Element child(Node tree, String name) {
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
}
