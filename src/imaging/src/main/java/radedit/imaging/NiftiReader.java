package radedit.imaging;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;
import radedit.imaging.NiftiHeader.Field;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Reads NIfTI-1 and NIfTI-2, plain or gzipped, in one file or as a header (.hdr) with its voxels (.img) next to it. The
 * first axis is a film's column, the second its row, as in arrays from SimpleITK; slices of further axes are frames; the
 * affine is not applied. Modality values are stored * scl_slope + scl_inter. Display levels span the least to the
 * greatest value, or cal_min to cal_max if the header has them; colours are shown unchanged.
 */
public final class NiftiReader implements FilmReader {
    /** Deflate compresses to 1/1032 at best. */
    private static final long MAX_EXPANSION = 1032;
    private static final Pattern HEADER_NAME = Pattern.compile("(?i)\\.hdr(\\.gz)?$");
    private static final Pattern IMAGE_NAME = Pattern.compile("(?i)\\.img(\\.gz)?$");
    private static final List<String> HEADER_NAMES = List.of(".hdr", ".hdr.gz", ".HDR", ".HDR.GZ");
    private static final List<String> IMAGE_NAMES = List.of(".img", ".img.gz", ".IMG", ".IMG.GZ");

    /** Reads from a stream of at most the given number of bytes. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(InputStream in, long most) throws IOException;
    }

    /** Creates a reader; it has no state. */
    public NiftiReader() {
    }

    @Override
    public String format() {
        return "NIfTI";
    }

    @Override
    public Match accepts(byte[] head) {
        if (NiftiHeader.version(head) > 0) {
            return Match.YES;
        }
        boolean zipped = head.length > 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B;
        return zipped || NiftiHeader.isAnalyze(head) ? Match.PERHAPS : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        return open(file, file, (in, most) -> read(file, in, frame, most));
    }

