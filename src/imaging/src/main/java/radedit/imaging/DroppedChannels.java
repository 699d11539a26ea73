package radedit.imaging;

/**
 * What a picture has beside its grey levels or colours. A film drops it; a mask may be in it.
 *
 * @param alpha
 *            opacity of each pixel, row by row, frame by frame; null if there is none
 * @param alphaHighest
 *            the alpha that is opaque; 0 is transparent
 * @param indices
 *            the palette's index of each pixel, where an index is a label (PNG); null if there is none
 */
public record DroppedChannels(int[] alpha, int alphaHighest, int[] indices) {
    public static final DroppedChannels NONE = new DroppedChannels(null, 0, null);

    /** An opacity for each pixel. */
    public static DroppedChannels alpha(int[] alpha, int highest) {
        return new DroppedChannels(alpha, highest, null);
    }
}
