package radedit.imaging.raster;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;

import javax.imageio.ImageIO;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.Depth;

/** Extracts samples from the JDK's pictures. */
final class AwtPictures {
    static {
        ImageIO.setUseCache(false);
    }

    private AwtPictures() {
    }

    /** Opens a file for the JDK's decoders. */
    static ImageInputStream open(Path file) throws IOException {
        return new FileImageInputStream(file.toFile());
    }

    /**
     * The samples of a picture; palettes are resolved to 8 bits, and to grey if all their colours are grey.
     *
     * @param indicesAreLevels
     *            whether a palette merely represents grey levels of fewer than 8 bits in the decoder
     * @param labels
     *            whether palette indices may be labels
     */
    static RasterPicture of(Path file, BufferedImage image, boolean indicesAreLevels, boolean labels)
            throws ImageFormatException {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int w = raster.getWidth();
        int h = raster.getHeight();
        if (model instanceof IndexColorModel palette) {
            int[] indices = raster.getSamples(0, 0, w, h, 0, (int[]) null);
            if (indicesAreLevels) {
                return RasterPicture.of(w, h, 1, new Depth(model.getPixelSize(), false), indices, null, 0);
            }
            int[] argb = new int[palette.getMapSize()];
            palette.getRGBs(argb);
            for (int i : indices) {
                if (i >= argb.length) {
                    throw new ImageFormatException(file,
                            "damaged picture (it uses colour " + i + " of " + argb.length + ")");
                }
            }
            return RasterPicture.ofPalette(w, h, indices, argb, labels);
        }
        int type = raster.getDataBuffer().getDataType();
        if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT
                && !(model instanceof DirectColorModel)) {
            throw new ImageFormatException(file, "has samples of an unusual type; 1 to 16 bits unsigned are read");
        }
        int bands = model.getNumColorComponents();
        if (bands != 1 && bands != 3) {
            throw new ImageFormatException(file, "has " + bands + " colour channels; 1 or 3 are expected");
        }
        return samples(raster, model, bands);
    }

    private static RasterPicture samples(Raster raster, ColorModel model, int bands) {
        int w = raster.getWidth();
        int h = raster.getHeight();
        int all = raster.getNumBands();
        int[] out = new int[Math.multiplyExact(w * h, bands)];
        int[] alpha = model.hasAlpha() ? new int[w * h] : null;
        int[] row = new int[w * all];
        for (int y = 0; y < h; y++) {
            raster.getPixels(0, y, w, 1, row);
            for (int x = 0; x < w; x++) {
                System.arraycopy(row, x * all, out, (y * w + x) * bands, bands);
                if (alpha != null) {
                    alpha[y * w + x] = row[x * all + bands];
                }
            }
        }
        int bits = model.getComponentSize(0);
        if (model instanceof DirectColorModel) {
            bits = 8;
            stretch(out, model);
        }
        int highest = model.hasAlpha() ? (1 << model.getComponentSize(bands)) - 1 : 0;
        return RasterPicture.of(w, h, bands, new Depth(bits, false), out, alpha, highest);
    }

    /** Scales colours of other than 8 bits, as in 16-bit pixels, to 8 bits; rounded down, as in Pillow. */
    private static void stretch(int[] rgb, ColorModel model) {
        for (int b = 0; b < 3; b++) {
            int most = (1 << model.getComponentSize(b)) - 1;
            for (int i = b; i < rgb.length && most != 255; i += 3) {
                rgb[i] = (int) (rgb[i] * 255L / most);
            }
        }
    }
}
