package radedit.tools.phantom;

import java.util.Locale;

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
public record Device(Kind kind, Side side, double a, double b) {
    /** What it is. */
    public enum Kind {
        DRAIN, PACEMAKER, TUBE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
