package radedit.undertest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import radedit.imaging.Images;
import radedit.imaging.Picture;

/**
 * A grey film as a model under test gets it: levels from 0 (black) to 2^bits - 1 (white).
 *
 * @param width
 *            in pixels
 * @param height
 *            in pixels
 * @param bits
 *            8 to 16
 * @param levels
 *            unsigned, [height, width], row-major; not copied
 */
public record GreyFilm(int width, int height, int bits, char[] levels) {
    /** Side of the largest film. */
    private static final int MOST = 32768;

    /**
     * Checks size and depth.
     *
     * @throws IllegalArgumentException
     *             if a side is not between 1 and 32768, the depth not between 8 and 16, a level is too high, or
     *             {@code levels} has another length
     */
    public GreyFilm {
        if (width < 1 || height < 1 || width > MOST || height > MOST || bits < 8 || bits > 16
                || levels.length != (long) width * height) {
            throw new IllegalArgumentException(
                    levels.length + " levels of " + bits + " bits for " + width + " x " + height);
        }
        for (char v : levels) {
            if (v >>> bits != 0) {
                throw new IllegalArgumentException("level " + (int) v + " for " + bits + " bits");
            }
        }
    }

    /**
     * {@return an 8-bit film}
     *
     * @param picture
     *            grey, or colour, which becomes grey as in {@link Picture#toGrey}
     */
    public static GreyFilm of(Picture picture) {
        byte[] grey = picture.toGrey().samples();
        char[] levels = new char[grey.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (char) (grey[i] & 0xFF);
        }
        return new GreyFilm(picture.width(), picture.height(), 8, levels);
    }

    /**
     * {@return a 16-bit film}
     *
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param display
     *            grey levels from 0 (black) to 1, row-major, such as {@link radedit.imaging.Film#display} returns; what is
     *            beyond is clipped
     */
    public static GreyFilm of(int width, int height, double[] display) {
        char[] levels = new char[display.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (char) Math.rint(Math.clamp(display[i], 0, 1) * Character.MAX_VALUE);
        }
        return new GreyFilm(width, height, 16, levels);
    }

    /** {@return the highest possible level} */
    public int highest() {
        return (1 << bits) - 1;
    }

    /** {@return this film with 8 bits: itself, or rounded} */
    public Picture toPicture() {
        byte[] grey = new byte[levels.length];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (bits == 8 ? levels[i] : (int) Math.rint(levels[i] * 255.0 / highest()));
        }
        return new Picture(width, height, 1, grey);
    }

    /** {@return the negative} */
    public GreyFilm inverse() {
        char[] out = new char[levels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (char) (highest() - levels[i]);
        }
        return new GreyFilm(width, height, bits, out);
    }

    /** {@return a grey PNG: of 8 bits, or of 16, to which deeper levels are scaled} */
    public byte[] toPng() {
        int[] samples = new int[levels.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = bits == 8 || bits == 16 ? levels[i] : (int) Math.rint(levels[i] * 65535.0 / highest());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Images.writePng(out, width, height, 1, bits == 8 ? 8 : 16, samples, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return out.toByteArray();
    }
}
