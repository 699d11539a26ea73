package radedit.imaging.raster;

import java.util.Arrays;

import radedit.imaging.codec.CodecException;

/**
 * Tracks which coefficients the scans of a DCT-based JPEG stream contain, down to which bit (ITU-T T.81 B.2.3 and
 * G.1.1.1). Decoders like libjpeg take missing ones for 0, so that a stream cut between two scans gives a blurred
 * picture or one without colours.
 */
final class JpegScans {
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int COEFFICIENTS = 64;
    /** No bits of a coefficient, or a gap in its refinements. */
    private static final int INCOMPLETE = 99;

    private final byte[] data;
    private final int[] ids;
    /** Lowest bit received, for each component and coefficient. */
    private final int[][] lowest;

    private JpegScans(byte[] data, int[] ids) {
        this.data = data;
        this.ids = ids;
        this.lowest = new int[ids.length][COEFFICIENTS];
        for (int[] each : lowest) {
            Arrays.fill(each, INCOMPLETE);
        }
    }

    /**
     * Refuses a stream with missing scans.
     *
     * @param first
     *            offset of the marker of its first scan
     * @param ids
     *            identifiers of the frame's components
     * @param progressive
     *            whether a scan may have only some coefficients or bits
     * @throws CodecException
     *            if a bit of a coefficient is missing
     */
    static void requireAll(byte[] data, int first, int[] ids, boolean progressive) throws CodecException {
        JpegScans scans = new JpegScans(data, ids);
        scans.walk(first, progressive);
        for (int c = 0; c < ids.length; c++) {
            long missing = Arrays.stream(scans.lowest[c]).filter(bit -> bit == INCOMPLETE).count();
            long rough = Arrays.stream(scans.lowest[c]).filter(bit -> bit != 0).count();
            if (rough > 0) {
                throw new CodecException("truncated, scans are missing: of the " + COEFFICIENTS
                        + " coefficients of component " + (c + 1) + ", "
                        + (missing > 0 ? missing + " are absent" : rough + " lack their lowest bits"));
            }
        }
    }

    private void walk(int first, boolean progressive) {
        int at = first;
        while (true) {
            // Also skips compressed data with stuffed zeros and restart markers.
            while (at + 1 < data.length && (data[at] != -1 || !isSegment(data[at + 1] & 0xFF))) {
                at++;
            }
            if (at + 3 >= data.length || (data[at + 1] & 0xFF) == EOI) {
                return;
            }
            int marker = data[at + 1] & 0xFF;
            int length = (data[at + 2] & 0xFF) << 8 | data[at + 3] & 0xFF;
            if (length < 2 || at + 2 + length >= data.length) {
                return; // its data would follow
            }
            if (marker == SOS) {
                scan(at + 4, length - 2, progressive);
            }
            at += 2 + length;
        }
    }

    private static boolean isSegment(int marker) {
        return marker >= 0xC0 && marker != 0xFF && !(marker >= 0xD0 && marker <= 0xD8);
    }

    private void scan(int from, int length, boolean progressive) {
        int count = length < 1 ? 0 : data[from] & 0xFF;
        int selection = from + 1 + 2 * count;
        if (length < 4 + 2 * count) {
            return;
        }
        int start = progressive ? data[selection] & 0xFF : 0;
        int end = Math.min(progressive ? data[selection + 1] & 0xFF : COEFFICIENTS, COEFFICIENTS - 1);
        int high = progressive ? data[selection + 2] >> 4 & 15 : 0;
        int low = progressive ? data[selection + 2] & 15 : 0;
        for (int i = 0; i < count; i++) {
            int id = data[from + 1 + 2 * i] & 0xFF;
            for (int c = 0; c < ids.length; c++) {
                for (int k = start; ids[c] == id && k <= end; k++) {
                    if (high == 0 || high == lowest[c][k]) {
                        lowest[c][k] = low;
                    }
                }
            }
        }
    }
}
