package radedit.imaging.pixel;

/**
 * The transformation from a stored value to a display level of 0 to 1, for grey pictures:
 *
 * <pre>
 * padding?  0 (black), without the other steps
 * x = modality(stored)
 * y = voi(x), clipped to 0..1
 * MONOCHROME1, or Presentation LUT Shape INVERSE?  1 - y
 * </pre>
 */
public final class GreyTransform {
    private final PixelMeaning meaning;
    private final Voi voi;

    /**
     * Creates a transformation.
     *
     * @param meaning
     *            how stored values are interpreted
     * @param voi
     *            the VOI transformation to apply, which need not be the file's own
     */
    public GreyTransform(PixelMeaning meaning, Voi voi) {
        this.meaning = meaning;
        this.voi = voi;
    }

    /** {@return how stored values are interpreted} */
    public PixelMeaning meaning() {
        return meaning;
    }

    /** {@return the VOI transformation} */
    public Voi voi() {
        return voi;
    }

    /**
     * {@return the grey level before polarity and padding, 0 to 1}
     *
     * @param stored
     *            a stored value
     */
    public double level(double stored) {
        return clip(voi.apply(meaning.modality().apply(stored)));
    }

    /**
     * {@return the grey level on the screen, 0 (black) to 1}
     *
     * @param stored
     *            a stored value
     */
    public double display(double stored) {
        if (meaning.padding().contains(stored)) {
            return 0;
        }
        double y = level(stored);
        return meaning.isInverted() ? 1 - y : y;
    }

    /**
     * {@return a level clipped to 0 to 1; 0 for NaN}
     *
     * @param y
     *            any number
     */
    public static double clip(double y) {
        return y > 0 ? Math.min(1, y) : 0;
    }
}
