package radedit.imaging.codec;

/**
 * One decoded frame.
 *
 * @param width
 *            samples per row
 * @param height
 *            rows
 * @param components
 *            samples per pixel, 1 to 4
 * @param precision
 *            bits per sample in the codestream; for RLE, which has none, Bits Allocated
 * @param signed
 *            whether the codestream declares its samples signed, which only JPEG 2000 can. Otherwise a sample is a bit
 *            pattern, to be sign-extended by the data set's Pixel Representation
 * @param lossy
 *            whether samples only approximate the compressed ones, so that some may exceed their range
 * @param samples
 *            integers [height, width, components], row-major; sign-extended if signed
 */
public record DecodedFrame(int width, int height, int components, int precision, boolean signed, boolean lossy,
        int[] samples) {
}
