package radedit.imaging.codec;

/** Inverse component transforms (T.800 annex G): luminance and colour differences to red, green and blue. */
final class J2kColour {
    private J2kColour() {
    }

    /** RCT, in place. */
    static void reversible(int[] first, int[] second, int[] third) {
        for (int i = 0; i < first.length; i++) {
            int green = first[i] - (second[i] + third[i] >> 2);
            first[i] = third[i] + green;
            third[i] = second[i] + green;
            second[i] = green;
        }
    }

    /** ICT, in place, with OpenJPEG's rounded constants. */
    static void irreversible(float[] first, float[] second, float[] third) {
        for (int i = 0; i < first.length; i++) {
            float y = first[i];
            float cb = second[i];
            float cr = third[i];
            first[i] = y + 1.402f * cr;
            second[i] = y - 0.34413f * cb - 0.71414f * cr;
            third[i] = y + 1.772f * cb;
        }
    }
}
