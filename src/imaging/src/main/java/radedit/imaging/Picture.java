package radedit.imaging;

/**
 * An 8-bit picture.
 *
 * @param channels
 *            1 (grey) or 3 (red, green, blue)
 * @param samples
 *            row by row, the channels of a pixel side by side; not copied
 */
public record Picture(int width, int height, int channels, byte[] samples) {
    public Picture {
        if (samples.length != width * height * channels || channels != 1 && channels != 3) {
            throw new IllegalArgumentException(
                    samples.length + " samples for " + width + " x " + height + " x " + channels);
        }
    }

    /**
     * Three planes of numbers as RGB, rounded to 8 bits as diffusers does it.
     *
     * @param planes
     *            red, green and blue in 0..1, each row by row
     * @param from
     *            where they begin
     */
    public static Picture of(int width, int height, double[] planes, int from) {
        int plane = width * height;
        byte[] out = new byte[3 * plane];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                float v = (float) planes[from + c * plane + i];
                out[3 * i + c] = (byte) Math.rint(v * 255);
            }
        }
        return new Picture(width, height, 3, out);
    }

    /** A sample, 0 to 255. */
    public int get(int x, int y, int channel) {
        return samples[(y * width + x) * channels + channel] & 0xFF;
    }

    /**
     * This picture in grey, by ITU-R BT.601 in 16-bit fixed point as Pillow's convert("L") does it.
     */
    public Picture toGrey() {
        if (channels == 1) {
            return this;
        }
        byte[] grey = new byte[width * height];
        for (int i = 0; i < grey.length; i++) {
            int r = samples[3 * i] & 0xFF;
            int g = samples[3 * i + 1] & 0xFF;
            int b = samples[3 * i + 2] & 0xFF;
            grey[i] = (byte) (r * 19595 + g * 38470 + b * 7471 + 0x8000 >> 16);
        }
        return new Picture(width, height, 1, grey);
    }

    /** The pixels from (x, y) on. */
    public Picture crop(int x, int y, int newWidth, int newHeight) {
        byte[] out = new byte[newWidth * newHeight * channels];
        for (int row = 0; row < newHeight; row++) {
            System.arraycopy(samples, ((y + row) * width + x) * channels, out, row * newWidth * channels,
                    newWidth * channels);
        }
        return new Picture(newWidth, newHeight, channels, out);
    }
}
