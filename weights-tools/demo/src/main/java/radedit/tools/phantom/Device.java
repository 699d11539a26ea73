package radedit.tools.phantom;

import java.util.Locale;

/**
 * Something that was put into the patient.
 *
 * @param side
 *            null for the tube, which lies in the midline
 * @param a
 *            drain: y where it passes the chest wall; pacemaker: y of its box; tube: y of its tip
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
