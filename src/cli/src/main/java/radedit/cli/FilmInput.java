package radedit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.FilmReader;
import radedit.imaging.Loader;
import radedit.imaging.WindowChoice;
import radedit.pipeline.InvalidRequestException;

/** Options for reading a film. */
final class FilmInput {
    /** Film formats, for help. */
    static final String FORMATS = "DICOM, PNG, JPEG, TIFF, NIfTI, MetaImage, NRRD, GIF, BMP or JPEG 2000";

    static final class WindowConverter implements ITypeConverter<WindowChoice> {
        @Override
        public WindowChoice convert(String value) {
            try {
                return WindowChoice.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(OptionNames.in(e));
            }
        }
    }

    @Option(names = "--loader", paramLabel = "NAME", defaultValue = "standard", description = "how values become grey levels: standard (as DICOM defines it), himl, pydicom-voi or torchxrayvision, as these"
            + " tools do (default: ${DEFAULT-VALUE})")
    private Loader loader;

    @Option(names = "--frame", paramLabel = "K", description = "frame, slice or page, counted from 1 (default: all)")
    private @Nullable Integer frame;

    @Option(names = "--window", paramLabel = "W", converter = WindowConverter.class, description = "the file's window of this number, counted from 1, or centre,width in modality values (default: as the file says)")
    private @Nullable WindowChoice window;

    FilmOptions options() {
        return new FilmOptions(loader, frame(frame), window == null ? WindowChoice.FROM_FILE : window);
    }

    /** Whether a frame or a window is given. */
    boolean isChosen() {
        return frame != null || window != null;
    }

    /** Refuses a given window that the loader ignores. */
    void requireEffect(Film film) {
        boolean blind = loader == Loader.HIML
                || loader == Loader.TORCHXRAYVISION && film.meaning(0).depth().isKnown();
        if (window != null && blind) {
            throw new InvalidRequestException("--window has no effect with --loader " + loader
                    + ", which ignores windows; leave one out");
        }
    }

    /** The frame number for a reader; all frames if not given. */
    static int frame(@Nullable Integer given) {
        if (given != null && given < 1) {
            throw new InvalidRequestException("--frame counts from 1, not " + given);
        }
        return given == null ? FilmReader.ALL_FRAMES : given;
    }
}
