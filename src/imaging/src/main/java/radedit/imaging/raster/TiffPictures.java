package radedit.imaging.raster;

import java.io.IOException;
import java.util.Set;

import radedit.imaging.DroppedChannels;
import radedit.imaging.codec.CodecException;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;

/** Interprets the samples of a page by its Photometric Interpretation (TIFF 6.0, sections 4 to 6, 16, 18). */
final class TiffPictures {
    private static final int LARGEST_WHOLE = 16;

    private TiffPictures() {
    }

    /**
     * A page's picture, before its orientation is applied.
     *
     * @param samples
     *            samples of the page [height, width, samples]
     * @param warnings
     *            receives what a user should know
     */
    static RasterPicture of(TiffPage page, PixelArray samples, Set<String> warnings) throws IOException {
        int left = page.samples() - page.colours() - (page.alpha() >= 0 ? 1 : 0);
        if (left > 0) {
            warnings.add(
                    "it has samples that are neither colours nor opacity (" + left + " a pixel), which are left out");
        }
        return switch (page.photometric()) {
            case TiffPage.WHITE_IS_ZERO -> grey(page, samples, Photometric.MONOCHROME1);
            case TiffPage.BLACK_IS_ZERO, TiffPage.MASK -> grey(page, samples, Photometric.MONOCHROME2);
            case TiffPage.PALETTE -> palette(page, samples, warnings);
            case TiffPage.RGB -> colours(page, samples);
            case TiffPage.CMYK -> inks(page, samples);
            case TiffPage.YCBCR -> {
                if (page.compression() != TiffChunks.JPEG) {
                    throw refused("YCbCr colours");
                }
                yield colours(page, samples);
            }
            case 8, 9, 10 -> throw refused("CIE L*a*b* colours");
            case 32803 -> throw refused("the raw samples of a camera");
            case 32844, 32845 -> throw refused("logarithmic luminance");
            default -> throw refused("Photometric Interpretation " + page.photometric());
        };
    }

    private static NotReadException refused(String what) {
        return new NotReadException("has " + what + ", which are not supported; save it as grey or RGB");
    }

    private static Depth depth(TiffPage page) {
        return page.format() == TiffPage.REAL || page.bits() > LARGEST_WHOLE
                ? Depth.UNKNOWN
                : new Depth(page.bits(), page.format() == TiffPage.SIGNED);
    }

    private static RasterPicture grey(TiffPage page, PixelArray samples, Photometric photometric) {
        return picture(page, photometric, first(samples, 1));
    }

    private static RasterPicture picture(TiffPage page, Photometric photometric, Split s) {
        boolean alpha = page.alpha() >= 0 && s.all.isInteger() && depth(page).isKnown();
        int[] opacity = alpha ? channel(s.all, page.alpha()) : null;
        if (opacity != null && page.premultiplied()) {
            undoProduct(s.colours.integers(), opacity, s.colours.samples(), (int) depth(page).max());
        }
        return new RasterPicture(s.colours, photometric, depth(page),
                opacity != null ? DroppedChannels.alpha(opacity, (int) depth(page).max()) : DroppedChannels.NONE,
                page.alpha() >= 0 ? "transparency" : null);
    }

    /** All samples, and those that are colours. */
    private record Split(PixelArray all, PixelArray colours) {}

    private static Split first(PixelArray all, int count) {
        int n = all.samples();
        if (n == count) {
            return new Split(all, all);
        }
        int pixels = all.rows() * all.columns();
        if (all.isInteger()) {
            int[] out = new int[pixels * count];
            for (int i = 0; i < out.length; i++) {
                out[i] = all.integers()[i / count * n + i % count];
            }
            return new Split(all, PixelArray.of(1, all.rows(), all.columns(), count, out));
        }
        double[] out = new double[pixels * count];
        for (int i = 0; i < out.length; i++) {
            out[i] = all.at(i / count * n + i % count);
        }
        return new Split(all, PixelArray.of(1, all.rows(), all.columns(), count, out));
    }

    private static int[] channel(PixelArray all, int sample) {
        int[] out = new int[all.rows() * all.columns()];
        for (int i = 0; i < out.length; i++) {
            out[i] = all.integers()[i * all.samples() + sample];
        }
        return out;
    }

    /** Divides colours by the alpha they were multiplied by, like Pillow. */
    private static void undoProduct(int[] colours, int[] alpha, int bands, int max) {
        for (int i = 0; i < colours.length; i++) {
            int a = alpha[i / bands];
            colours[i] = a <= 0 || a >= max ? colours[i] : (int) Math.min(max, (long) max * colours[i] / a);
        }
    }

    private static RasterPicture colours(TiffPage page, PixelArray samples) throws IOException {
        if (!samples.isInteger() || !depth(page).isKnown() || depth(page).signed()) {
            throw new NotReadException("has colours of other than unsigned numbers of up to 16 bits; save it as grey"
                    + " or as RGB of 8 or 16 bits");
        }
        return picture(page, Photometric.RGB, first(samples, 3));
    }

    private static RasterPicture inks(TiffPage page, PixelArray samples) throws IOException {
        if (!samples.isInteger() || !depth(page).isKnown() || depth(page).signed()) {
            throw new NotReadException(
                    "has inks of other than unsigned numbers of up to 16 bits; save it as grey or RGB");
        }
        int[] rgb = CmykColour.toRgb(samples.integers(), samples.samples(), (int) depth(page).max());
        PixelArray colours = PixelArray.of(1, samples.rows(), samples.columns(), 3, rgb);
        return picture(page, Photometric.RGB, new Split(samples, colours));
    }

    /**
     * Resolves a palette to the upper 8 of its 16 bits: writers fill the lower ones with zeros or repeat the upper ones.
     * If all upper bits are 0, the lower ones are used, as in libtiff.
     */
    private static RasterPicture palette(TiffPage page, PixelArray samples, Set<String> warnings) throws IOException {
        long[] map = page.colourMap();
        if (page.format() != TiffPage.UNSIGNED || page.bits() > LARGEST_WHOLE || map == null
                || map.length < 3 << page.bits()) {
            throw new CodecException("it has a palette of " + (map == null ? 0 : map.length / 3)
                    + " colours for samples of " + page.bits() + " bits");
        }
        int n = 1 << page.bits();
        int shift = 0;
        boolean any = false;
        for (long v : map) {
            shift = v > 255 ? 8 : shift;
            any |= v > 0;
        }
        if (shift == 0 && any) {
            warnings.add("its palette's colours are below 256 of 65535; they are read as 8 bits");
        }
        int[] argb = new int[n];
        for (int i = 0; i < n; i++) {
            argb[i] = 0xFF << 24 | (int) (map[i] >> shift & 0xFF) << 16 | (int) (map[n + i] >> shift & 0xFF) << 8
                    | (int) (map[2 * n + i] >> shift & 0xFF);
        }
        RasterPicture p = RasterPicture.ofPalette(page.width(), page.height(),
                first(samples, 1).colours.integers(), argb, false);
        if (page.alpha() < 0) {
            return p;
        }
        int[] alpha = channel(samples, page.alpha());
        return new RasterPicture(p.pixels(), p.photometric(), p.depth(),
                DroppedChannels.alpha(alpha, n - 1), p.lost());
    }
}
