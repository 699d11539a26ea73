package radedit.imaging;

import org.jspecify.annotations.Nullable;

/**
 * Channels of a picture other than its grey levels or colours. A film drops them; a mask may use them.
 *
 * @param alpha
 *            opacity of each pixel, row by row, frame by frame; null if there is none
 * @param alphaHighest
 *            the alpha value of an opaque pixel; 0 is transparent
 * @param indices
 *            the palette index of each pixel, where the format uses indices as labels (PNG); null if there are none
 */
public record DroppedChannels(int @Nullable [] alpha, int alphaHighest, int @Nullable [] indices) {
    /** No such channel. */
    public static final DroppedChannels NONE = new DroppedChannels(null, 0, null);

    /**
     * {@return an alpha channel alone}
     *
     * @param alpha
     *            opacity of each pixel, row by row, frame by frame
     * @param highest
     *            the value of an opaque pixel
     */
    public static DroppedChannels alpha(int[] alpha, int highest) {
        return new DroppedChannels(alpha, highest, null);
    }
}
