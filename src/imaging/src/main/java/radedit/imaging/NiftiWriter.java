package radedit.imaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelArray;

/**
 * Writes NIfTI in one file with one slice: the first axis is the column, the second the row, as in {@link NiftiReader}
 * and SimpleITK. The comment is a header extension with code 6. Extensions of a film's own file are not copied, since
 * they may name a patient.
 */
public final class NiftiWriter {
    private static final int COMMENT = 6;
    /** Integer types, smallest first. */
    private static final List<NiftiType> WHOLE = List.of(NiftiType.UINT8, NiftiType.UINT16, NiftiType.INT16,
            NiftiType.INT32);

    private NiftiWriter() {
    }

    /**
     * Texts in the file.
     *
     * @param description
     *            the header's {@code descrip}, cut after 79 characters
     * @param comment
     *            the comment extension, written in UTF-8
     */
    public record Words(String description, String comment) {}

    /**
     * Writes a film's own header and voxels with some values replaced; all others stay the same to the bit.
     *
     * @param out
     *            left open
     * @param space
     *            the film's header and voxels
     * @param read
     *            the values as they were read
     * @param other
     *            the values to write
     * @param words
     *            description and comment
     * @param zip
     *            whether to gzip
     * @throws IOException
     *            if {@code out} fails
     */
    public static void writeLike(OutputStream out, NiftiFrame space, PixelArray read, PixelArray other, Words words,
            boolean zip) throws IOException {
        write(out, space.header(), space.voxels(read, other), words, zip);
    }

    /**
     * Writes values.
     *
     * @param out
     *            left open
     * @param values
     *            one frame, one sample per pixel
     * @param range
     *            the lowest and highest integer that the voxel type must hold; unused for floating-point values
     * @param shown
     *            the values that are black and white (cal_min, cal_max); null for none
     * @param modality
     *            written as slope and intercept if it is a {@link ModalityTransform.Rescale}
     * @param film
     *            spacing and position of the film that the values belong to, or were made of
     * @param aspect
     *            height of a pixel over its width, where {@code film} says nothing
     * @param placement
     *            how the values were made of the film; null if they are its own pixels
     * @param words
     *            description and comment
     * @param zip
     *            whether to gzip
     * @throws IOException
     *            if {@code out} fails
     */
    public static void write(OutputStream out, PixelArray values, double[] range, double @Nullable [] shown,
            ModalityTransform modality, FilmSpace film, double aspect, @Nullable Placement placement, Words words,
            boolean zip) throws IOException {
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
