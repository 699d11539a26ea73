package radedit.tools.phantom;

import java.util.Locale;

/** The patient's side. As on any frontal film, the patient's right is on the picture's left. */
public enum Side {
    RIGHT(-1), LEFT(1);

    /** -1 where the side lies in the picture's left half, 1 where it lies in the right half. */
    final int sign;

    Side(int sign) {
        this.sign = sign;
    }

    public Side other() {
        return this == RIGHT ? LEFT : RIGHT;
    }

    /** The word of reports and files: right, left. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
