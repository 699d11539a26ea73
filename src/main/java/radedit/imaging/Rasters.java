package radedit.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.pixel.Depth;

/** Sample values out of the JDK's pictures; transparency is dropped, as Pillow's conversion to RGB does. */
final class Rasters {
    static final long MAX_PIXELS = 1L << 27;
    /** Deflate shrinks to 1/1032 at best; a JPEG block of 64 pixels takes at least some bits. */
    private static final long MAX_EXPANSION = 1100;

    /**
     * Samples of a picture, those of a pixel side by side.
     *
     * @param bands
     *            1 (grey) or 3 (red, green, blue)
     * @param lost
     *            what the file has beside them: "palette", "transparency" or "nothing"
     */
    record Samples(int width, int height, int bands, Depth depth, int[] values, String lost) {
        /** For a film's facts. */
        Map<String, String> facts() {
            return lost.equals(NOTHING)
                    ? Map.of("cells", depth.toString())
                    : Map.of("cells", depth.toString(), LOST, lost);
        }
    }

    /** A film's fact: what of its file is not in its stored values. */
    static final String LOST = "not_kept";
    private static final String NOTHING = "nothing";

    static {
        ImageIO.setUseCache(false);
    }

    private Rasters() {
    }

    /** Opens a file for the JDK's decoders. */
    static ImageInputStream open(Path file) throws IOException {
        ImageInputStream in = ImageIO.createImageInputStream(file.toFile());
        if (in == null) {
            throw new ImageFormatException(file, "cannot be read");
        }
        return in;
    }

    /** What a decoder threw, which is whatever a damaged file leads it into, as a fault of the file. */
    static ImageFormatException damaged(Path file, Exception e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new ImageFormatException(file, "damaged picture (" + why + ")", e);
    }

    /** Refuses a size that a file of this length cannot hold. */
    static void checkSize(Path file, long width, long height, long length) throws ImageFormatException {
        long pixels = width * height;
        if (pixels > MAX_PIXELS || pixels > length * MAX_EXPANSION * 8) {
            throw new ImageFormatException(file,
                    "claims " + width + " x " + height + " pixels in " + length + " bytes");
        }
    }

    /**
     * The samples of a picture; palettes are resolved to 8 bits, to grey if all their colours are.
     *
     * @param indicesAreLevels
     *            whether a palette is but the decoder's way to hold grey levels of less than 8 bits
     */
    static Samples of(Path file, BufferedImage image, boolean indicesAreLevels) throws ImageFormatException {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel palette) {
            return indicesAreLevels
                    ? new Samples(image.getWidth(), image.getHeight(), 1, new Depth(model.getPixelSize(), false),
                            raster.getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null), NOTHING)
                    : resolved(raster, palette);
        }
        int type = raster.getDataBuffer().getDataType();
        if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
            throw new ImageFormatException(file, "has samples of an unusual type; 1 to 16 bits unsigned are read");
        }
        int bands = model.getNumColorComponents();
        if (bands != 1 && bands != 3) {
            throw new ImageFormatException(file, "has " + bands + " colour channels; 1 or 3 are expected");
        }
        int w = raster.getWidth();
        int h = raster.getHeight();
        int all = raster.getNumBands();
        int[] out = new int[Math.multiplyExact(w * h, bands)];
        int[] row = new int[w * all];
        for (int y = 0; y < h; y++) {
            raster.getPixels(0, y, w, 1, row);
            for (int x = 0; x < w; x++) {
                System.arraycopy(row, x * all, out, (y * w + x) * bands, bands);
            }
        }
        return new Samples(w, h, bands, new Depth(model.getComponentSize(0), false), out,
                model.hasAlpha() ? "transparency" : NOTHING);
    }

    private static Samples resolved(Raster raster, IndexColorModel palette) {
        int w = raster.getWidth();
        int h = raster.getHeight();
        int[] indices = raster.getSamples(0, 0, w, h, 0, (int[]) null);
        boolean grey = true;
        for (int i : indices) {
            int rgb = palette.getRGB(i);
            grey &= (rgb >> 16 & 0xFF) == (rgb & 0xFF) && (rgb >> 8 & 0xFF) == (rgb & 0xFF);
        }
        int bands = grey ? 1 : 3;
        int[] out = new int[Math.multiplyExact(indices.length, bands)];
        for (int i = 0; i < indices.length; i++) {
            int rgb = palette.getRGB(indices[i]);
            for (int b = 0; b < bands; b++) {
                out[i * bands + b] = rgb >> 16 - 8 * b & 0xFF;
            }
        }
        return new Samples(w, h, bands, new Depth(8, false), out, "palette");
    }
}
