package radedit.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.cli.OutputOptions.Kind;
import radedit.files.OutputFile;
import radedit.imaging.NativeEdit;
import radedit.imaging.dicom.SecondaryCapture;
import radedit.imaging.pixel.PixelArray;
import radedit.picture.PictureFile;
import radedit.pipeline.Metadata;
import radedit.pipeline.Result;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Writes the pictures of a command as soon as they are complete, and reports their files. */
final class ResultWriter implements Closeable {
    private final OutputOptions options;
    private final OutputNames names;
    private final PrintWriter out;
    private final boolean printsNames;
    private final SecondaryCapture.Series series = SecondaryCapture.Series.begin();
    private final List<Path> written = new ArrayList<>();
    private final List<Map<String, Object>> settings = new ArrayList<>();
    private final List<Tensor> latents = new ArrayList<>();
    private @Nullable Shared shared;
    /** The film with the edit put back; null for none. */
    private @Nullable PixelArray stored;

    /** Pictures that share a file and wait for the others, and the first of them, which names the file. */
    private record Shared(OutputNames.Labels first, Spool waiting) {}

    ResultWriter(OutputOptions options, OutputNames names, PrintWriter out, boolean quiet) {
        this.options = options;
        this.names = names;
        this.out = out;
        this.printsNames = options.printsNames() && !quiet;
    }

    /** Writes a picture, or spools it if it shares a file with others. */
    void add(OutputNames.Labels picture, Result result) throws IOException {
        settings.addAll(result.settings());
        NativeEdit.Outcome restored = result.editDetails() == null ? null : result.editDetails().nativeEdit();
        stored = restored == null ? null : restored.stored();
        if (options.latents() != null) {
            latents.add(result.latents());
        }
        if (options.isOneFile()) {
            if (shared == null) {
                shared = new Shared(picture, Spool.beside(names.place(picture), result.images().shape()));
            }
            shared.waiting.add(result.images());
        } else if (Stdout.isMeant(options.path())) {
            PictureFile.of(result, options.bits(), options.rgb()).writeTo(System.out, false, false);
            System.out.flush();
        } else {
            written(names.write(picture, content(names.place(picture), picture, result)));
        }
    }

    private OutputFile.Content content(Path file, OutputNames.Labels picture, Result result) throws IOException {
        return switch (Kind.of(file)) {
            case DICOM ->
                    options.dicom().of(series, picture.number(), result, options.bits(), options.rgb())::writeTo;
            case SAFETENSORS -> tensors(result.images().shape(), sink -> {
                for (double v : result.images().data()) {
                    sink.put(v);
                }
            }, result.settings())::writeTo;
            default -> {
                PictureFile content = PictureFile.of(result, options.bits(), options.rgb());
                boolean zip = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
                yield stream -> content.writeTo(stream, Kind.of(file) == Kind.NIFTI, zip);
            }
        };
    }

    private SafetensorsWriter tensors(Shape shape, SafetensorsWriter.Source images, List<Map<String, Object>> about)
            throws IOException {
        return tensors(shape, images, about, stored);
    }

    /**
     * Pictures as tensors.
     *
     * @param stored
     *            the film with the edit put back; null for none
     */
    static SafetensorsWriter tensors(Shape shape, SafetensorsWriter.Source images, List<Map<String, Object>> about,
            @Nullable PixelArray stored) throws IOException {
        SafetensorsWriter w = new SafetensorsWriter().add("image", DType.F32, shape, images);
        w.metadata(Metadata.KEY, Metadata.json(about));
        if (stored != null) {
            PictureFile.addStored(w, stored);
        }
        return w;
    }

    private void written(Path file) {
        written.add(file);
        if (printsNames) {
            out.println(file);
            out.flush();
        }
    }

    /** Files written so far. */
    List<Path> written() {
        return List.copyOf(written);
    }

    /** Discards spooled pictures. */
    @Override
    public void close() throws IOException {
        if (shared != null) {
            shared.waiting.close();
        }
    }

    /** Writes spooled pictures and the report. */
    void finish(double seconds) throws IOException {
        if (shared != null) {
            Spool all = shared.waiting;
            written(names.write(shared.first, tensors(all.shape(), all::copyTo, settings)::writeTo));
        }
        if (options.latents() != null) {
            OutputFile.write(options.latents(),
                    new SafetensorsWriter().add("latent", DType.F32, Tensor.concat(latents))::writeTo);
        }
        if (options.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("outputs", written.stream().map(Path::toString).toList());
            if (options.latents() != null) {
                document.put("latents", options.latents().toString());
            }
            document.put("seconds", Math.round(seconds * 1000) / 1000.0);
            document.put("images", settings);
            out.println(OutputOptions.JSON.writeValueAsString(document));
        }
    }
}
