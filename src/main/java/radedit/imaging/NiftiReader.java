package radedit.imaging;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;

/**
 * NIfTI-1 in one file, plain or gzipped. The first axis is a film's column, the second its row, as SimpleITK hands arrays
 * over; slices of further axes are frames; the affine is not applied. Modality values are stored * scl_slope + scl_inter.
 * Display levels run from the least to the greatest value, or from cal_min to cal_max where the header has them.
 *
 * @see <a href="https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h">nifti1.h</a>
 */
public final class NiftiReader implements FilmReader {
    private static final int HEADER = 348;
    private static final int FIRST_VOXEL = 352;
    private static final int MAGIC = 344;
    /** Deflate shrinks to 1/1032 at best. */
    private static final long MAX_EXPANSION = 1032;

    /** Voxel types, by the header's number. */
    private enum Type {
        UINT8(2, 1), INT16(4, 2), INT32(8, 4), FLOAT32(16, 4), FLOAT64(64, 8), INT8(256, 1), UINT16(512, 2);

        private final int code;
        private final int bytes;

        Type(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }

        boolean isInteger() {
            return this != FLOAT32 && this != FLOAT64;
        }

        double real(ByteBuffer in, int at) {
            return this == FLOAT32 ? in.getFloat(at) : in.getDouble(at);
        }

        int integer(ByteBuffer in, int at) {
            return switch (this) {
                case UINT8 -> in.get(at) & 0xFF;
                case INT8 -> in.get(at);
                case INT16 -> in.getShort(at);
                case UINT16 -> in.getShort(at) & 0xFFFF;
                default -> in.getInt(at);
            };
        }
    }

    @Override
    public String format() {
        return "NIfTI";
    }

