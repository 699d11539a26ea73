package radedit.imaging;

import java.util.Optional;

/**
 * A picture with the samples of its file, of up to 16 bits.
 *
 * @param channels
 *            1 (grey) or 3 (red, green, blue)
 * @param max
 *            the largest value a sample can have
 * @param values
 *            row by row, the channels of a pixel side by side; not copied
 */
public record Samples(int width, int height, int channels, int max, int[] values) {
    public Samples {
        if (values.length != width * height * channels || channels != 1 && channels != 3) {
            throw new IllegalArgumentException(
                    values.length + " samples for " + width + " x " + height + " x " + channels);
        }
    }

    public static Samples of(Picture p) {
        int[] values = new int[p.samples().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = p.samples()[i] & 0xFF;
        }
        return new Samples(p.width(), p.height(), p.channels(), 255, values);
    }

    /** This picture in 8 bits, all values of the file's type scaled alike. */
    public Picture toPicture() {
        byte[] out = new byte[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (max == 255 ? values[i] : (values[i] * 255L + max / 2) / max);
        }
        return new Picture(width, height, channels, out);
    }

    /**
     * This picture in 8-bit grey with its own smallest value as 0 and its largest as 255, cut off below the point as
     * hi-ml-multimodal's loader does it.
     *
     * @return nothing if all values are equal
     */
    public Optional<Picture> stretched() {
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (int v : values) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        if (low >= high) {
            return Optional.empty();
        }
        double range = high - low;
        byte[] out = new byte[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (int) ((values[i] - low) / range * 255);
        }
        return Optional.of(new Picture(width, height, channels, out).toGrey());
    }
}
