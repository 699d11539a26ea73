package radedit.imaging.dicom;

import java.util.Arrays;
import java.util.Set;

import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.FileChecks;
import radedit.imaging.codec.CodecException;
import radedit.imaging.codec.DecodedFrame;
import radedit.imaging.codec.FrameDecoders;
import radedit.imaging.pixel.PixelArray;
import radedit.message.Message;
import radedit.message.Setting;

/** Decodes pixel data to stored values. */
final class PixelData {
    /** Most values of a film: a gigabyte of 32-bit integers. */
    private static final long MAX_VALUES = 1L << 28;
    /**
     * Most pixels per byte of codestream beyond {@link FileChecks#ALWAYS_ALLOWED}; usable films stay far below. (RLE and
     * JPEG cannot reach it; their decoders check themselves.)
     */
    private static final long MAX_EXPANSION = 1L << 10;
    private static final String RLE = "1.2.840.10008.1.2.5";

    /**
     * JPEG baseline and extended: their decoder returns RGB, since the codestream's markers define its colour space.
     */
    private static final Set<String> COLOURS_DECODED = Set.of("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51");

    private final DicomFile file;
    private final DataSet dataSet;
    private final ImagePixel image;
    private final Element pixelData;
    private final StoredBits cells;

    PixelData(DicomFile file, ImagePixel image, Element pixelData) {
        this.file = file;
        this.dataSet = file.dataSet();
        this.image = image;
        this.pixelData = pixelData;
        this.cells = new StoredBits(image, dataSet.warnings());
    }

    /**
     * Stored values of one frame, from 1, or of all frames.
     *
     * @throws ImageFormatException
     *            if the data are truncated, damaged or of an unsupported compression
     */
    PixelArray read(int frame) throws ImageFormatException {
        int from = frame == FilmReader.ALL_FRAMES ? 0 : frame - 1;
        int to = frame == FilmReader.ALL_FRAMES ? image.frames() : frame;
        if (image.frameSize() > MAX_VALUES / (to - from)) {
            throw tooLarge(from, to);
        }
        return file.syntax().encapsulated() ? compressed(from, to) : plain(from, to);
    }

    /**
     * The exception for frames that are not read at once: the file is too short for them, or they have too many values.
     */
    private ImageFormatException tooLarge(int from, int to) throws ImageFormatException {
        if (!file.syntax().encapsulated()) {
            plainFrames(); // throws if the data are truncated
        } else {
            refuseShort(new EncapsulatedPixels(dataSet, pixelData, image.frames(), isRle()), from, to);
        }
        String size = image.columns() + " x " + image.rows() + " pixels";
        return new ImageFormatException(dataSet.file(), image.frameSize() > MAX_VALUES
                ? Message.of("is too large: its frames have ", size, " of ", image.samples(), " values each, up to ",
                        MAX_VALUES, " values are read")
                : Message.of("is too large to be read at once (", to - from, " frames of ", size,
                        "); choose a frame with ", Setting.FRAME));
    }

    /** Whether each frame is one fragment (PS3.5 A.4.2). */
    private boolean isRle() {
        return file.syntax().uid().equals(RLE);
    }

    private NativePixels plainFrames() throws ImageFormatException {
        if (pixelData.undefined()) {
            throw new ImageFormatException(dataSet.file(), "damaged: its pixel data are in fragments, though its"
                    + " transfer syntax (" + file.syntax().name() + ") has none");
        }
        return new NativePixels(dataSet, pixelData, image);
    }

    /** Refuses frames that are far larger than their codestreams can encode. */
    private void refuseShort(EncapsulatedPixels frames, int from, int to) throws ImageFormatException {
        long pixels = (long) image.rows() * image.columns() * (to - from);
        long bytes = frames.length(from, to);
        if (pixels > FileChecks.ALWAYS_ALLOWED && pixels / MAX_EXPANSION > bytes) {
            throw new ImageFormatException(dataSet.file(), "truncated: claims " + (to - from)
                    + (to - from == 1 ? " frame of " : " frames of ") + image.columns() + " x " + image.rows()
                    + " pixels in " + bytes + " bytes");
        }
    }