    /** Opens a file, gzipped or not; messages about it name the film's file. */
    private static <T> T open(Path film, Path file, Reading<T> reading) throws IOException {
        long length = Files.size(file);
        boolean zipped;
        try (InputStream in = Files.newInputStream(file)) {
            zipped = in.read() == 0x1F && in.read() == 0x8B;
        }
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = zipped ? new GZIPInputStream(raw, 1 << 16) : raw) {
            return reading.from(in, zipped ? length * MAX_EXPANSION : length);
        } catch (EOFException e) {
            throw new ImageFormatException(film, "truncated: it ends before its last voxel", e);
        } catch (ZipException e) {
            throw new ImageFormatException(film, "damaged gzip data (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Reads from a stream.
     *
     * @param most
     *            upper bound of its bytes
     */
    FilmContent read(Path file, InputStream in, int frame, long most) throws IOException {
        byte[] bytes = in.readNBytes(NiftiHeader.FIRST);
        int version = NiftiHeader.version(bytes);
        if (version == 0) {
            throw new ImageFormatException(file, NiftiHeader.isAnalyze(bytes)
                    ? "is a header of Analyze 7.5, which does not describe the layout of its voxels; convert it to .nii"
                    : "is gzipped, but not NIfTI inside");
        }
        int size = NiftiHeader.size(version);
        if (size > bytes.length) {
            byte[] more = in.readNBytes(size - bytes.length);
            int begun = bytes.length;
            bytes = Arrays.copyOf(bytes, begun + more.length);
            System.arraycopy(more, 0, bytes, begun, more.length);
        }
        if (bytes.length < size) {
            throw new EOFException();
        }
        NiftiHeader header = NiftiHeader.of(bytes);
        if (header == null) {
            throw new ImageFormatException(file, "damaged NIfTI header (sizeof_hdr is not " + size + ")");
        }
        if (header.isPair()) {
            Path image = image(file);
            return open(file, image, (voxels, length) -> read(file, header, voxels, 0, frame, length));
        }
        return read(file, header, in, size, frame, most);
    }

    @Override
    public Optional<Path> dataFile(Path file) throws IOException {
        byte[] start;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            start = (zipped ? new GZIPInputStream(raw) : raw).readNBytes(NiftiHeader.size(2));
        }
        int version = NiftiHeader.version(start);
        if (version == 0 || start.length < NiftiHeader.size(version)) {
            return Optional.empty();
        }
        NiftiHeader header = NiftiHeader.of(Arrays.copyOf(start, NiftiHeader.size(version)));
        return header != null && header.isPair() ? Optional.of(image(file)) : Optional.empty();
    }

    /** The header (.hdr) of a voxel file (.img); null if there is none next to it. */
    static @Nullable Path headerOf(Path image) {
        Path name = image.getFileName();
        String stem = name == null ? "" : IMAGE_NAME.matcher(name.toString()).replaceFirst("");
        if (name == null || stem.equals(name.toString())) {
            return null;
        }
        for (String ending : HEADER_NAMES) {
            Path header = image.resolveSibling(stem + ending);
            if (Files.isRegularFile(header)) {
                return header;
            }
        }
        return null;
    }

    /** The voxel file (.img) of a header (.hdr). */
    private static Path image(Path file) throws ImageFormatException {
        Path name = file.getFileName();
        String stem = name == null ? "" : HEADER_NAME.matcher(name.toString()).replaceFirst("");
        for (String ending : IMAGE_NAMES) {
            Path image = file.resolveSibling(stem + ending);
            if (name != null && !stem.equals(name.toString()) && Files.isRegularFile(image)) {
                return image;
            }
        }
        throw new ImageFormatException(file,
                "keeps its voxels in another file (.img), which is not next to it; convert both to one .nii file");
    }

    /**
     * Reads voxels.
     *
     * @param in
     *            positioned {@code behind} bytes after the start of the voxel file
     */
    private static FilmContent read(Path file, NiftiHeader header, InputStream in, long behind, int frame, long most)
            throws IOException {
        NiftiType type = NiftiType.of(file, (int) header.get(Field.DATATYPE, 0));
        int[] dim = dimensions(file, header);
        int frames = dim[2];
        if (frame > frames) {
            throw ImageRequestException.frame(file, frame, frames);
        }
        int count = frame == ALL_FRAMES ? frames : 1;
        double offset = header.get(Field.VOX_OFFSET, 0);
        double least = header.isPair() ? 0 : header.firstVoxel();
        if (!(offset >= least && offset <= most && offset == Math.rint(offset))) {
            throw new ImageFormatException(file, "damaged NIfTI header (vox_offset " + offset + ")");
        }
        // Doubles do not overflow, and values that pass this check are exact.
        double slice = (double) dim[0] * dim[1];
        double end = offset + slice * type.bytes() * (frame == ALL_FRAMES ? frames : frame);
        if (end > most) {
            throw new ImageFormatException(file, "truncated: it claims " + dim[0] + " x " + dim[1] + " x " + frames
                    + " voxels of " + type.bytes() + " bytes");
        }
        double wanted = slice * count * type.bytes();
        if (slice * count * type.samples() > 2 * FileChecks.MAX_PIXELS || wanted > Integer.MAX_VALUE - 8) {
            throw new ImageFormatException(file,
                    Message.of("is too large for one film; choose a slice with ", Setting.FRAME));
        }
        int size = (int) wanted;
        long start = (long) end - size;
        in.skipNBytes(start - behind);
        byte[] data = in.readNBytes(size);
        if (data.length < size) {
            throw new EOFException();
        }
        PixelArray pixels = type.read(ByteBuffer.wrap(data).order(header.order()), count, dim[1], dim[0]);
        NiftiHeader own = frames == 1
                ? header
                : new NiftiTransforms(header.copy()).slice(Math.max(0, frame - 1)).header();
        Map<String, String> facts = type == NiftiType.RGBA32
                ? Map.of("cells", type.toString(), FileChecks.NOT_KEPT, "transparency")
                : Map.of("cells", type.toString());
        return new FilmContent("NIfTI", pixels, List.of(meaning(file, header, type)), frame, frames, true,
                aspect(header), facts, new NiftiFrame(own, type, count == 1 ? data : null), DroppedChannels.NONE,
                List.of());
    }

    /** Columns, rows and slices. */
    private static int[] dimensions(Path file, NiftiHeader header) throws ImageFormatException {
        double axes = header.get(Field.DIM, 0);
        if (axes < 2 || axes > 7) {
            throw new ImageFormatException(file, "has " + (long) axes + " axes; 2 or more are needed");
        }
        double slices = 1;
        for (int i = 1; i <= axes; i++) {
            double d = header.get(Field.DIM, i);
            if (d < 1 || d > Integer.MAX_VALUE) {
                throw new ImageFormatException(file,
                        "damaged NIfTI header (axis " + i + " has extent " + (long) d + ")");
            }
            slices = i > 2 ? slices * d : 1;
            if (slices > Integer.MAX_VALUE) {
                throw new ImageFormatException(file, "damaged NIfTI header (too many slices)");
            }
        }
        return new int[]{(int) header.get(Field.DIM, 1), (int) header.get(Field.DIM, 2), (int) slices};
    }

    private static PixelMeaning meaning(Path file, NiftiHeader header, NiftiType type) throws ImageFormatException {
        if (type.isColour()) {
            return PixelMeaning.plain(Photometric.RGB, new Depth(8, false));
        }
        double slope = header.get(Field.SCL_SLOPE, 0);
        double intercept = header.get(Field.SCL_INTER, 0);
        boolean scaled = slope != 0 && Double.isFinite(slope);
        if (scaled && !Double.isFinite(intercept)) {
            throw new ImageFormatException(file, "damaged NIfTI header (scl_inter " + intercept + ")");
        }
        double min = header.get(Field.CAL_MIN, 0);
        double max = header.get(Field.CAL_MAX, 0);
        Voi view = min < max && Double.isFinite(max - min)
                ? new Voi.Range(min, max, "cal_min and cal_max of the header")
                : null;
        ModalityTransform modality = scaled && (slope != 1 || intercept != 0)
                ? new ModalityTransform.Rescale(slope, intercept)
                : ModalityTransform.IDENTITY;
        return new PixelMeaning(Photometric.MONOCHROME2, Depth.UNKNOWN, modality, List.of(), view, Padding.NONE, null);
    }

    private static double aspect(NiftiHeader header) {
        double ratio = header.get(Field.PIXDIM, 2) / header.get(Field.PIXDIM, 1);
        return ratio > 0 && Double.isFinite(ratio) ? ratio : 1;
    }
}
