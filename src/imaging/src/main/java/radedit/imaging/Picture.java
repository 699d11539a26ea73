package radedit.imaging;

/**
 * An 8-bit picture.
 *
 * @param width
 *            in pixels
 * @param height
 *            in pixels
 * @param channels
 *            1 (grey) or 3 (red, green, blue)
 * @param samples
 *            unsigned, [height, width, channels], row-major; not copied
 */
public record Picture(int width, int height, int channels, byte[] samples) {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException
     *            if {@code channels} is neither 1 nor 3, or {@code samples} has another length
     */
    public Picture {
        if (samples.length != width * height * channels || channels != 1 && channels != 3) {
            throw new IllegalArgumentException(
                    samples.length + " samples for " + width + " x " + height + " x " + channels);
        }
    }

    /**
     * {@return RGB of three planes, rounded to 8 bits as in diffusers}
     *
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param planes
     *            red, green and blue planes, 0 to 1, each row-major
     * @param from
     *            index at which the planes begin
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

    /**
     * {@return a sample, 0 to 255}
     *
     * @param x
     *            column
     * @param y
     *            row
     * @param channel
     *            from 0
     */
    public int get(int x, int y, int channel) {
        return samples[(y * width + x) * channels + channel] & 0xFF;
    }

    /** {@return this picture in grey, by ITU-R BT.601 in 16-bit fixed point, equal to Pillow's convert("L")} */
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

    /**
     * {@return a rectangle of this picture}
     *
     * @param x
     *            first column
     * @param y
     *            first row
     * @param newWidth
     *            in pixels
     * @param newHeight
     *            in pixels
     */
    public Picture crop(int x, int y, int newWidth, int newHeight) {
        byte[] out = new byte[newWidth * newHeight * channels];
        for (int row = 0; row < newHeight; row++) {
            System.arraycopy(samples, ((y + row) * width + x) * channels, out, row * newWidth * channels,
                    newWidth * channels);
        }
        return new Picture(newWidth, newHeight, channels, out);
    }
}
