package radedit.imaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import radedit.imaging.FilmReader.Match;

/** Sizes of many films as their headers say, each of which is read once. */
public final class FilmSizes {
    private final List<FilmReader> readers = Films.readers();
    private final Map<Path, Optional<FilmReader.Size>> known = new HashMap<>();

    /** Knows no film yet. */
    public FilmSizes() {
        // the readers are found above
    }

    /**
     * {@return the size of a film as it is stored; empty if it is not a film, or its header alone does not tell}
     *
     * @param film
     *            the film's file
     */
    public Optional<FilmReader.Size> of(Path film) {
        return known.computeIfAbsent(film, this::read);
    }

    private Optional<FilmReader.Size> read(Path film) {
        if (!Files.isRegularFile(film)) {
            return Optional.empty();
        }
        try {
            byte[] head = Films.head(film);
            for (FilmReader r : readers) {
                if (r.accepts(head) == Match.YES) {
                    return r.size(film);
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // reading says what is wrong
        }
        return Optional.empty();
    }
}
