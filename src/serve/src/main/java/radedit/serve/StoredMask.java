package radedit.serve;

import java.nio.file.Path;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A mask on this server, of its film's size.
 *
 * @param id
 *            its name
 * @param film
 *            the film that it belongs to
 * @param json
 *            what clients are told of it
 * @param sha256
 *            of its file
 */
record StoredMask(String id, StoredFilm film, ObjectNode json, String sha256) {
    /** PNG, 0 and 255. */
    Path file() {
        return film.masks().resolve(id + ".png");
    }
}
