package radedit.pipeline;

/** How a film of any shape comes to the model's square. */
public enum FitMode {
    /** The short side to the square's, then the centre of it, as the published model was trained. */
    RESIZE_CROP("resize-crop"),
    /** The long side to the square's, black on both sides of the short one. */
    PAD("pad"),
    /** Each side to the square's by its own factor. */
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
