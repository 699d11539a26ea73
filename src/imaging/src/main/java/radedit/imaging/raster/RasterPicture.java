package radedit.imaging.raster;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.imaging.DroppedChannels;
import radedit.imaging.FilmContent;
import radedit.imaging.FilmSpace;
import radedit.imaging.FilmReader;
import radedit.imaging.FileChecks;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.message.Message;

/**
 * A decoded picture: one frame.
 *
 * @param pixels
 *            grey levels or red, green and blue
 * @param depth
 *            range of a sample
 * @param lost
 *            content of the file that is not in the samples: "palette", "transparency"; null for nothing
 */
record RasterPicture(PixelArray pixels, Photometric photometric, Depth depth, DroppedChannels dropped,
        @Nullable String lost) {
    private static final String PALETTE = "palette";
    private static final String TRANSPARENCY = "transparency";

    /** Integers, grey (1 band) or colour (3 bands), with the alpha of each pixel; null for none. */
    static RasterPicture of(int width, int height, int bands, Depth depth, int[] values, int @Nullable [] alpha,
            int alphaHighest) {
        return new RasterPicture(PixelArray.of(1, height, width, bands, values),
                bands == 1 ? Photometric.MONOCHROME2 : Photometric.RGB, depth,
                alpha == null ? DroppedChannels.NONE : DroppedChannels.alpha(alpha, alphaHighest),
                alpha == null ? null : TRANSPARENCY);
    }

    /**
     * Resolves a palette, to grey levels if all colours in use are grey.
     *
     * @param indices
     *            palette index of each pixel
     * @param argb
     *            the palette's colours, alpha in the highest byte
     * @param labels
     *            whether indices may be labels
     */
    static RasterPicture ofPalette(int width, int height, int[] indices, int[] argb, boolean labels) {
        int[] colours = new int[indices.length];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = argb[indices[i]];
        }
        boolean alpha = Arrays.stream(argb).anyMatch(c -> c >>> 24 != 255);
        return ofColours(width, height, colours, alpha, labels ? indices : null);
    }

    /**
     * Colours from palettes, converted to grey levels if all of them are grey.
     *
     * @param argb
     *            colour of each pixel, alpha in the highest byte
     * @param hasAlpha
     *            whether alpha is used
     * @param labels
     *            palette indices that may be labels; null for none
     */
    static RasterPicture ofColours(int width, int height, int[] argb, boolean hasAlpha, int @Nullable [] labels) {
        boolean grey = true;
        for (int c : argb) {
            grey &= (c >> 16 & 0xFF) == (c & 0xFF) && (c >> 8 & 0xFF) == (c & 0xFF);
        }
        int bands = grey ? 1 : 3;
        int[] out = new int[Math.multiplyExact(argb.length, bands)];
        int[] alpha = hasAlpha ? new int[argb.length] : null;
        for (int i = 0; i < argb.length; i++) {
            for (int b = 0; b < bands; b++) {
                out[i * bands + b] = argb[i] >> 16 - 8 * b & 0xFF;
            }
            if (alpha != null) {
                alpha[i] = argb[i] >>> 24;
            }
        }
        return new RasterPicture(PixelArray.of(1, height, width, bands, out),
                grey ? Photometric.MONOCHROME2 : Photometric.RGB, new Depth(8, false),
                new DroppedChannels(alpha, 255, labels), PALETTE);
    }

    int width() {
        return pixels.columns();
    }

    int height() {
        return pixels.rows();
    }

    /**
     * Applies an orientation.
     *
     * @param orientation
     *            the tag's value, 1 to 8
     */
    RasterPicture upright(int orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return this;
        }
        int[] from = Orientation.sources(orientation, width(), height());
        boolean across = orientation >= Orientation.FIRST_ACROSS;
        int w = across ? height() : width();
        int h = across ? width() : height();
        int bands = pixels.samples();
        PixelArray turned;
        if (pixels.isInteger()) {
            turned = PixelArray.of(1, h, w, bands, turned(pixels.integers(), from, bands));
        } else {
            double[] out = new double[pixels.size()];
            for (int i = 0; i < from.length; i++) {
                for (int b = 0; b < bands; b++) {
                    out[i * bands + b] = pixels.at(from[i] * bands + b);
                }
            }
            turned = PixelArray.of(1, h, w, bands, out);
        }
        int[] alpha = dropped.alpha();
        int[] indices = dropped.indices();
        DroppedChannels d = new DroppedChannels(alpha == null ? null : turned(alpha, from, 1), dropped.alphaHighest(),
                indices == null ? null : turned(indices, from, 1));
        return new RasterPicture(turned, photometric, depth, d, lost);
    }

    private static int[] turned(int[] values, int[] from, int bands) {
        int[] out = new int[values.length];
        for (int i = 0; i < from.length; i++) {
            System.arraycopy(values, from[i] * bands, out, i * bands, bands);
        }
        return out;
    }

    /** How the samples are stored. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cells", cells());
        if (lost != null) {
            facts.put(FileChecks.NOT_KEPT, lost);
        }
        return facts;
    }

    private String cells() {
        return depth.isKnown() ? depth.toString() : pixels.isInteger() ? "32 bits" : "numbers of no declared range";
    }

    /**
     * How the samples are displayed: unsigned ones over their range; signed, 32-bit and floating-point ones, whose range
     * says nothing of the picture, over the picture's own.
     */
    PixelMeaning meaning() {
        return depth.isKnown() && !depth.signed()
                ? PixelMeaning.plain(photometric, depth)
                : new PixelMeaning(photometric, depth, ModalityTransform.IDENTITY, List.of(), null, Padding.NONE, null);
    }

    /** As the only frame of a file. */
    FilmContent content(String format, Map<String, String> facts, List<String> warnings) {
        return content(format, FilmReader.ALL_FRAMES, 1, facts, warnings);
    }

    /** As one frame of a file, from 1. */
    FilmContent content(String format, int frame, int framesInFile, Map<String, String> facts, List<String> warnings) {
        return new FilmContent(format, pixels, List.of(meaning()), frame, framesInFile, false, 1, facts,
                FilmSpace.UNKNOWN, dropped, warnings.stream().map(Message::of).toList());
    }
}
