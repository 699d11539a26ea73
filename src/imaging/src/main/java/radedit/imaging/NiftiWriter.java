package radedit.imaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelArray;

/**
 * NIfTI in one file with one slice: the first axis is the column, the second the row, as {@link NiftiReader} and SimpleITK
 * have it. A text travels as a header extension of the kind for comments; extensions of a film's own file are not taken
 * over, since they may name a patient.
 */
public final class NiftiWriter {
    private static final int COMMENT = 6;
    /** The smallest type that holds the values first. */
    private static final List<NiftiType> WHOLE = List.of(NiftiType.UINT8, NiftiType.UINT16, NiftiType.INT16,
            NiftiType.INT32);

    private NiftiWriter() {
    }

    /** What is written of a picture beside its values. */
    public record Words(String description, String comment) {}

    /**
     * Writes a film's values with others in some places: header and all other voxels stay as in its file.
     *
     * @param space
     *            the film's
     * @param read
     *            values as they were read
     * @param other
     *            values as they shall be
     */
    public static void writeLike(OutputStream out, NiftiFrame space, PixelArray read, PixelArray other, Words words,
            boolean zip) throws IOException {
        write(out, space.header(), space.voxels(read, other), words, zip);
    }

    /**
     * Writes values.
     *
     * @param values
     *            one frame, one sample a pixel
     * @param range
     *            the lowest and highest whole number that the voxels must be able to hold; not used of other numbers
     * @param shown
     *            the values that are black and white (cal_min, cal_max); null to say nothing
     * @param modality
     *            written as slope and intercept if it is that
     * @param film
     *            where the film that the values are of, or come from, lies
     * @param aspect
     *            height of one of its pixels over its width, where nothing else is known
     * @param placement
     *            how the values were made of the film; null if they are the film's own pixels
     */
    public static void write(OutputStream out, PixelArray values, double[] range, double[] shown,
            ModalityTransform modality, FilmSpace film, double aspect, Placement placement, Words words, boolean zip)
            throws IOException {
        NiftiType type = values.isInteger() ? whole(range) : NiftiType.FLOAT64;
        int columns = placement == null ? values.columns() : placement.columns();
        int rows = placement == null ? values.rows() : placement.rows();
        NiftiHeader header = switch (film) {
            case NiftiFrame own -> own.header().withoutIntent();
            case PixelSpacing s -> new NiftiTransforms(NiftiHeader.blank(columns, rows, aspect)).spaced(s).header();
            case FilmSpace.Unknown u ->
                    NiftiHeader.blank(values.columns(), values.rows(), placement == null ? aspect : 1);
        };
        if (placement != null && !(film instanceof FilmSpace.Unknown)) {
            new NiftiTransforms(header).resampled(placement);
        }
        boolean scaled = modality instanceof ModalityTransform.Rescale;
        header.voxels(type, scaled ? ((ModalityTransform.Rescale) modality).slope() : 1,
                scaled ? ((ModalityTransform.Rescale) modality).intercept() : 0, shown);
        byte[] voxels = new byte[values.size() * type.bytes()];
        ByteBuffer b = ByteBuffer.wrap(voxels).order(header.order());
        for (int i = 0; i < values.size(); i++) {
            type.write(b, i, values.at(i));
        }
        write(out, header, voxels, words, zip);
    }

    private static NiftiType whole(double[] range) {
        return WHOLE.stream().filter(t -> t.holds(range[0], range[1])).findFirst().orElse(NiftiType.INT32);
    }

    private static void write(OutputStream out, NiftiHeader header, byte[] voxels, Words words, boolean zip)
            throws IOException {
        byte[] comment = words.comment().getBytes(StandardCharsets.UTF_8);
        int extension = (8 + comment.length + 15) / 16 * 16;
        int start = header.firstVoxel() + extension;
        ByteBuffer head = ByteBuffer.allocate(start).order(header.order());
        head.put(header.described(words.description(), start).bytes());
        head.put(header.firstVoxel() - NiftiHeader.EXTENDER, (byte) 1);
        head.putInt(header.firstVoxel(), extension).putInt(header.firstVoxel() + 4, COMMENT)
                .put(header.firstVoxel() + 8, comment);
        if (zip) {
            GZIPOutputStream z = new GZIPOutputStream(out, 1 << 16);
            z.write(head.array());
            z.write(voxels);
            z.finish();
        } else {
            out.write(head.array());
            out.write(voxels);
        }
    }
}
