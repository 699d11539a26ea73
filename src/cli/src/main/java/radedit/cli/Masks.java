package radedit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;

/** Reads masks in the users' notation. */
final class Masks {
    /** Kinds of sources, for help. */
    static final String SOURCES = "a file (PNG, DICOM, DICOM segmentation, NIfTI, safetensors, any film), box:X,Y,W,H,"
            + " polygon:'X,Y X,Y ...', rle:FILE.csv#id=NAME,column=NAME, landmarks:FILE.csv#id=NAME, all;"
            + " see 'radedit mask --help'";

    private Masks() {
    }

    /** Names of sources, for messages. */
    static String names(List<MaskSource> sources) {
        return String.join(", ", sources.stream().map(MaskSource::toString).toList());
    }

    /** Reads the union of masks for a film. */
    static Mask union(String name, List<MaskSource> sources, Extent film, Consumer<String> warning) {
        return sources.stream().map(s -> read(name, s, film, warning)).reduce(Mask::union).orElseThrow();
    }

    /**
     * Reads a mask for a film.
     *
     * @param name
     *            the mask's name in messages
     * @param film
     *            the film's size; null for the mask's own, which shapes do not have
     */
    static Mask read(String name, MaskSource source, @Nullable Extent film, Consumer<String> warning) {
        String from = source.file().map(Path::toString).orElseGet(source::toString);
        Mask m = Inputs.read(from, () -> source.read(film, warning));
        if (film == null || m.width() == film.width() && m.height() == film.height()) {
            return m;
        }
        warning.accept(name + " has " + m.width() + " x " + m.height() + " pixels, the film " + film.width() + " x "
                + film.height() + "; it is resized to the film's size (nearest)" + distortion(m, film));
        return m.resize(film.width(), film.height());
    }

    /** The warning about a mask whose aspect ratio differs from its film's. */
    private static String distortion(Mask m, Extent film) {
        double ratio = (double) m.width() * film.height() / ((double) m.height() * film.width());
        return Math.abs(Math.log(ratio)) < Math.log(1.02)
                ? ""
                : " and distorted, because its proportions differ; make sure that it was not drawn on a cropped film";
    }
}
