package radedit.stress.report;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import javax.imageio.ImageIO;

import org.jspecify.annotations.Nullable;

import radedit.imaging.HeatMap;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Resample;
import radedit.stress.FinishedCase;

/**
 * The pictures of a case, small enough for a page.
 *
 * @param width
 *            in pixels
 * @param height
 *            in pixels
 * @param original
 *            a PNG as a data URI
 * @param edited
 *            a PNG as a data URI
 * @param difference
 *            a PNG as a data URI: blue is darker, red brighter, white unchanged
 * @param scale
 *            the difference of grey levels that the darkest colours stand for
 * @param editMask
 *            outline of the edit mask, an SVG path
 * @param keepMask
 *            outline of the keep mask, an SVG path; empty if there is none
 */
record CasePictures(int width, int height, String original, String edited, String difference, int scale,
        String editMask, String keepMask) {
    /** Half of the colours of the difference; with so few, a PNG of it is small. */
    private static final int SHADES = 15;
    /** Characters of an outline; a mask that needs more has no outline that could be seen. */
    private static final int LONGEST_OUTLINE = 30_000;

    /**
     * {@return the pictures of a case}
     *
     * @param files
     *            its files
     * @param most
     *            largest width and height in pixels
     * @throws IOException
     *             if a file cannot be read
     */
    static CasePictures of(FinishedCase.Files files, int most) throws IOException {
        Picture before = Images.read(files.original()).toGrey();
        Picture after = Images.read(files.image()).toGrey();
        if (before.width() != after.width() || before.height() != after.height()) {
            throw new IOException(files.image() + ": is of another size than " + files.original());
        }
        double shrink = Math.min(1, (double) most / Math.max(before.width(), before.height()));
        int width = Math.max(1, (int) Math.round(before.width() * shrink));
        int height = Math.max(1, (int) Math.round(before.height() * shrink));
        double[] change = Resample.area(change(before, after), before.width(), before.height(), width, height);
        double largest = 1;
        for (double v : change) {
            largest = Math.max(largest, Math.abs(v));
        }
        int scale = (int) Math.ceil(largest);
        return new CasePictures(width, height, png(Resample.area(before, width, height)),
                png(Resample.area(after, width, height)), difference(change, width, height, scale), scale,
                outline(files.editMask(), width, height), outline(files.keepMask(), width, height));
    }

    private static double[] change(Picture before, Picture after) {
        double[] all = new double[before.samples().length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (after.samples()[i] & 0xFF) - (before.samples()[i] & 0xFF);
        }
        return all;
    }

    private static String png(Picture p) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Images.writePng(bytes, p, Map.of());
        return uri(bytes);
    }

    private static String uri(ByteArrayOutputStream bytes) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String difference(double[] change, int width, int height, int scale) throws IOException {
        int[] palette = new int[2 * SHADES + 1];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = 0xFF000000 | HeatMap.colour((double) (i - SHADES) / SHADES);
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, palette.length, palette, 0, false, -1, 0));
        for (int i = 0; i < change.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0,
                    SHADES + (int) Math.round(change[i] / scale * SHADES));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return uri(bytes);
    }

    private static String outline(@Nullable Path file, int width, int height) throws IOException {
        return file == null ? "" : path(Mask.of(Images.read(file)).resize(width, height));
    }

    /** {@return the sides of a mask's pixels at which the mask ends, as an SVG path of horizontal and vertical lines} */
    static String path(Mask m) {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y <= m.height(); y++) {
            int from = -1;
            for (int x = 0; x <= m.width(); x++) {
                boolean side = x < m.width() && in(m, x, y - 1) != in(m, x, y);
                if (side && from < 0) {
                    from = x;
                } else if (!side && from >= 0) {
                    path.append('M').append(from).append(' ').append(y).append('H').append(x);
                    from = -1;
                }
            }
        }
        for (int x = 0; x <= m.width(); x++) {
            int from = -1;
            for (int y = 0; y <= m.height(); y++) {
                boolean side = y < m.height() && in(m, x - 1, y) != in(m, x, y);
                if (side && from < 0) {
                    from = y;
                } else if (!side && from >= 0) {
                    path.append('M').append(x).append(' ').append(from).append('V').append(y);
                    from = -1;
                }
            }
        }
        return path.length() > LONGEST_OUTLINE ? "" : path.toString();
    }

    private static boolean in(Mask m, int x, int y) {
        return x >= 0 && y >= 0 && x < m.width() && y < m.height() && m.pixels()[y * m.width() + x];
    }
}
