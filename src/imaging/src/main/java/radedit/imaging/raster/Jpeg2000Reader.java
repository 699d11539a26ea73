package radedit.imaging.raster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import radedit.imaging.DroppedChannels;
import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.FileChecks;
import radedit.imaging.codec.CodecException;
import radedit.imaging.codec.DecodedFrame;
import radedit.imaging.codec.FrameDecoders;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;

/**
 * Reads JPEG 2000 Part 1 (ITU-T T.800), bare codestreams and JP2 files, grey or RGB with or without alpha. Stored values
 * are the samples.
 */
public final class Jpeg2000Reader implements FilmReader {
    private static final String LOSSY = "1.2.840.10008.1.2.4.91";
    private static final int SIGNATURE = 0x6A502020;
    private static final int CODESTREAM = 0x6A703263;
    private static final int HEADER = 0x6A703268;
    private static final int COLOUR = 0x636F6C72;
    private static final int PALETTE = 0x70636C72;
    private static final int CHANNELS = 0x63646566;
    private static final int SYCC = 18;
    /** Start of a codestream (SOC, SIZ), and offset of its number of components. */
    private static final int START = 0xFF4FFF51;
    private static final int COMPONENTS = 40;
    private static final int MOST_BITS = 16;

    @Override
    public String format() {
        return "JPEG 2000";
    }

    @Override
    public Match accepts(byte[] head) {
        ByteBuffer b = ByteBuffer.wrap(head);
        return head.length >= 12 && (b.getInt(0) == START || b.getInt(0) == 12 && b.getInt(4) == SIGNATURE)
                ? Match.YES
                : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        if (frame > 1) {
            throw ImageRequestException.frame(file, frame, 1);
        }
        if (Files.size(file) > Integer.MAX_VALUE - 8) {
            throw new ImageFormatException(file, "is too long for a JPEG 2000 picture");
        }
        byte[] data = Files.readAllBytes(file);
        try {
            return content(file, data);
        } catch (IOException | RuntimeException e) {
            throw NotReadException.fault(file, e);
        }
    }

    private FilmContent content(Path file, byte[] data) throws IOException {
        ByteBuffer b = ByteBuffer.wrap(data);
        int start = b.getInt(0) == START ? 0 : boxes(b, 0, data.length, true);
        if (start < 0 || start > data.length - COMPONENTS - 3 || b.getInt(start) != START) {
            throw new CodecException("it has no JPEG 2000 codestream");
        }
        // Xsiz - XOsiz, Ysiz - YOsiz (T.800 A.5.1)
        long width = (b.getInt(start + 8) & 0xFFFFFFFFL) - (b.getInt(start + 16) & 0xFFFFFFFFL);
        long height = (b.getInt(start + 12) & 0xFFFFFFFFL) - (b.getInt(start + 20) & 0xFFFFFFFFL);
        int components = b.getShort(start + COMPONENTS) & 0xFFFF;
        FileChecks.checkSize(file, width, height, data.length);
        if (components < 1 || components > 4) {
            throw new ImageFormatException(file, "has " + components + " colour channels; 1 to 4 are read");
        }
        DecodedFrame f = FrameDecoders.decode(LOSSY, data, (int) width, (int) height, components, 32);
        if (f.precision() > MOST_BITS) {
            throw new NotReadException("has samples of " + f.precision() + " bits; up to 16 are read");
        }
        RasterPicture p = picture(f);
        Map<String, String> facts = p.facts();
        return p.content(format(), facts, List.of());
    }

    /** One or three components are grey or RGB, and one more is alpha. */
    private static RasterPicture picture(DecodedFrame f) throws IOException {
        int n = f.components();
        int bands = n < 3 ? 1 : 3;
        int pixels = f.width() * f.height();
        Depth depth = new Depth(f.precision(), f.signed());
        if (bands == 3 && f.signed()) {
            throw new NotReadException("has signed colours, which are not supported; save it as PNG or TIFF");
        }
        if (n == bands) {
            return new RasterPicture(PixelArray.of(1, f.height(), f.width(), bands, f.samples()),
                    bands == 1 ? Photometric.MONOCHROME2 : Photometric.RGB, depth,
                    DroppedChannels.NONE, null);
        }
        int[] colours = new int[pixels * bands];
        int[] alpha = new int[pixels];
        for (int i = 0; i < pixels; i++) {
            System.arraycopy(f.samples(), i * n, colours, i * bands, bands);
            alpha[i] = f.samples()[i * n + bands];
        }
        return RasterPicture.of(f.width(), f.height(), bands, depth, colours, alpha, (int) depth.max());
    }

    /**
     * Walks boxes (T.800 annex I) to the codestream.
     *
     * @return its offset; -1 if it is not among them
     * @throws IOException
     *            if boxes are damaged, or describe a transformation of the samples that is not implemented
     */
    private static int boxes(ByteBuffer b, int from, int to, boolean outermost) throws IOException {
        int at = from;
        while (to - at >= 8) {
            long length = b.getInt(at) & 0xFFFFFFFFL;
            int type = b.getInt(at + 4);
            int head = 8;
            if (length == 1 && to - at >= 16) {
                length = b.getLong(at + 8);
                head = 16;
            }
            if (type == CODESTREAM) {
                return at + head;
            }
            if (length != 0 && length < head || length > to - at) {
                throw new CodecException("it ends too early");
            }
            int end = length == 0 ? to : at + (int) length;
            switch (type) {
                case HEADER -> {
                    if (outermost) {
                        boxes(b, at + head, end, false);
                    }
                }
                case PALETTE -> throw new NotReadException(
                        "has a palette, which is not supported in JPEG 2000; save it as PNG or TIFF");
                case COLOUR -> {
                    if (end - at >= head + 7 && b.get(at + head) == 1 && b.getInt(at + head + 3) == SYCC) {
                        throw new NotReadException("has YCbCr colours without a component transform; save it as PNG"
                                + " or TIFF");
                    }
                }
                case CHANNELS -> checkChannels(b, at + head, end);
                default -> {
                }
            }
            at = end;
        }
        return -1;
    }

    /** Checks that channels are colours in order, with alpha last (T.800 I.5.3.6). */
    private static void checkChannels(ByteBuffer b, int from, int to) throws IOException {
        int n = to - from >= 2 ? b.getShort(from) & 0xFFFF : 0;
        for (int i = 0; i < n && from + 2 + 6 * (i + 1) <= to; i++) {
            int channel = b.getShort(from + 2 + 6 * i) & 0xFFFF;
            int type = b.getShort(from + 4 + 6 * i) & 0xFFFF;
            int colour = b.getShort(from + 6 + 6 * i) & 0xFFFF;
            if (type == 0 && colour != channel + 1 && colour != 0xFFFF || type != 0 && channel != n - 1) {
                throw new NotReadException("has channels that are not in the order of colours; save it as PNG or TIFF");
            }
        }
    }
}