    @Override
    public Match accepts(byte[] head) {
        if (head.length > 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B) {
            return Match.PERHAPS;
        }
        return head.length >= HEADER && head[MAGIC] == 'n' && (head[MAGIC + 1] == '+' || head[MAGIC + 1] == 'i')
                && head[MAGIC + 2] == '1' && head[MAGIC + 3] == 0 ? Match.YES : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        long length = Files.size(file);
        boolean zipped;
        try (InputStream in = Files.newInputStream(file)) {
            zipped = in.read() == 0x1F;
        }
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = zipped ? new GZIPInputStream(raw, 1 << 16) : raw) {
            return read(file, in, frame, zipped ? length * MAX_EXPANSION : length);
        } catch (EOFException e) {
            throw new ImageFormatException(file, "truncated: it ends before its last voxel", e);
        } catch (ZipException e) {
            throw new ImageFormatException(file, "damaged gzip data (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Reads from a stream.
     *
     * @param most
     *            bytes that it can yield
     */
    FilmContent read(Path file, InputStream in, int frame, long most) throws IOException {
        byte[] bytes = in.readNBytes(HEADER);
        if (accepts(bytes) != Match.YES) {
            throw new ImageFormatException(file, "is gzipped, but not NIfTI inside");
        }
        if (bytes[MAGIC + 1] != '+') {
            throw new ImageFormatException(file,
                    "keeps its voxels in another file (.img); convert it to one .nii file");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(0) != HEADER) {
            header.order(ByteOrder.BIG_ENDIAN);
        }
        if (header.getInt(0) != HEADER) {
            throw new ImageFormatException(file, "damaged NIfTI header (sizeof_hdr is not " + HEADER + ")");
        }
        Type type = type(file, header.getShort(70));
        int[] dim = dimensions(file, header);
        int frames = dim[2];
        if (frame > frames) {
            throw ImageRequestException.frame(file, frame, frames);
        }
        long slice = (long) dim[0] * dim[1];
        int count = frame == ALL_FRAMES ? frames : 1;
        double offset = header.getFloat(108);
        if (!(offset >= FIRST_VOXEL && offset <= most && offset == Math.rint(offset))) {
            throw new ImageFormatException(file, "damaged NIfTI header (vox_offset " + offset + ")");
        }
        long start = (long) offset + slice * type.bytes * (frame == ALL_FRAMES ? 0 : frame - 1);
        long size = slice * count * type.bytes;
        if (size > most || start > most - size) {
            throw new ImageFormatException(file, "truncated: it claims " + dim[0] + " x " + dim[1] + " x " + frames
                    + " voxels of " + type.bytes + " bytes");
        }
        if (slice * count > 2 * Rasters.MAX_PIXELS || size > Integer.MAX_VALUE - 8) {
            throw new ImageFormatException(file, "is too large for one film; choose a slice with --frame");
        }
        in.skipNBytes(start - HEADER);
        byte[] data = in.readNBytes((int) size);
        if (data.length < size) {
            throw new EOFException();
        }
        PixelArray pixels = pixels(ByteBuffer.wrap(data).order(header.order()), type, count, dim[1], dim[0]);
        return new FilmContent("NIfTI", pixels, List.of(meaning(file, header)), frame, frames, true,
                aspect(header), Map.of("cells", type.name().toLowerCase(java.util.Locale.ROOT)));
    }

    private static Type type(Path file, int code) throws ImageFormatException {
        for (Type t : Type.values()) {
            if (t.code == code) {
                return t;
            }
        }
        throw new ImageFormatException(file, "has voxels of NIfTI data type " + code
                + "; 8-, 16- and 32-bit integers and floating-point numbers are read");
    }

    /** Columns, rows and slices. */
    private static int[] dimensions(Path file, ByteBuffer header) throws ImageFormatException {
        int axes = header.getShort(40);
        if (axes < 2 || axes > 7) {
            throw new ImageFormatException(file, "has " + axes + " axes; 2 or more are needed");
        }
        long slices = 1;
        for (int i = 1; i <= axes; i++) {
            int d = header.getShort(40 + 2 * i);
            if (d < 1) {
                throw new ImageFormatException(file, "damaged NIfTI header (axis " + i + " has extent " + d + ")");
            }
            slices = i > 2 ? slices * d : 1;
            if (slices > Integer.MAX_VALUE) {
                throw new ImageFormatException(file, "damaged NIfTI header (too many slices)");
            }
        }
        return new int[]{header.getShort(42), header.getShort(44), (int) slices};
    }

    private static PixelArray pixels(ByteBuffer in, Type type, int frames, int rows, int columns) {
        int n = frames * rows * columns;
        if (type.isInteger()) {
            int[] values = new int[n];
            for (int i = 0; i < n; i++) {
                values[i] = type.integer(in, i * type.bytes);
            }
            return PixelArray.of(frames, rows, columns, 1, values);
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = type.real(in, i * type.bytes);
        }
        return PixelArray.of(frames, rows, columns, 1, values);
    }

    private static PixelMeaning meaning(Path file, ByteBuffer header) throws ImageFormatException {
        double slope = header.getFloat(112);
        double intercept = header.getFloat(116);
        boolean scaled = slope != 0 && Double.isFinite(slope);
        if (scaled && !Double.isFinite(intercept)) {
            throw new ImageFormatException(file, "damaged NIfTI header (scl_inter " + intercept + ")");
        }
        double min = header.getFloat(128);
        double max = header.getFloat(124);
        Voi view = min < max && Double.isFinite(max - min)
                ? new Voi.Range(min, max, "cal_min and cal_max of the header")
                : null;
        ModalityTransform modality = scaled && (slope != 1 || intercept != 0)
                ? new ModalityTransform.Rescale(slope, intercept)
                : ModalityTransform.IDENTITY;
        return new PixelMeaning(Photometric.MONOCHROME2, Depth.UNKNOWN, modality, List.of(), view, Padding.NONE, null);
    }

    private static double aspect(ByteBuffer header) {
        double ratio = header.getFloat(84) / (double) header.getFloat(80);
        return ratio > 0 && Double.isFinite(ratio) ? ratio : 1;
    }
}
