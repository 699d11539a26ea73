package radedit.imaging.dicom;

/** Converts colour samples of files to interleaved red, green and blue. */
final class Colours {
    private Colours() {
    }

    /** Interleaves three planes into {@code out}, from index {@code at}. */
    static void interleave(int[] planes, int[] out, int at) {
        int n = planes.length / 3;
        for (int i = 0; i < n; i++) {
            out[at + 3 * i] = planes[i];
            out[at + 3 * i + 1] = planes[n + i];
            out[at + 3 * i + 2] = planes[2 * n + i];
        }
    }

    /** Expands Y1 Y2 Cb Cr to Y Cb Cr per pixel (PS3.3 C.7.6.3.1.2); the last Y2 of a row of odd length is unused. */
    static void expand422(int[] pairs, int columns, int rows, int[] out, int at) {
        int across = (columns + 1) / 2;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int pair = 4 * (y * across + x / 2);
                int to = at + 3 * (y * columns + x);
                out[to] = pairs[pair + x % 2];
                out[to + 1] = pairs[pair + 2];
                out[to + 2] = pairs[pair + 3];
            }
        }
    }

    /**
     * Converts 8-bit YBR_FULL to RGB in place, rounded half up (PS3.3 C.7.6.3.1.2, with the coefficients of ITU-T T.871
     * section 7):
     *
     * <pre>
     * R = Y + 1.402 (Cr - 128)
     * G = Y - (0.114 * 1.772 (Cb - 128) + 0.299 * 1.402 (Cr - 128)) / 0.587
     * B = Y + 1.772 (Cb - 128)
     * </pre>
     */
    static void toRgb(int[] samples) {
        for (int i = 0; i < samples.length; i += 3) {
            double y = samples[i];
            double cb = samples[i + 1] - 128;
            double cr = samples[i + 2] - 128;
            samples[i] = level(y + 1.402 * cr);
            samples[i + 1] = level(y - (0.114 * 1.772 * cb + 0.299 * 1.402 * cr) / 0.587);
            samples[i + 2] = level(y + 1.772 * cb);
        }
    }

    private static int level(double v) {
        return (int) Math.max(0, Math.min(255, Math.floor(v + 0.5)));
    }
}
