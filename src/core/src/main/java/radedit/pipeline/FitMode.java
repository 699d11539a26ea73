package radedit.pipeline;

/** How a film of any shape is fitted to the model's square. */
public enum FitMode {
    /** Scales the short side to that of the square, then crops the centre, as the published model was trained. */
    RESIZE_CROP("resize-crop"),
    /** Scales the long side to that of the square and pads the short one with black on both sides. */
    PAD("pad"),
    /** Scales each side to that of the square by its own factor. */
    STRETCH("stretch");

    private final String name;

    FitMode(String name) {
        this.name = name;
    }

    /** The name as the user writes it. */
    @Override
    public String toString() {
        return name;
    }
}