    /** The highest bit of the values within their cells, as found so far. */
    int highestBit() {
        return cells.highestBit();
    }

    private PixelArray plain(int from, int to) throws ImageFormatException {
        NativePixels pixels = plainFrames();
        int size = (int) image.frameSize();
        int[] out = new int[size * (to - from)];
        int[] aside = image.isSubsampled() || image.planar() && image.samples() > 1
                ? new int[image.isSubsampled() ? (image.columns() + 1) / 2 * 4 * image.rows() : size]
                : null;
        for (int f = from; f < to; f++) {
            int at = (f - from) * size;
            if (aside == null) {
                pixels.frame(f, out, at);
            } else {
                pixels.frame(f, aside, 0);
                if (image.isSubsampled()) {
                    Colours.expand422(aside, image.columns(), image.rows(), out, at);
                } else {
                    Colours.interleave(aside, out, at);
                }
            }
        }
        cells.extract(out);
        if (image.isLuminance()) {
            Colours.toRgb(out);
        }
        return array(to - from, out);
    }

    private PixelArray compressed(int from, int to) throws ImageFormatException {
        String syntax = file.syntax().uid();
        if (!FrameDecoders.supports(syntax)) {
            throw new ImageFormatException(dataSet.file(),
                    "is compressed as " + file.syntax().name() + ", which is not decoded");
        }
        EncapsulatedPixels frames = new EncapsulatedPixels(dataSet, pixelData, image.frames(), isRle());
        refuseShort(frames, from, to);
        // Decode the first frame, which checks its size, before allocating all.
        int[] first = decode(syntax, frames.codestream(from), from);
        if (to - from == 1) {
            return array(1, first);
        }
        int size = first.length;
        int[] out = Arrays.copyOf(first, size * (to - from));
        for (int f = from + 1; f < to; f++) {
            System.arraycopy(decode(syntax, frames.codestream(f), f), 0, out, (f - from) * size, size);
        }
        return array(to - from, out);
    }

    private int[] decode(String syntax, byte[] codestream, int frame) throws ImageFormatException {
        DecodedFrame d;
        try {
            d = FrameDecoders.decode(syntax, codestream, image.columns(), image.rows(), image.samples(),
                    image.bitsAllocated(), image.interpretation());
        } catch (CodecException e) {
            throw new ImageFormatException(dataSet.file(), "frame " + (frame + 1) + ": " + e.getMessage(), e);
        }
        if (d.width() != image.columns() || d.height() != image.rows() || d.components() != image.samples()) {
            throw new ImageFormatException(dataSet.file(),
                    "frame " + (frame + 1) + " is " + d.width() + " x " + d.height() + " x " + d.components()
                            + " in its codestream, " + image.columns() + " x " + image.rows() + " x " + image.samples()
                            + " are declared");
        }
        int[] values = d.samples();
        cells.extract(d);
        if (image.isLuminance() && !COLOURS_DECODED.contains(syntax)) {
            Colours.toRgb(values);
        }
        return values;
    }

    /** The values as an array; unsigned 32-bit values as doubles if one exceeds 31 bits. */
    private PixelArray array(int frames, int[] values) {
        if (!image.signed() && image.bitsStored() == 32) {
            for (int v : values) {
                if (v < 0) {
                    double[] wide = new double[values.length];
                    for (int i = 0; i < wide.length; i++) {
                        wide[i] = Integer.toUnsignedLong(values[i]);
                    }
                    return PixelArray.of(frames, image.rows(), image.columns(), image.samples(), wide);
                }
            }
        }
        return PixelArray.of(frames, image.rows(), image.columns(), image.samples(), values);
    }
}
