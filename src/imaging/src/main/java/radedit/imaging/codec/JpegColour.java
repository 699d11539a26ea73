package radedit.imaging.codec;

/** Assembles the planes of a frame: upsampling, interleaving, colour conversion. */
final class JpegColour {
    private final JpegFrame frame;
    private final JpegPlane[] planes;

    JpegColour(JpegFrame frame, JpegPlane[] planes) {
        this.frame = frame;
        this.planes = planes;
    }

    /** The whole frame, components interleaved; converts YCbCr to RGB if requested. */
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
            for (int c = 0; c < count; c++) {
                int[] row = rows[c];
                for (int x = 0, at = y * width * count + c; x < width; x++, at += count) {
                    samples[at] = row[x];
                }
            }
            if (ycc) {
                Ycc.toRgb(samples, y * width * count, width, count, frame.precision());
            }
        }
        return samples;
    }
}
