package radedit.imaging.codec;

/**
 * The data set's description of a frame. A codestream that disagrees is refused before anything is allocated, so these
 * numbers bound every allocation.
 *
 * @param width
 *            columns
 * @param height
 *            rows
 * @param components
 *            samples per pixel
 * @param bitsAllocated
 *            bits of a cell: upper bound of the codestream's precision
 */
record FrameShape(int width, int height, int components, int bitsAllocated) {
    /** One GiB of integers: ten times the largest radiography detector. */
    private static final long MAX_SAMPLES = 1L << 28;

    /** Checks the numbers of a data set; throws if they describe no frame that an array can hold. */
    static FrameShape of(int width, int height, int components, int bitsAllocated) throws CodecException {
        if (width < 1 || height < 1 || components < 1 || components > 4 || bitsAllocated < 1 || bitsAllocated > 32) {
            throw new CodecException("a frame of " + width + " x " + height + " x " + components + " samples of "
                    + bitsAllocated + " bits cannot be decoded");
        }
        if ((long) width * height > MAX_SAMPLES / components) {
            throw new CodecException("a frame of " + width + " x " + height + " x " + components
                    + " samples is larger than the decoders take (" + MAX_SAMPLES + ")");
        }
        return new FrameShape(width, height, components, bitsAllocated);
    }

    int samples() {
        return width * height * components;
    }

    /** Compares with a codestream's header. */
    void check(int codedWidth, int codedHeight, int codedComponents, int precision) throws CodecException {
        if (codedWidth != width || codedHeight != height) {
            throw new CodecException("the codestream is " + codedWidth + " x " + codedHeight + ", the data set says "
                    + width + " x " + height);
        }
        if (codedComponents != components) {
            throw new CodecException("the codestream has " + codedComponents + " components, the data set says "
                    + components);
        }
        if (precision > bitsAllocated) {
            throw new CodecException("the codestream has " + precision + " bits a sample, the data set allocates "
                    + bitsAllocated);
        }
    }
}
