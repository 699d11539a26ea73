package radedit.imaging.dicom;

import org.jspecify.annotations.Nullable;

/** Value representations (PS3.5 6.2): type of a value and size of its length field. */
enum Vr {
    AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB(true), OD(true), OF(true), OL(true), OV(true), OW(true), PN, SH,
    SL, SQ(true), SS, ST, SV(true), TM, UC(true), UI, UL, UN(true), UR(true), US, UT(true), UV(true);

    private static final Vr[] BY_LETTERS = new Vr[26 * 26];
    static {
        for (Vr v : values()) {
            BY_LETTERS[index(v.name().charAt(0), v.name().charAt(1))] = v;
        }
    }

    private final boolean isLong;

    Vr() {
        this(false);
    }

    Vr(boolean isLong) {
        this.isLong = isLong;
    }

    /** Whether two reserved bytes and a 4-byte length follow it (PS3.5 7.1.2). */
    boolean isLong() {
        return isLong;
    }

    /** Whether its values are text. */
    boolean isText() {
        return switch (this) {
            case AT, FD, FL, OB, OD, OF, OL, OV, OW, SL, SQ, SS, SV, UL, UN, US, UV -> false;
            default -> true;
        };
    }

    /** Whether Specific Character Set applies; other texts are ASCII (PS3.5 6.1.2.2). */
    boolean hasCharacterSet() {
        return this == LO || this == LT || this == PN || this == SH || this == ST || this == UC || this == UT;
    }

    /** The value representation of two characters; null if unknown. */
    static @Nullable Vr of(int first, int second) {
        boolean letters = first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
        return letters ? BY_LETTERS[index(first, second)] : null;
    }

    private static int index(int first, int second) {
        return (first - 'A') * 26 + second - 'A';
    }
}
