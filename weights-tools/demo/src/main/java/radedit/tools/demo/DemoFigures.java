package radedit.tools.demo;

import java.util.Optional;

import radedit.imaging.Outline;
import radedit.imaging.Picture;

/** The figures of the demo page that no network makes: phantoms, and masks for their edits. */
public final class DemoFigures {
    private DemoFigures() {
    }

    /**
     * Draws a figure.
     *
     * @param name
     *            {@code added-} or {@code removed-} followed by {@code 1} for the film, {@code 2} for the film with the
     *            outlines of the masks, {@code edit-mask} or {@code keep-mask}
     * @return the figure, the same on every machine; empty if there is none of this name
     */
    public static Optional<Picture> draw(String name) {
        int hyphen = name.indexOf('-');
        if (hyphen < 0) {
            return Optional.empty();
        }
        String task = name.substring(0, hyphen);
        DemoTasks.Edit e;
        switch (task) {
            case "added" -> e = DemoTasks.addEffusion(0);
            case "removed" -> e = DemoTasks.removePneumothorax(0);
            default -> {
                return Optional.empty();
            }
        }
        return switch (name.substring(hyphen + 1)) {
            case "1" -> Optional.of(e.film().picture());
            case "2" -> Optional.of(outlined(e));
            case "edit-mask" -> Optional.of(e.edit().toPicture());
            case "keep-mask" -> Optional.of(e.keep().toPicture());
            default -> Optional.empty();
        };
    }

    private static Picture outlined(DemoTasks.Edit e) {
        Picture outlined = Outline.canvas(e.film().picture());
        Outline.draw(outlined, e.keep(), Outline.KEEP);
        Outline.draw(outlined, e.edit(), Outline.EDIT);
        return outlined;
    }
}
