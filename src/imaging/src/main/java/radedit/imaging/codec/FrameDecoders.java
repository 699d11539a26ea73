package radedit.imaging.codec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the compressed pixel data of DICOM, by transfer syntax: RLE lossless, JPEG baseline, extended and lossless,
 * JPEG-LS, JPEG 2000 Part 1. Other syntaxes are refused by name.
 *
 * <p>
 * The samples are the codestream's integers. Only JPEG 2000 declares them signed, and then they are sign-extended. If
 * Pixel Representation or Bits Stored of the data set disagree with the codestream, the value is in the low bits of each
 * sample; the caller clips samples by which a lossy codestream overshoots. Colour: lossy JPEG of three components is
 * returned as RGB, converted from YCbCr where the codestream is YCbCr; JPEG 2000 with a component transform is returned
 * as RGB; RLE, lossless JPEG, JPEG-LS and JPEG 2000 without a component transform are returned as stored, so the caller
 * converts YBR_FULL.
 *
 * <p>
 * Memory and time are proportional to the expected size and the length of the codestream. Damaged or truncated input
 * ends in a {@link CodecException}.
 */
public final class FrameDecoders {
    private enum Family {
        RLE, JPEG, JPEG_LS, JPEG_2000
    }

    private static final String PREFIX = "1.2.840.10008.1.2.";
    /** JPEG 2000 that may be lossy. */
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

    /**
     * {@return whether {@link #decode} accepts a transfer syntax}
     *
     * @param transferSyntax
     *            its UID
     */
    public static boolean supports(String transferSyntax) {
        return FAMILIES.containsKey(transferSyntax);
    }

    /**
     * Decodes one frame of encapsulated pixel data; three components of lossy JPEG without a colour marker are taken for
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
     * Decodes one frame. The data set's colour space decides for lossy JPEG whose markers leave it open
     * ({@link JpegDctDecoder}).
     *
     * @param photometricInterpretation
     *            Photometric Interpretation of the data set; null if it says nothing
     */
    public static DecodedFrame decode(String transferSyntax, byte[] codestream, int expectedWidth, int expectedHeight,
            int expectedSamples, int bitsAllocated, @Nullable String photometricInterpretation) throws CodecException {
        return decode(transferSyntax, codestream,
                FrameShape.of(expectedWidth, expectedHeight, expectedSamples, bitsAllocated),
                JpegDctDecoder.Colour.of(photometricInterpretation));
    }

    /** Decodes one frame, without converting the components of lossy JPEG. */
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
