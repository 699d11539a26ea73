package radedit.imaging.volume;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import radedit.imaging.DroppedChannels;
import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.FilmSpace;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.PixelSpacing;
import radedit.imaging.FileChecks;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Layout of voxels in a header. As in NIfTI, the first axis is a film's column, the second its row, and slices of
 * further axes are frames; no orientation is applied. Display levels span the least to the greatest value.
 *
 * @param samples
 *            samples per voxel, along an axis before all others: 1, or 3 for red, green and blue
 * @param space
 *            spacing and position of the pixels
 */
record VoxelGrid(VoxelType type, ByteOrder order, int columns, int rows, int frames, int samples, FilmSpace space) {
    /** Integers up to this are exact in a double. */
    static final long EXACT = 1L << 53;
    private static final int MOST_AXES = 16;

    /**
     * Creates a grid from the extents of its axes.
     *
     * @param axes
     *            at least 2, columns first
     */
    static VoxelGrid of(Path file, VoxelType type, ByteOrder order, List<Long> axes, int samples, FilmSpace space)
            throws ImageFormatException {
        if (axes.size() < 2 || axes.size() > MOST_AXES) {
            throw new ImageFormatException(file, "has " + axes.size() + " axes; 2 to " + MOST_AXES + " are read");
        }
        if (samples != 1 && (samples != 3 || type != VoxelType.UINT8 && type != VoxelType.UINT16)) {
            throw new ImageFormatException(file, "has " + samples + " values of type "
                    + type.name().toLowerCase(Locale.ROOT) + " a pixel; grey and RGB of 8 or 16 bits are read");
        }
        long frames = 1;
        for (int i = 0; i < axes.size(); i++) {
            long n = axes.get(i);
            if (n < 1 || n > Integer.MAX_VALUE) {
                throw new ImageFormatException(file, "damaged header (axis " + (i + 1) + " has extent " + n + ")");
            }
            frames = i < 2 ? 1 : frames * n;
            if (frames > Integer.MAX_VALUE) {
                throw new ImageFormatException(file, "damaged header (too many slices)");
            }
        }
        if (axes.get(0) * axes.get(1) > FileChecks.MAX_PIXELS) {
            throw new ImageFormatException(file, "claims " + axes.get(0) + " x " + axes.get(1) + " pixels");
        }
        return new VoxelGrid(type, order, axes.get(0).intValue(), axes.get(1).intValue(), (int) frames, samples, space);
    }

    /** Values of one frame. */
    private long slice() {
        return (long) columns * rows * samples;
    }

    /** Bytes of all frames; for numbers as text, a lower bound. */
    long bytes(boolean text) {
        return slice() * frames * (text ? 1 : type.bytes());
    }

    private int wanted(Path file, int frame, long most, boolean text) throws ImageFormatException {
        if (frame > frames) {
            throw ImageRequestException.frame(file, frame, frames);
        }
        if (slice() > most || bytes(text) > most) {
            throw new ImageFormatException(file, "truncated: it claims " + columns + " x " + rows + " x " + frames
                    + " voxels of " + samples * type.bytes() + " bytes");
        }
        int count = frame == FilmReader.ALL_FRAMES ? frames : 1;
        if (slice() * count > 2 * FileChecks.MAX_PIXELS || slice() * count * type.bytes() > Integer.MAX_VALUE - 8) {
            throw new ImageFormatException(file,
                    Message.of("is too large for one film; choose a slice with ", Setting.FRAME));
        }
        return count;
    }

    /**
     * Reads a film.
     *
     * @param in
     *            the voxels, decompressed
     * @param most
     *            upper bound of its bytes
     */
    FilmContent read(Path file, String format, InputStream in, int frame, long most) throws IOException {
        int count = wanted(file, frame, most, false);
        int size = (int) (slice() * count * type.bytes());
        byte[] data;
        try {
            in.skipNBytes(slice() * type.bytes() * (frame == FilmReader.ALL_FRAMES ? 0 : frame - 1));
            data = in.readNBytes(size);
            if (data.length < size) {
                throw new EOFException();
            }
        } catch (EOFException e) {
            throw new ImageFormatException(file, "truncated: it ends before its last voxel", e);
        }
        ByteBuffer b = ByteBuffer.wrap(data).order(order);
        int n = size / type.bytes();
        if (type.isInt()) {
            int[] values = new int[n];
            for (int i = 0; i < n; i++) {
                values[i] = type.integer(b, i * type.bytes());
            }
            return content(format, frame, pixels(count, values));
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = type.real(b, i * type.bytes());
            if (!type.isReal() && Double.isNaN(values[i])) {
                throw new ImageFormatException(file, "has whole numbers beyond 2^53, which are not supported");
            }
        }
        return content(format, frame, PixelArray.of(count, rows, columns, samples, values));
    }

    /** Reads a film from numbers as text. */
    FilmContent read(Path file, String format, NumberText in, int frame, long most) throws IOException {
        int count = wanted(file, frame, most, true);
        long skipped = slice() * (frame == FilmReader.ALL_FRAMES ? 0 : frame - 1);
        for (long i = 0; i < skipped; i++) {
            in.next();
        }
        int n = (int) (slice() * count);
        int[] integers = new int[type.isInt() ? n : 0];
        double[] reals = new double[type.isInt() ? 0 : n];
        for (int i = 0; i < n; i++) {
            double v = in.next();
            if (!type.isReal() && !(v == Math.rint(v) && v >= type.min() && v <= type.max())) {
                throw new ImageFormatException(file, "has the number " + v + ", which is none of type "
                        + type.name().toLowerCase(Locale.ROOT));
            }
            if (type.isInt()) {
                integers[i] = (int) (long) v;
            } else {
                reals[i] = v;
            }
        }
        return content(format, frame, type.isInt()
                ? pixels(count, integers)
                : PixelArray.of(count, rows, columns, samples, reals));
    }

    private PixelArray pixels(int count, int[] integers) {
        return type == VoxelType.UINT32
                ? PixelArray.ofUnsigned(count, rows, columns, samples, integers)
                : PixelArray.of(count, rows, columns, samples, integers);
    }

    private FilmContent content(String format, int frame, PixelArray pixels) {
        PixelMeaning meaning = samples == 3
                ? PixelMeaning.plain(Photometric.RGB, new Depth(8 * type.bytes(), false))
                : new PixelMeaning(Photometric.MONOCHROME2, Depth.UNKNOWN, ModalityTransform.IDENTITY, List.of(), null,
                        Padding.NONE, null);
        double aspect = space instanceof PixelSpacing s ? s.rows() / s.columns() : 1;
        return new FilmContent(format, pixels, List.of(meaning), frame, frames, true, aspect,
                Map.of("cells", type.name().toLowerCase(Locale.ROOT)), space, DroppedChannels.NONE, List.of());
    }
}
