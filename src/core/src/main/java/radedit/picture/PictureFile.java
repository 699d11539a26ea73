package radedit.picture;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Film;
import radedit.imaging.FilmSpace;
import radedit.imaging.Images;
import radedit.imaging.NativeEdit;
import radedit.imaging.NiftiFrame;
import radedit.imaging.NiftiWriter;
import radedit.imaging.Picture;
import radedit.imaging.Placement;
import radedit.imaging.dicom.MeaningWriter;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.Voi;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.pipeline.EditDetails;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Metadata;
import radedit.pipeline.Result;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;

/**
 * A picture to write: the model's in 8 or 16 bits, or a film's stored values with an edit put back.
 *
 * @param samples
 *            one frame, grey or red, green and blue
 * @param bits
 *            bits per sample of PNG
 * @param film
 *            the film that the stored values belong to; null for the model's picture
 * @param space
 *            spacing and position of the film from which the picture was made
 * @param placement
 *            position of that film in the picture; null without a film
 * @param settings
 *            everything needed to make the picture again
 */
public record PictureFile(PixelArray samples, int bits, @Nullable Film film, FilmSpace space,
        @Nullable Placement placement,
        Map<String, Object> settings) {
    private static final Message NIFTI_CAN = Message.of("NIfTI (", Setting.OUTPUT, " x.nii.gz) can");

    /** Formats of picture files. */
    public enum Form {
        /** Portable Network Graphics: unsigned integers of 8 or 16 bits. */
        PNG,
        /** DICOM, which {@link DicomObjects} makes. */
        DICOM,
        /** NIfTI, for grey pictures. */
        NIFTI
    }

    /**
     * {@return the picture of a result}
     *
     * @param result
     *            one picture
     * @param bits
     *            8 or 16; an edit at its film's native size has the film's own
     * @param rgb
     *            whether to write colours; likewise
     */
    public static PictureFile of(Result result, int bits, boolean rgb) {
        Map<String, Object> settings = result.settings().getFirst();
        EditDetails edited = result.editDetails();
        if (edited != null && edited.nativeEdit() != null) {
            Film film = edited.nativeEdit().film();
            Depth depth = film.meaning(0).depth();
            return new PictureFile(edited.nativeEdit().stored(), depth.bits() <= 8 && depth.isKnown() ? 8 : 16, film,
                    film.space(), null, settings);
        }
        Picture p = rgb ? result.rgb(0) : result.grey(0);
        int[] samples = new int[p.samples().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = p.samples()[i] & 0xFF;
        }
        PixelArray pixels = PixelArray.of(1, p.height(), p.width(), p.channels(),
                bits == 8 ? samples : result.samples16(0, rgb));
        return new PictureFile(pixels, bits, null, edited == null ? FilmSpace.UNKNOWN : edited.space(),
                edited == null ? null : edited.placement(), settings);
    }

    /**
     * {@return the reason why a film's stored values cannot be written as they are; null if they can}
     *
     * @param film
     *            the film
     * @param form
     *            the format to write
     */
    public static @Nullable Message obstacle(Film film, Form form) {
        return switch (form) {
            case DICOM -> MeaningWriter.obstacle(film);
            case NIFTI -> film.isColour() && !(film.space() instanceof NiftiFrame)
                    ? Message.of("is in colour, which NIfTI does not hold; PNG (", Setting.OUTPUT, " x.png) does")
                    : null;
            case PNG -> png(film);
        };
    }

    private static @Nullable Message png(Film film) {
        if (!film.pixels().isInteger()) {
            return Message.of("holds numbers that PNG cannot; ", NIFTI_CAN);
        }
        double[] range = film.pixels().range(0, film.pixels().size(), v -> v, v -> true);
        if (range[0] < 0 || range[1] > 0xFFFF) {
            return Message.of((range[0] < 0 ? "has negative stored values" : "has stored values beyond 16 bits")
                    + ", which PNG cannot hold; ", NIFTI_CAN);
        }
        return film.meaning(0).depth().signed() && film.meaning(0).depth().isKnown()
                ? Message.of("has signed values, which PNG cannot hold; ", NIFTI_CAN)
                : null;
    }

    /**
     * Writes PNG or NIfTI, with the settings.
     *
     * @param out
     *            left open
     * @param nifti
     *            whether to write NIfTI rather than PNG
     * @param zip
     *            whether to gzip NIfTI
     * @throws InvalidRequestException
     *             if NIfTI is asked for and the picture is in colour
     * @throws IOException
     *             if {@code out} fails
     */
    public void writeTo(OutputStream out, boolean nifti, boolean zip) throws IOException {
        if (nifti) {
            String notice = settings.getOrDefault("notice", Metadata.NOTICE).toString();
            writeNifti(out, new NiftiWriter.Words(notice, Metadata.json(settings)), zip);
            return;
        }
        Images.writePng(out, samples.columns(), samples.rows(), samples.samples(), bits, samples.integers(),
                Metadata.text(settings));
    }

    private void writeNifti(OutputStream out, NiftiWriter.Words words, boolean zip) throws IOException {
        if (film != null && space instanceof NiftiFrame own) {
            NiftiWriter.writeLike(out, own, film.pixels(), samples, words, zip);
            return;
        }
        if (samples.samples() != 1) {
            throw new InvalidRequestException("NIfTI holds grey pictures; colours go to PNG");
        }
        double[] all = {0, (1 << bits) - 1};
        if (film == null) {
            NiftiWriter.write(out, samples, all, all, ModalityTransform.IDENTITY, space, 1, placement, words, zip);
        } else {
            double[] shown = film.meaning(0).view() instanceof Voi.Range r ? new double[]{r.min(), r.max()} : null;
            NiftiWriter.write(out, samples, NativeEdit.range(film), shown, film.meaning(0).modality(), space,
                    film.pixelAspect(), null, words, zip);
        }
    }

    /**
     * Adds stored values as the tensor {@code native}, [rows, columns], or [rows, columns, 3] for colours.
     *
     * @param w
     *            the file to add to
     * @param stored
     *            one frame
     */
    public static void addStored(SafetensorsWriter w, PixelArray stored) {
        Shape shape = stored.samples() == 1
                ? Shape.of(stored.rows(), stored.columns())
                : Shape.of(stored.rows(), stored.columns(), stored.samples());
        w.add("native", stored.isInteger() ? DType.I32 : DType.F64, shape, sink -> {
            for (int i = 0; i < stored.size(); i++) {
                sink.put(stored.at(i));
            }
        });
    }
}
