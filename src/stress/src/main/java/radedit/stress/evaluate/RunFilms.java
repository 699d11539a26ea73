package radedit.stress.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.imaging.Images;
import radedit.stress.FinishedCase;
import radedit.stress.FinishedRun;
import radedit.undertest.GreyFilm;

/** The films of a run that a model is asked about: those before the edits, each once, and the edited ones. */
public final class RunFilms {
    private final Map<String, Path> files = new LinkedHashMap<>();
    private final int originals;

    private RunFilms(List<FinishedCase> cases) {
        for (FinishedCase c : cases) {
            FinishedCase.Files f = c.files();
            if (f != null) {
                files.put(c.originalName(), f.original());
            }
        }
        originals = files.size();
        for (FinishedCase c : cases) {
            FinishedCase.Files f = c.files();
            if (f != null) {
                files.put(c.plan().id(), f.image());
            }
        }
    }

    /**
     * {@return the films of a run}
     *
     * @param run
     *            the run
     */
    public static RunFilms of(FinishedRun run) {
        return new RunFilms(run.cases());
    }

    /** {@return the names of all films: {@code original-HASH}, then those of cases} */
    public List<String> names() {
        return List.copyOf(files.keySet());
    }

    /** {@return the names of the films before the edits} */
    public List<String> originals() {
        return names().subList(0, originals);
    }

    /**
     * {@return the file of a film}
     *
     * @param name
     *            its name
     * @throws IllegalArgumentException
     *             if there is no such film
     */
    public Path file(String name) {
        Path file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no film " + name);
        }
        return file;
    }

    /**
     * {@return a film}
     *
     * @param name
     *            its name
     * @throws IOException
     *             if it cannot be read
     */
    public GreyFilm film(String name) throws IOException {
        return GreyFilm.of(Images.read(file(name)));
    }
}
