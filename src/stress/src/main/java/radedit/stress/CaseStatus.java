package radedit.stress;

import java.util.Locale;

/** What became of a case. */
enum CaseStatus {
    /** Its picture is made. */
    DONE,
    /** Its picture is made, but did not reach the required score. */
    REJECTED,
    /** It has no picture. */
    FAILED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
