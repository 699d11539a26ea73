package radedit.tools.phantom;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An abnormality of a phantom.
 *
 * @param side
 *            null for cardiomegaly
 * @param extent
 *            null where reports do not mention it
 * @param amount
 *            in body units, effusion: height of the fluid at the chest wall over the lung's height; pneumothorax: width
 *            of the rim of air; consolidation and nodule: radius
 * @param u
 *            distance of a consolidation's or nodule's centre from the midline
 * @param y
 *            y of that centre
 */
public record Finding(Kind kind, @Nullable Side side, @Nullable Extent extent, double amount, double u, double y) {
    /** What it is. */
    public enum Kind {
        EFFUSION, PNEUMOTHORAX, CONSOLIDATION, CARDIOMEGALY, NODULE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Its size, in two separate classes. */
    public enum Extent {
        SMALL, LARGE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
