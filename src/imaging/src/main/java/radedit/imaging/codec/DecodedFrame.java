package radedit.imaging.codec;

/**
 * One decoded frame.
 *
 * @param width
 *            samples in a row
 * @param height
 *            rows
 * @param components
 *            samples of a pixel, 1 to 4
 * @param precision
 *            bits of a sample in the codestream (for RLE, which does not say, the bits allocated)
 * @param signed
 *            whether the codestream calls its samples signed; only JPEG 2000 can. In the other syntaxes a sample is the
 *            pattern of its bits, to be sign-extended by the Pixel Representation of the data set
 * @param lossy
 *            whether the samples are near those that were compressed and not equal to them, so that some may lie beyond the
 *            range that these had
 * @param samples
 *            the integers of the codestream, {@code height * width * components}, row by row, the components of a pixel
 *            side by side; sign-extended where signed
 */
public record DecodedFrame(int width, int height, int components, int precision, boolean signed, boolean lossy,
        int[] samples) {
}
