package radedit.imaging.codec;

/**
 * Samples of one component at its own resolution.
 *
 * @param samples
 *            rows, padded to whole MCUs
 * @param stride
 *            samples per row, with padding
 * @param width
 *            samples per row, without padding
 * @param height
 *            rows, without padding
 */
record JpegPlane(short[] samples, int stride, int width, int height) {
}
