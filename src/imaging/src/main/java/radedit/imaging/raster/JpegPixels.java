package radedit.imaging.raster;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

import radedit.imaging.codec.CodecException;
import radedit.imaging.codec.FrameDecoders;

/**
 * Decodes the samples of a JPEG stream without colour conversion. The JDK decodes 8 bits. The project's own codec
 * decodes other depths, lossless streams and those with vertically halved chroma, which newer libjpeg releases, and thus
 * other programs, interpolate and the JDK does not.
 */
final class JpegPixels {
    private static final String LOSSY = "1.2.840.10008.1.2.4.51";
    /** libjpeg's warning about bytes that belong to no segment. */
    private static final String STRAY = "extraneous bytes before marker";
    private static final String LS = "1.2.840.10008.1.2.4.80";

    private JpegPixels() {
    }

    /**
     * Decodes a stream.
     *
     * @param warnings
     *            receives damage that does not affect the samples
     * @return samples [height, width, components], row-major
     * @throws IOException
     *            if the stream is damaged or of an unsupported kind
     */
    static int[] decode(byte[] data, JpegHeader h, Set<String> warnings) throws IOException {
        return switch (h.process()) {
            case JpegHeader.BASELINE, JpegHeader.EXTENDED -> h.precision() == 8 && !h.isHalvedDown()
                    ? byJdk(data, h, warnings)
                    : byCodec(LOSSY, h, warnings);
            case JpegHeader.PROGRESSIVE -> {
                if (h.precision() != 8) {
                    throw refused("progressive JPEG of " + h.precision() + " bits");
                }
                yield byJdk(data, h, warnings);
            }
            case JpegHeader.LOSSLESS -> byCodec(LOSSY, h, warnings);
            case JpegHeader.JPEG_LS -> byCodec(LS, h, warnings);
            case 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF -> throw refused("arithmetic-coded JPEG");
            default -> throw refused("hierarchical JPEG");
        };
    }

    private static NotReadException refused(String what) {
        return new NotReadException("is " + what + ", which is not supported; save it as PNG or as baseline JPEG");
    }

    private static int[] byCodec(String syntax, JpegHeader h, Set<String> warnings) throws CodecException {
        warnOfStray(h, false, warnings);
        return FrameDecoders.decodeComponents(syntax, h.essential(), h.width(), h.height(), h.components(), 16)
                .samples();
    }

    private static int[] byJdk(byte[] data, JpegHeader h, Set<String> warnings) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        List<String> said = new ArrayList<>();
        Raster raster;
        try {
            reader.addIIOReadWarningListener((source, warning) -> said.add(warning));
            reader.setInput(new BytesInput(data), true, true);
            if (reader.getWidth(0) != h.width() || reader.getHeight(0) != h.height()) {
                throw new CodecException("it has several sizes");
            }
            raster = reader.readRaster(0, null);
        } catch (RuntimeException e) {
            // The decoder throws all kinds of exceptions on damaged streams.
            throw new IOException(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
        } finally {
            reader.dispose();
        }
        h.requireAllScans();
        boolean stray = false;
        for (String w : said) {
            if (w.contains(STRAY)) {
                stray = true;
            } else if (w.contains("Premature end") || w.contains("Corrupt")) {
                throw new CodecException(w);
            }
        }
        warnOfStray(h, stray, warnings);
        return samples(raster);
    }

    /** Warns of bytes between segments, and after compressed data, where they may result from decoding damaged data. */
    private static void warnOfStray(JpegHeader h, boolean said, Set<String> warnings) {
        if (h.stray() > 0) {
            warnings.add("it has stray bytes between its segments; they are ignored");
        } else if (said) {
            warnings.add("it has stray bytes after its compressed data; they are ignored, but look at the picture:"
                    + " it may be damaged");
        }
    }

    private static int[] samples(Raster raster) {
        int w = raster.getWidth();
        int h = raster.getHeight();
        int n = raster.getNumBands();
        if (raster.getDataBuffer() instanceof DataBufferByte b && b.getNumBanks() == 1
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel m && m.getScanlineStride() == w * n
                && m.getPixelStride() == n && b.getData().length == w * h * n && inOrder(m.getBandOffsets())) {
            byte[] bytes = b.getData();
            int[] out = new int[bytes.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = bytes[i] & 0xFF;
            }
            return out;
        }
        return raster.getPixels(0, 0, w, h, (int[]) null);
    }

    private static boolean inOrder(int[] offsets) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != i) {
                return false;
            }
        }
        return true;
    }
}
