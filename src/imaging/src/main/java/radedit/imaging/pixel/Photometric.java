package radedit.imaging.pixel;

/**
 * How samples are displayed (Photometric Interpretation, PS3.3 C.7.6.3.1.2). Readers convert luminance-chrominance
 * pictures to RGB.
 */
public enum Photometric {
    /** Grey; the lowest value is white. */
    MONOCHROME1("MONOCHROME1", 1),
    /** Grey; the lowest value is black. */
    MONOCHROME2("MONOCHROME2", 1),
    /** Indices into a {@link Palette}. */
    PALETTE_COLOR("PALETTE COLOR", 1),
    /** Red, green, blue. */
    RGB("RGB", 3);

    private final String term;
    private final int samples;

    Photometric(String term, int samples) {
        this.term = term;
        this.samples = samples;
    }

    /** {@return samples per pixel} */
    public int samples() {
        return samples;
    }

    /** {@return whether values are grey levels rather than colours} */
    public boolean isGrey() {
        return this == MONOCHROME1 || this == MONOCHROME2;
    }

    /** {@return DICOM's defined term} */
    @Override
    public String toString() {
        return term;
    }
}
