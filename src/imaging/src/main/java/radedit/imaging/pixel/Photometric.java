package radedit.imaging.pixel;

/** How samples are to be seen (PS3.3 C.7.6.3.1.2). Luminance-chrominance pictures are RGB by the time they are here. */
public enum Photometric {
    /** The lowest value is white. */
    MONOCHROME1("MONOCHROME1", 1),
    /** The lowest value is black. */
    MONOCHROME2("MONOCHROME2", 1),
    /** Indices into a palette. */
    PALETTE_COLOR("PALETTE COLOR", 1),
    /** Red, green, blue. */
    RGB("RGB", 3);

    private final String term;
    private final int samples;

    Photometric(String term, int samples) {
        this.term = term;
        this.samples = samples;
    }

    /** Samples of a pixel. */
    public int samples() {
        return samples;
    }

    /** Whether values are grey levels and not colours. */
    public boolean isGrey() {
        return this == MONOCHROME1 || this == MONOCHROME2;
    }

    /** The standard's word. */
    @Override
    public String toString() {
        return term;
    }
}
