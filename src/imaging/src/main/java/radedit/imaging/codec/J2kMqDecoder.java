package radedit.imaging.codec;

/**
 * The MQ arithmetic decoder (T.800 annex C) with the 19 contexts of coefficient coding (annex D), and raw bits for the
 * bypass mode. Decodes one codeword segment at a time. Past its end it reads ones, as the standard requires, so it never
 * fails.
 */
final class J2kMqDecoder {
    static final int CONTEXTS = 19;
    /** Context of the run-length bit. */
    static final int RUN = 17;
    /** The uniform context, which does not adapt. */
    static final int UNIFORM = 18;

    /** Table C.2: Qe, next state after MPS, next state after LPS, whether the LPS switches the sense. */
    private static final int[][] STATES = {{0x5601, 1, 1, 1}, {0x3401, 2, 6, 0}, {0x1801, 3, 9, 0},
            {0x0AC1, 4, 12, 0}, {0x0521, 5, 29, 0}, {0x0221, 38, 33, 0}, {0x5601, 7, 6, 1},
            {0x5401, 8, 14, 0}, {0x4801, 9, 14, 0}, {0x3801, 10, 14, 0}, {0x3001, 11, 17, 0},
            {0x2401, 12, 18, 0}, {0x1C01, 13, 20, 0}, {0x1601, 29, 21, 0}, {0x5601, 15, 14, 1},
            {0x5401, 16, 14, 0}, {0x5101, 17, 15, 0}, {0x4801, 18, 16, 0}, {0x3801, 19, 17, 0},
            {0x3401, 20, 18, 0}, {0x3001, 21, 19, 0}, {0x2801, 22, 19, 0}, {0x2401, 23, 20, 0},
            {0x2201, 24, 21, 0}, {0x1C01, 25, 22, 0}, {0x1801, 26, 23, 0}, {0x1601, 27, 24, 0},
            {0x1401, 28, 25, 0}, {0x1201, 29, 26, 0}, {0x1101, 30, 27, 0}, {0x0AC1, 31, 28, 0},
            {0x09C1, 32, 29, 0}, {0x08A1, 33, 30, 0}, {0x0521, 34, 31, 0}, {0x0441, 35, 32, 0},
            {0x02A1, 36, 33, 0}, {0x0221, 37, 34, 0}, {0x0141, 38, 35, 0}, {0x0111, 39, 36, 0},
            {0x0085, 40, 37, 0}, {0x0049, 41, 38, 0}, {0x0025, 42, 39, 0}, {0x0015, 43, 40, 0},
            {0x0009, 44, 41, 0}, {0x0005, 45, 42, 0}, {0x0001, 45, 43, 0}, {0x5601, 46, 46, 0}};
    private static final int INITIAL_ZERO_CONTEXT = 4;
    private static final int INITIAL_RUN = 3;
    private static final int INITIAL_UNIFORM = 46;

    /**
     * One entry per state and sense, at 2 * state + MPS: Qe in the low 16 bits, 7 bits with the entry after an MPS, 7
     * bits with the entry after an LPS, and the MPS in bit 30.
     */
    private static final int[] ENTRIES = entries();

    private final int[] contexts = new int[CONTEXTS];
    private byte[] data = new byte[0];
    private int position;
    private int a;
    private int c;
    /** Shifts until the next byte is needed. */
    private int count;
    private int end;
    private boolean afterFf;

    private static int[] entries() {
        int[] entries = new int[2 * STATES.length];
        for (int i = 0; i < entries.length; i++) {
            int[] s = STATES[i / 2];
            int mps = i & 1;
            entries[i] = s[0] | (2 * s[1] + mps) << 16 | (2 * s[2] + (mps ^ s[3])) << 23 | mps << 30;
        }
        return entries;
    }

    /** Sets the contexts to their initial states (table D.7). */
    void resetContexts() {
        for (int i = 0; i < CONTEXTS; i++) {
            contexts[i] = ENTRIES[0];
        }
        contexts[0] = ENTRIES[2 * INITIAL_ZERO_CONTEXT];
        contexts[RUN] = ENTRIES[2 * INITIAL_RUN];
        contexts[UNIFORM] = ENTRIES[2 * INITIAL_UNIFORM];
    }

    /**
     * Starts an arithmetically coded segment (INITDEC).
     *
     * @param bytes
     *            its bytes from index 0, followed by two bytes of 0xFF
     */
    void startCoded(byte[] bytes) {
        data = bytes;
        position = 0;
        c = (bytes[0] & 0xFF) << 16;
        nextByte();
        c <<= 7;
        count -= 7;
        a = 0x8000;
    }

    /** Starts a segment of raw bits, the first {@code length} bytes. */
    void startPlain(byte[] bytes, int length) {
        data = bytes;
        position = 0;
        end = length;
        c = 0;
        count = 0;
        afterFf = false;
    }

    /** The next decision in a context (DECODE). */
    int decode(int context) {
        int entry = contexts[context];
        int qe = entry & 0xFFFF;
        int bit = entry >>> 30;
        a -= qe;
        if (c >>> 16 >= qe) {
            c -= qe << 16;
            if ((a & 0x8000) != 0) {
                return bit;
            }
            if (a < qe) {
                bit ^= 1;
                contexts[context] = ENTRIES[entry >>> 23 & 0x7F];
            } else {
                contexts[context] = ENTRIES[entry >>> 16 & 0x7F];
            }
        } else {
            if (a < qe) {
                contexts[context] = ENTRIES[entry >>> 16 & 0x7F];
            } else {
                bit ^= 1;
                contexts[context] = ENTRIES[entry >>> 23 & 0x7F];
            }
            a = qe;
        }
        renormalise();
        return bit;
    }

    private void renormalise() {
        int shift = Integer.numberOfLeadingZeros(a) - 16;
        while (shift > count) {
            a <<= count;
            c <<= count;
            shift -= count;
            nextByte();
        }
        a <<= shift;
        c <<= shift;
        count -= shift;
    }

    /** BYTEIN: a byte after 0xFF has 7 bits; if it is above 0x8F, it is a marker, which ends the segment. */
    private void nextByte() {
        int next = data[position + 1] & 0xFF;
        if (data[position] == -1) {
            if (next > 0x8F) {
                c += 0xFF00;
                count = 8;
            } else {
                position++;
                c += next << 9;
                count = 7;
            }
        } else {
            position++;
            c += next << 8;
            count = 8;
        }
    }

    /** The next raw bit; 1 past the end. */
    int plainBit() {
        if (count == 0) {
            c = position < end ? data[position++] & 0xFF : 0xFF;
            count = afterFf ? 7 : 8;
            afterFf = c == 0xFF;
        }
        count--;
        return c >> count & 1;
    }
}
