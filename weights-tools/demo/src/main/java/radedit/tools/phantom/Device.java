package radedit.tools.phantom;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A medical device in the patient.
 *
 * @param side
 *            null for the tube, which is in the midline
 * @param a
 *            drain: y at the chest wall; pacemaker: y of its box; tube: y of its tip
 * @param b
 *            drain: y of its tip; else unused
 */
public record Device(Kind kind, @Nullable Side side, double a, double b) {
    /** What it is. */
    public enum Kind {
        DRAIN, PACEMAKER, TUBE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** -1 in the picture's left half, 1 in its right half, 0 in the midline. */
    int sign() {
        return side == null ? 0 : side.sign;
    }
}
