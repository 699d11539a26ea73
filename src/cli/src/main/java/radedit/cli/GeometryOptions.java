package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import radedit.files.OutputFile;
import radedit.imaging.Comparison;
import radedit.imaging.Film;
import radedit.imaging.Images;
import radedit.imaging.NativeEdit;
import radedit.imaging.Picture;
import radedit.message.Message;
import radedit.picture.PictureFile;
import radedit.pipeline.EditRequest;
import radedit.pipeline.EditDetails;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.Metadata;
import radedit.pipeline.Result;

/** Options for putting an edit back into the film, and for the preview. */
final class GeometryOptions {
    @Option(names = "--native", description = "put the edited region back into the film at its own size and bit depth; everything else stays bit-identical")
    private boolean nativeSize;

    @Option(names = "--feather", paramLabel = "N", description = "with --native: pixels around the edit mask over which the edit fades out (default: 8)")
    private @Nullable Integer feather;

    @Option(names = "--preview", paramLabel = "F", description = "draw the film, the masks, the result and the difference side by side (PNG)")
    private @Nullable Path preview;

    /** Checks output files before the work. */
    void check(OutputOptions output, Path... inputs) throws IOException {
        if (feather != null && !nativeSize) {
            throw new InvalidRequestException("--feather needs --native");
        }
        if (nativeSize) {
            output.requireFilmsForm("--native");
        }
        if (preview == null) {
            return;
        }
        Outputs.requirePng("--preview", preview);
        Outputs.requireDistinct("--preview ", preview, inputs);
        Outputs.requireDistinct("--preview ", preview, output.path());
        OutputFile.check(preview);
    }

    /** Sets the options in a request, if the film permits them. */
    void apply(EditRequest request, Film film, OutputOptions output, Listener listener) {
        if (!nativeSize) {
            return;
        }
        Message obstacle = NativeEdit.obstacle(film);
        obstacle = obstacle == null ? obstacle(film, output) : obstacle;
        if (obstacle != null) {
            throw new InvalidInputException(Message.of(film.file(), ": cannot use --native: it ", obstacle));
        }
        if (output.isPng() && !film.isColour() && film.meaning(0).isInverted()) {
            listener.warning("a PNG of stored values does not know that 0 is white in this film (" + film.format()
                    + "): viewers will show it inverted; DICOM (-o x.dcm) keeps the polarity");
        } else if (output.isPng() && List.of("DICOM", "NIfTI", "MetaImage", "NRRD").contains(film.format())
                && !film.isColour()) {
            listener.warning("a PNG of stored values knows nothing of the film's window or padding (" + film.format()
                    + "): viewers will show it differently");
        }
        request.nativeSize(feather == null ? 8 : feather);
    }

    /** The reason why a film's stored values cannot be written to the output; null if they can. */
    private static @Nullable Message obstacle(Film film, OutputOptions output) {
        if (output.isDicom()) {
            return PictureFile.obstacle(film, PictureFile.Form.DICOM);
        }
        if (output.isNifti()) {
            return PictureFile.obstacle(film, PictureFile.Form.NIFTI);
        }
        return output.isPng() ? PictureFile.obstacle(film, PictureFile.Form.PNG) : null;
    }

    /** Writes the preview. */
    void write(Result result, PrintWriter out, boolean say) throws IOException {
        EditDetails e = result.editDetails();
        if (preview == null || e == null) {
            return;
        }
        Picture p = Comparison.draw(e.film(), e.film().channels() == 1 ? result.grey(0) : result.rgb(0),
                e.blendWeight(),
                e.filmArea(), e.masks());
        OutputFile.write(preview, stream -> Images.writePng(stream, p, Metadata.text()));
        if (say) {
            out.println(preview);
        }
    }
}
