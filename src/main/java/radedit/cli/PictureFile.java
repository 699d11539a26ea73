package radedit.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

import radedit.imaging.Film;
import radedit.imaging.Images;
import radedit.imaging.NativeEdit;
import radedit.imaging.NiftiWriter;
import radedit.imaging.Picture;
import radedit.imaging.dicom.MeaningWriter;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.Voi;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Metadata;
import radedit.pipeline.Result;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.weights.SafetensorsWriter;

/**
 * A picture on its way into a file: the model's in 8 or 16 bits, or a film's stored values with an edit put back into
 * them.
 *
 * @param bits
 *            of a PNG's samples
 * @param range
 *            that a NIfTI file's voxels must hold
 * @param shown
 *            what a NIfTI file says is black and white; null for nothing
 */
record PictureFile(PixelArray samples, int bits, int[] range, double[] shown, ModalityTransform modality, double aspect,
        Map<String, Object> settings) {

    /** The picture of a result. */
    static PictureFile of(Result result, int bits, boolean rgb) {
        Map<String, Object> settings = result.settings().getFirst();
        if (result.edited() != null && result.edited().restored() != null) {
            return of(result.edited().restored(), settings);
        }
        Picture p = rgb ? result.rgb(0) : result.grey(0);
        int[] samples = new int[p.samples().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = p.samples()[i] & 0xFF;
        }
        PixelArray pixels = PixelArray.of(1, p.height(), p.width(), p.channels(),
                bits == 8 ? samples : result.samples16(0, rgb));
        return new PictureFile(pixels, bits, new int[]{0, (1 << bits) - 1},
                new double[]{0, (1 << bits) - 1}, ModalityTransform.IDENTITY, 1, settings);
    }

    private static PictureFile of(NativeEdit.Outcome restored, Map<String, Object> settings) {
        Film film = restored.film();
        Depth depth = film.meaning(0).depth();
        double[] range = depth.isKnown()
                ? new double[]{depth.min(), depth.max()}
                : film.pixels().range(0, film.pixels().size(), v -> v, v -> true);
        return new PictureFile(restored.stored(), depth.bits() <= 8 && depth.isKnown() ? 8 : 16,
                new int[]{(int) range[0], (int) range[1]},
                film.meaning(0).view() instanceof Voi.Range r ? new double[]{r.min(), r.max()} : null,
                film.meaning(0).modality(), film.pixelAspect(), settings);
    }

    /**
     * Says why a film's stored values cannot be written as they are.
     *
     * @return null if they can
     */
    static String obstacle(Film film, OutputOptions output) {
        boolean png = output.isPng();
        if (output.isDicom()) {
            return MeaningWriter.obstacle(film);
        }
        if (output.isNifti() && film.isColour()) {
            return "is in colour, which NIfTI does not hold; PNG (-o x.png) does";
        }
        if (png && film.pixels().range(0, film.pixels().size(), v -> v, v -> true)[0] < 0) {
            return "has negative stored values, which PNG cannot hold; NIfTI (-o x.nii.gz) can";
        }
        if (png && film.meaning(0).depth().signed() && film.meaning(0).depth().isKnown()) {
            return "has signed values, which PNG cannot hold; NIfTI (-o x.nii.gz) can";
        }
        return null;
    }

    void writeTo(OutputStream out, boolean nifti, boolean zip) throws IOException {
        if (nifti) {
            if (samples.samples() != 1) {
                throw new InvalidRequestException("NIfTI holds grey pictures; colours go to PNG");
            }
            NiftiWriter.write(out, samples, range, shown, modality, aspect, (String) settings.get("notice"),
                    Metadata.json(settings), zip);
            return;
        }
        Images.writePng(out, samples.columns(), samples.rows(), samples.samples(), bits, samples.integers(),
                Metadata.text(settings));
    }

    /** Adds stored values as the tensor native, [rows, columns] or with colours [rows, columns, 3]. */
    static void addStored(SafetensorsWriter w, PixelArray stored) {
        Shape shape = stored.samples() == 1
                ? Shape.of(stored.rows(), stored.columns())
                : Shape.of(stored.rows(), stored.columns(), stored.samples());
        w.add("native", DType.I32, shape, sink -> {
            for (int v : stored.integers()) {
                sink.put(v);
            }
        });
    }
}
