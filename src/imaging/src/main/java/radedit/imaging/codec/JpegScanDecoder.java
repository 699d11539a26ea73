package radedit.imaging.codec;

/** Takes the scans of a frame one after another. */
interface JpegScanDecoder {
    /**
     * Decodes one scan.
     *
     * @param start
     *            where its entropy-coded data begin
     * @return where the marker behind them begins
     */
    int decode(JpegScan scan, JpegTables tables, byte[] data, int start) throws CodecException;

    /** The frame, components interleaved, after all scans. */
    int[] samples() throws CodecException;
}
