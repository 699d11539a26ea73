package radedit.imaging.codec;

/**
 * Samples of one component at its own resolution.
 *
 * @param samples
 *            rows, padded to whole MCUs
 * @param stride
 *            samples from row to row
 * @param width
 *            samples of a row that mean something
 * @param height
 *            rows that mean something
 */
record JpegPlane(short[] samples, int stride, int width, int height) {
}
