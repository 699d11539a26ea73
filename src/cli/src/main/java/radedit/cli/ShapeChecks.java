package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import radedit.imaging.Film;
import radedit.imaging.FilmSizes;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;

/**
 * Finds masks in words that lie outside of their films, before anything is done. Films' headers are enough for that, each read
 * once; only where they speak of a fault is a film read, since it may be stored rotated.
 */
final class ShapeChecks {
    /** Faults that are enough for a message; what follows is not looked at. */
    private static final int MOST_FAULTS = 50;

    private record Question(Path film, String mask, boolean inverted) {}

    private final FilmSizes sizes = new FilmSizes();
    private final Map<Question, Optional<String>> known = new HashMap<>();
    private int faults;

    /**
     * {@return what is wrong with a mask; empty if nothing is, or if only reading the film would tell}
     *
     * @param film
     *            the film's file
     * @param inverted
     *            whether everything but the mask is meant
     * @param read
     *            reads the film
     */
    Optional<String> fault(Path film, MaskSource mask, boolean inverted, Supplier<Film> read) {
        return faults >= MOST_FAULTS
                ? Optional.empty()
                : known.computeIfAbsent(new Question(film, mask.text(), inverted),
                        q -> find(film, mask, inverted, read));
    }

    private Optional<String> find(Path file, MaskSource mask, boolean inverted, Supplier<Film> read) {
        try {
            var size = sizes.of(file);
            if (size.isEmpty()) {
                return Optional.empty();
            }
            Extent extent = Extent.checked("", size.get().columns(), size.get().rows());
            if (mask.isNothing() || mask.touches(extent) && !(inverted && mask.covers(extent))) {
                return Optional.empty();
            }
        } catch (ImageRequestException e) {
            // looked at again below
        } catch (ImageFormatException e) {
            return Optional.empty(); // a size that no film has: reading says so
        }
        Film film;
        try {
            film = read.get();
        } catch (RuntimeException e) {
            return Optional.empty(); // a film that cannot be read fails alone
        }
        try {
            Extent extent = new Extent(film.columns(), film.rows());
            mask.read(extent, note -> {
            });
            if (!inverted || !mask.covers(extent)) {
                return Optional.empty();
            }
            faults++;
            return Optional.of(mask + ", inverted, is an empty mask: it covers the film of " + extent.width() + " x "
                    + extent.height());
        } catch (IOException e) {
            faults++;
            return Optional.of(OptionNames.in(e));
        }
    }
}
