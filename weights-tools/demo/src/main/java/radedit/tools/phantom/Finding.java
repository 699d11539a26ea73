package radedit.tools.phantom;

import java.util.Locale;

/**
 * Something abnormal in a phantom.
 *
 * @param side
 *            null for cardiomegaly
 * @param extent
 *            null where reports give none
 * @param amount
 *            effusion: height of the fluid at the chest wall over the lung's height; pneumothorax: width of the rim of
 *            air; consolidation and nodule: radius. Body units
 * @param u
 *            distance from the midline of a consolidation's or nodule's centre
 * @param y
 *            height of that centre
 */
public record Finding(Kind kind, Side side, Extent extent, double amount, double u, double y) {
    /** What it is. */
    public enum Kind {
        EFFUSION, PNEUMOTHORAX, CONSOLIDATION, CARDIOMEGALY, NODULE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much of it there is, in two classes that do not touch. */
    public enum Extent {
        SMALL, LARGE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
