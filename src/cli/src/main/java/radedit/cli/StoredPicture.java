package radedit.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.files.OutputFile;
import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.NativeEdit;
import radedit.imaging.dicom.DicomSource;
import radedit.imaging.dicom.SecondaryCapture;
import radedit.imaging.pixel.PixelArray;
import radedit.picture.DicomObjects;
import radedit.picture.PictureFile;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.Result;
import radedit.safetensors.Safetensors;
import radedit.safetensors.TensorInfo;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * A picture's file, whose stored values a replay is compared with. The replay is written in the same format, and both files are
 * read in the same way.
 *
 * @param film
 *            its stored values; null for tensors
 */
record StoredPicture(Path file, @Nullable Film film) {
    private static final String TENSORS = ".safetensors";
    private static final String IMAGE = "image";
    private static final String NATIVE = "native";

    static StoredPicture read(Path file) {
        return new StoredPicture(file, isTensors(file) ? null : Inputs.read(file, Films::read));
    }

    private static boolean isTensors(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(TENSORS);
    }

    /** The ending of files of this format. */
    String ending() {
        if (film == null) {
            return TENSORS;
        }
        String name = file.toString().toLowerCase(Locale.ROOT);
        return switch (film.format()) {
            case "PNG" -> ".png";
            case "DICOM" -> ".dcm";
            case "NIfTI" -> name.endsWith(".gz") ? ".nii.gz" : ".nii";
            default -> throw new InvalidInputException(file + ": RadEdit writes no " + film.format());
        };
    }

    boolean isDicom() {
        return film != null && film.format().equals("DICOM");
    }

    /** The size of a picture in pixels. */
    record Size(int width, int height) {}

    Size size() throws IOException {
        if (film != null) {
            return new Size(film.columns(), film.rows());
        }
        try (Safetensors s = Safetensors.open(file)) {
            Shape shape = image(s);
            return new Size(shape.dim(3), shape.dim(2));
        }
    }

    private Shape image(Safetensors s) {
        TensorInfo info = s.tensors().get(IMAGE);
        if (info == null || info.shape().rank() != 4 || info.shape().dim(1) != 3) {
            throw new InvalidInputException(file + ": has no tensor 'image' of [pictures, 3, height, width]");
        }
        return info.shape();
    }

    /** Writes replayed pictures in this file's format. */
    void write(Path to, List<Result> results, @Nullable Film edited) throws IOException {
        OutputFile.write(to, out -> write(out, results, edited));
    }

    private void write(OutputStream out, List<Result> results, @Nullable Film edited) throws IOException {
        Result result = results.getFirst();
        if (film == null) {
            Tensor all = Tensor.concat(results.stream().map(Result::images).toList());
            List<Map<String, Object>> settings = results.stream().flatMap(r -> r.settings().stream()).toList();
            NativeEdit.Outcome restored = result.editDetails() == null ? null : result.editDetails().nativeEdit();
            ResultWriter.tensors(all.shape(), sink -> {
                for (double v : all.data()) {
                    sink.put(v);
                }
            }, settings, restored == null ? null : restored.stored()).writeTo(out);
            return;
        }
        int bits = film.meaning(0).depth().isKnown() && film.meaning(0).depth().bits() > 8 ? 16 : 8;
        if (isDicom()) {
            DicomSource source = edited == null || !edited.format().equals("DICOM")
                    ? null
                    : DicomSource.of(edited.file());
            new DicomObjects(source, SecondaryCapture.Identity.REMOVED)
                    .of(SecondaryCapture.Series.begin(), 1, result, bits, film.isColour()).writeTo(out);
            return;
        }
        PictureFile.of(result, bits, film.isColour()).writeTo(out, film.format().equals("NIfTI"),
                ending().endsWith(".gz"));
    }

    /** Compares with a file of the same format: each picture, and the film with the edit put back, by name. */
    Map<String, PictureDifference> compare(StoredPicture other) throws IOException {
        Map<String, PictureDifference> all = new LinkedHashMap<>();
        if (film != null && other.film != null) {
            all.put(IMAGE, compare(film.pixels(), other.film.pixels()));
            return all;
        }
        try (Safetensors a = Safetensors.open(file); Safetensors b = Safetensors.open(other.file)) {
            Shape shape = image(a);
            requireSame(shape.equals(image(b)) && a.tensors().containsKey(NATIVE) == b.tensors().containsKey(NATIVE));
            Tensor x = a.read(IMAGE);
            Tensor y = b.read(IMAGE);
            int plane = shape.dim(2) * shape.dim(3);
            for (int k = 0; k < shape.dim(0); k++) {
                int from = 3 * plane * k;
                all.put(shape.dim(0) == 1 ? IMAGE : "picture " + (k + 1), PictureDifference.of(plane, 3,
                        (i, s) -> x.data()[from + s * plane + i], (i, s) -> y.data()[from + s * plane + i]));
            }
            if (a.tensors().containsKey(NATIVE)) {
                Tensor n = a.read(NATIVE);
                Tensor m = b.read(NATIVE);
                requireSame(n.shape().equals(m.shape()));
                int samples = n.shape().rank() == 3 ? n.shape().dim(2) : 1;
                all.put(NATIVE, PictureDifference.of(n.data().length / samples, samples,
                        (i, s) -> n.data()[i * samples + s], (i, s) -> m.data()[i * samples + s]));
            }
        }
        return all;
    }

    private PictureDifference compare(PixelArray a, PixelArray b) {
        requireSame(a.rows() == b.rows() && a.columns() == b.columns() && a.samples() == b.samples()
                && a.frames() == b.frames());
        return PictureDifference.of(a, b);
    }

    private void requireSame(boolean form) {
        if (!form) {
            throw new InvalidInputException(file
                    + ": has another size or form than its settings say; it is not the picture that they were written for");
        }
    }

    /** A file for the replay that is not kept. */
    Path temporary(Path folder) {
        return folder.resolve("replay" + ending());
    }

    /** Whether a name is that of a file of this format. */
    boolean isSameFormat(Path to) {
        return to.toString().toLowerCase(Locale.ROOT).endsWith(ending());
    }

    /** Copies a file whole or not at all. */
    static void copy(Path from, Path to) throws IOException {
        OutputFile.write(to, out -> Files.copy(from, out));
    }
}
