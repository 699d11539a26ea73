package radedit.imaging.codec;

import java.util.Map;

/**
 * Decodes the compressed pixel data of DICOM, by transfer syntax: RLE lossless, JPEG baseline, extended and lossless,
 * JPEG-LS, JPEG 2000 Part 1. Everything is refused by name that is none of these.
 *
 * <p>
 * What a caller has to know about the integers: they are those of the codestream. Only JPEG 2000 tells whether they are
 * signed, and only it sign-extends; a data set whose Pixel Representation or Bits Stored disagrees with the codestream
 * means the low bits of each sample, but for what a lossy codestream is decoded to beyond the range that was compressed,
 * which is the caller's to clip. Colour: lossy JPEG of three components comes as RGB, converted from YCbCr where the
 * codestream is YCbCr; JPEG 2000 with a component transform comes as RGB; RLE, lossless JPEG, JPEG-LS and JPEG 2000
 * without a component transform come as stored, so YBR_FULL is the caller's to convert.
 *
 * <p>
 * Decoding allocates memory in proportion to the expected size and the length of the codestream, and takes time in proportion
 * to both. Damaged input ends in a {@link CodecException}; a codestream that ends early is damaged.
 */
public final class FrameDecoders {
    private enum Family {
        RLE, JPEG, JPEG_LS, JPEG_2000
    }

    private static final String PREFIX = "1.2.840.10008.1.2.";
    /** JPEG 2000 that need not be lossless. */
    private static final String J2K = PREFIX + "4.91";
    private static final Map<String, Family> FAMILIES = Map.of(PREFIX + "5", Family.RLE, PREFIX + "4.50", Family.JPEG,
            PREFIX + "4.51", Family.JPEG, PREFIX + "4.57", Family.JPEG, PREFIX + "4.70", Family.JPEG, PREFIX + "4.80",
            Family.JPEG_LS, PREFIX + "4.81", Family.JPEG_LS, PREFIX + "4.90", Family.JPEG_2000, J2K,
            Family.JPEG_2000);
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry(PREFIX + "4.92", "JPEG 2000 Part 2, lossless"), Map.entry(PREFIX + "4.93", "JPEG 2000 Part 2"),
            Map.entry(PREFIX + "4.201", "High-Throughput JPEG 2000, lossless"),
            Map.entry(PREFIX + "4.202", "High-Throughput JPEG 2000, lossless, RPCL"),
            Map.entry(PREFIX + "4.203", "High-Throughput JPEG 2000"), Map.entry(PREFIX + "4.94", "JPIP"),
            Map.entry(PREFIX + "4.95", "JPIP deflate"), Map.entry(PREFIX + "4.100", "MPEG-2 video"),
            Map.entry(PREFIX + "4.101", "MPEG-2 video"), Map.entry(PREFIX + "4.102", "MPEG-4 video"),
            Map.entry(PREFIX + "4.103", "MPEG-4 video"), Map.entry(PREFIX + "4.110", "JPEG XL, lossless"),
            Map.entry(PREFIX + "4.111", "JPEG XL, from JPEG"), Map.entry(PREFIX + "4.112", "JPEG XL"));

    private FrameDecoders() {
    }

    /** Whether {@link #decode} takes a transfer syntax. */
    public static boolean supports(String transferSyntax) {
        return FAMILIES.containsKey(transferSyntax);
    }

    /**
     * Decodes one frame of encapsulated pixel data; three components of lossy JPEG without a colour mark are taken for
     * YCbCr. The expected numbers come from the data set and bound every allocation.
     *
     * @param transferSyntax
     *            its UID
     * @param codestream
     *            the fragments of one frame, joined
     * @param expectedWidth
     *            Columns
     * @param expectedHeight
     *            Rows
     * @param expectedSamples
     *            Samples per Pixel, 1 to 4
     * @param bitsAllocated
     *            Bits Allocated, 1 to 32
     * @throws CodecException
     *             if the codestream is damaged, not of the syntax, unsupported, or disagrees with the expected numbers
     */
    public static DecodedFrame decode(String transferSyntax, byte[] codestream, int expectedWidth, int expectedHeight,
            int expectedSamples, int bitsAllocated) throws CodecException {
        return decode(transferSyntax, codestream, expectedWidth, expectedHeight, expectedSamples, bitsAllocated,
                null);
    }

    /**
     * The same with the data set's word on colour, which counts for lossy JPEG whose markers leave it open
     * ({@link JpegDctDecoder}).
     *
     * @param photometricInterpretation
     *            Photometric Interpretation of the data set; null if it says nothing
     */
    public static DecodedFrame decode(String transferSyntax, byte[] codestream, int expectedWidth, int expectedHeight,
            int expectedSamples, int bitsAllocated, String photometricInterpretation) throws CodecException {
        return decode(transferSyntax, codestream,
                FrameShape.of(expectedWidth, expectedHeight, expectedSamples, bitsAllocated),
                JpegDctDecoder.Colour.of(photometricInterpretation));
    }

    /** The same, with the components of lossy JPEG as they are stored, whatever colours they are. */
    public static DecodedFrame decodeComponents(String transferSyntax, byte[] codestream, int expectedWidth,
            int expectedHeight, int expectedSamples, int bitsAllocated) throws CodecException {
        return decode(transferSyntax, codestream,
                FrameShape.of(expectedWidth, expectedHeight, expectedSamples, bitsAllocated),
                JpegDctDecoder.Colour.STORED);
    }

    private static DecodedFrame decode(String transferSyntax, byte[] codestream, FrameShape shape,
            JpegDctDecoder.Colour said) throws CodecException {
        Family family = FAMILIES.get(transferSyntax);
        if (family == null) {
            String name = REFUSED.get(transferSyntax);
            throw new CodecException("transfer syntax " + transferSyntax + (name == null ? "" : " (" + name + ")")
                    + " is not supported");
        }
        return switch (family) {
            case RLE -> RleDecoder.decode(codestream, shape);
            case JPEG -> JpegDecoder.decode(codestream, shape, said);
            case JPEG_LS -> JpegLsDecoder.decode(codestream, shape);
            case JPEG_2000 -> J2kDecoder.decode(codestream, shape, transferSyntax.equals(J2K));
        };
    }
}
