package radedit.serve;

import java.nio.file.Path;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.FilmReader;
import radedit.imaging.mask.Extent;

/**
 * A film on this server.
 *
 * @param id
 *            its name
 * @param folder
 *            its folder
 * @param json
 *            what clients are told of it
 * @param sha256
 *            of its file
 */
record StoredFilm(String id, Path folder, ObjectNode json, String sha256) {
    /** The file as it was sent. */
    Path file() {
        return folder.resolve("film");
    }

    /** Its samples, as {@link FilmSamples} has them. */
    Path samples() {
        return folder.resolve("samples");
    }

    Path masks() {
        return folder.resolve("masks");
    }

    /** The draft of a mask. */
    Path draft(String role) {
        return folder.resolve("draft-" + role + ".png");
    }

    Extent extent() {
        return new Extent(json.get("width").asInt(), json.get("height").asInt());
    }

    int frames() {
        return json.get("frames").asInt();
    }

    /** The frame as a reader wants it, which is the whole of a file with one frame. */
    int frame() {
        return frames() == 1 ? FilmReader.ALL_FRAMES : json.get("frame").asInt();
    }

    boolean isDicom() {
        return json.get("format").asText().equals("DICOM");
    }

    String name() {
        return json.get("name").asText();
    }
}
