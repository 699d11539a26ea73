package radedit.imaging.codec;

/** Decodes the scans of a frame, one after another. */
interface JpegScanDecoder {
    /**
     * Decodes one scan.
     *
     * @param start
     *            offset of its entropy-coded data
     * @return offset of the marker after them
     */
    int decode(JpegScan scan, JpegTables tables, byte[] data, int start) throws CodecException;

    /** The frame after all scans, components interleaved. */
    int[] samples() throws CodecException;
}
