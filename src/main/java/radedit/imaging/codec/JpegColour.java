package radedit.imaging.codec;

/** Puts the planes of a frame together: upsampling, interleaving, YCbCr to RGB. */
final class JpegColour {
    // The coefficients of JFIF (ITU-R BT.601, full range) with 16 fraction bits.
    private static final int HALF = 1 << 15;
    private static final int CR_R = 91881; // 1.40200
    private static final int CB_B = 116130; // 1.77200
    private static final int CR_G = 46802; // 0.71414
    private static final int CB_G = 22554; // 0.34414

    private final JpegFrame frame;
    private final JpegPlane[] planes;

    JpegColour(JpegFrame frame, JpegPlane[] planes) {
        this.frame = frame;
        this.planes = planes;
    }

    /** The whole frame, components side by side, from YCbCr to RGB where asked for. */
    int[] interleave(boolean ycc) throws CodecException {
        int width = frame.width();
        int count = planes.length;
        int[] samples = new int[width * frame.height() * count];
        JpegUpsampler[] upsamplers = new JpegUpsampler[count];
        for (int c = 0; c < count; c++) {
            JpegFrame.Component component = frame.components()[c];
            if (frame.maxH() % component.h() != 0 || frame.maxV() % component.v() != 0) {
                throw new CodecException("component " + (c + 1) + " is subsampled by a fraction");
            }
            upsamplers[c] = new JpegUpsampler(planes[c], frame.maxH() / component.h(), frame.maxV() / component.v());
        }
        int[][] rows = new int[count][width];
        for (int y = 0; y < frame.height(); y++) {
            for (int c = 0; c < count; c++) {
                upsamplers[c].row(y, rows[c]);
            }
            if (ycc) {
                toRgb(rows);
            }
            for (int c = 0; c < count; c++) {
                int[] row = rows[c];
                for (int x = 0, at = y * width * count + c; x < width; x++, at += count) {
                    samples[at] = row[x];
                }
            }
        }
        return samples;
    }

    private void toRgb(int[][] rows) {
        int max = (1 << frame.precision()) - 1;
        int centre = 1 << (frame.precision() - 1);
        for (int x = 0; x < rows[0].length; x++) {
            int y = rows[0][x];
            int cb = rows[1][x] - centre;
            int cr = rows[2][x] - centre;
            rows[0][x] = Math.clamp(y + (CR_R * cr + HALF >> 16), 0, max);
            rows[1][x] = Math.clamp(y + (HALF - CB_G * cb - CR_G * cr >> 16), 0, max);
            rows[2][x] = Math.clamp(y + (CB_B * cb + HALF >> 16), 0, max);
        }
    }
}
