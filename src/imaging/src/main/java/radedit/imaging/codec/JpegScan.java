package radedit.imaging.codec;

/**
 * A scan header (T.81 B.2.3).
 *
 * @param components
 *            indices of its components in the frame
 * @param dc
 *            index of the DC (or lossless) Huffman table of each component
 * @param ac
 *            index of the AC table of each component
 * @param selectionStart
 *            first coefficient; in lossless JPEG the predictor, 1 to 7
 * @param selectionEnd
 *            last coefficient
 * @param approximation
 *            in lossless JPEG the point transform
 */
record JpegScan(int[] components, int[] dc, int[] ac, int selectionStart, int selectionEnd, int approximation) {
    static JpegScan read(ByteCursor in, JpegFrame frame) throws CodecException {
        int count = in.u8();
        if (count < 1 || count > frame.components().length) {
            throw new CodecException("a scan has " + count + " components");
        }
        int[] components = new int[count];
        int[] dc = new int[count];
        int[] ac = new int[count];
        for (int i = 0; i < count; i++) {
            components[i] = indexOf(frame, in.u8());
            int tables = in.u8();
            dc[i] = tables >> 4;
            ac[i] = tables & 15;
            if (dc[i] > 3 || ac[i] > 3 || i > 0 && components[i] <= components[i - 1]) {
                throw new CodecException("a scan's components or tables are not allowed");
            }
        }
        int start = in.u8();
        int end = in.u8();
        int approximation = in.u8();
        if (frame.lossless()
                ? start < 1 || start > 7 || approximation >= frame.precision()
                : start != 0 || end != 63 || approximation != 0) {
            throw new CodecException("a scan's selection " + start + " to " + end + " and approximation "
                    + approximation + " are not allowed in its process");
        }
        return new JpegScan(components, dc, ac, start, end, approximation);
    }

    private static int indexOf(JpegFrame frame, int id) throws CodecException {
        for (int c = 0; c < frame.components().length; c++) {
            if (frame.components()[c].id() == id) {
                return c;
            }
        }
        throw new CodecException("a scan names component " + id + ", which the frame lacks");
    }
}
