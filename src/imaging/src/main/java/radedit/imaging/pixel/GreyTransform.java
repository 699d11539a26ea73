package radedit.imaging.pixel;

/**
 * From a stored value to a display level of 0 to 1, for grey pictures:
 *
 * <pre>
 * padding?  0 (black), and nothing of what follows
 * x = modality(stored)
 * y = voi(x), clipped to 0..1
 * MONOCHROME1, or Presentation LUT Shape INVERSE?  1 - y
 * </pre>
 */
public final class GreyTransform {
    private final PixelMeaning meaning;
    private final Voi voi;

    /**
     * @param voi
     *            the one to use
     */
    public GreyTransform(PixelMeaning meaning, Voi voi) {
        this.meaning = meaning;
        this.voi = voi;
    }

    public PixelMeaning meaning() {
        return meaning;
    }

    public Voi voi() {
        return voi;
    }

    /** The grey level before polarity and padding, 0 to 1. */
    public double level(double stored) {
        return clip(voi.apply(meaning.modality().apply(stored)));
    }

    /** The grey level on the screen, 0 (black) to 1. */
    public double display(double stored) {
        if (meaning.padding().contains(stored)) {
            return 0;
        }
        double y = level(stored);
        return meaning.isInverted() ? 1 - y : y;
    }

    /** To 0..1; what is not a number is black. */
    public static double clip(double y) {
        return y > 0 ? Math.min(1, y) : 0;
    }
}
