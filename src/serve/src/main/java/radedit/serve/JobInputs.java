package radedit.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.Loader;
import radedit.imaging.WindowChoice;

/** The files in a job's folder that it is made of. They are its own, so that films and masks may be deleted. */
final class JobInputs {
    static final String FILM = "film";
    static final String ORIGINAL = "original";
    static final String EDIT_MASK = "edit-mask.png";
    static final String KEEP_MASK = "keep-mask.png";

    Path film(Job job) {
        return job.folder().resolve(FILM);
    }

    Path editMask(Job job) {
        return job.folder().resolve(EDIT_MASK);
    }

    Path keepMask(Job job) {
        return job.folder().resolve(KEEP_MASK);
    }

    boolean hasKeepMask(Job job) {
        return Files.exists(keepMask(job));
    }

    /** The film as a request for an edit wants it. */
    Film film(Job job, JsonNode r) throws IOException {
        return FilmInspector.read(film(job), Requests.loader(r), job.internal().get("frame").asInt(),
                Requests.window(r.hasNonNull("window") ? r.get("window").asText() : null));
    }

    /** A film as the image encoder sees it. */
    Film scored(Job job, String name) throws IOException {
        return radedit.imaging.Films.read(job.folder().resolve(name),
                new FilmOptions(Loader.HIML, job.internal().get(name.equals(FILM) ? "frame" : "original_frame").asInt(),
                        WindowChoice.FROM_FILE));
    }
}
