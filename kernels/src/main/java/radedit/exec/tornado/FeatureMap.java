package radedit.exec.tornado;

import radedit.tensor.Shape;

/**
 * A feature map [batch, height, width, channels] that a convolution reads.
 *
 * @param upsample
 *            whether reads upsample it by 2 in both directions (nearest neighbour)
 */
record FeatureMap(Offset.Values x, int height, int width, int channels, boolean upsample) {
    // Slots.
    static final int CHANNELS = 2;
    static final int X = 6;
    static final int HEIGHT = 16;
    static final int WIDTH = 17;
    static final int UPSAMPLE = 22;

    /**
     * @param nhwc
     *            [batch, height, width, channels]
     */
    static FeatureMap of(Offset.Values x, Shape nhwc, boolean upsample) {
        return new FeatureMap(x, nhwc.dim(1), nhwc.dim(2), nhwc.dim(3), upsample);
    }

    /** A matrix: each sample's rows are a feature map one pixel high. */
    static FeatureMap matrix(Offset.Values x, int rowsPerSample, int channels) {
        return new FeatureMap(x, 1, rowsPerSample, channels, false);
    }

    FeatureMap with(Offset.Values otherX, int otherChannels) {
        return new FeatureMap(otherX, height, width, otherChannels, upsample);
    }

    void encode(Slots to) {
        to.set(CHANNELS, channels).set(X, x).set(HEIGHT, height).set(WIDTH, width).set(UPSAMPLE, upsample);
    }
}
