package radedit.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.imaging.Images;
import radedit.imaging.Mask;

/** Masks of the films on this server. */
final class MaskStore {
    private static final int MOST_PER_FILM = 500;

    private final FilmStore films;
    private final Map<String, StoredMask> masks = new ConcurrentHashMap<>();

    MaskStore(FilmStore films) throws IOException {
        this.films = films;
        for (StoredFilm f : films.all()) {
            load(f);
        }
    }

    private void load(StoredFilm film) throws IOException {
        if (!Files.isDirectory(film.masks())) {
            return;
        }
        try (Stream<Path> all = Files.list(film.masks())) {
            for (Path p : all.filter(f -> f.toString().endsWith(".json")).toList()) {
                ObjectNode json = Json.read(p);
                StoredMask m = new StoredMask(json.path("id").asText(), film, json,
                        json.remove("sha256").asText());
                if (Ids.isOne(m.id()) && Files.isRegularFile(m.file())) {
                    masks.put(m.id(), m);
                }
            }
        }
    }

    /** The masks of a film, newest first. */
    List<StoredMask> of(StoredFilm film) {
        return masks.values().stream().filter(m -> m.film().id().equals(film.id()))
                .sorted(Comparator.comparing((StoredMask m) -> m.json().get("created").asText()).reversed()
                        .thenComparing(StoredMask::id))
                .toList();
    }

    /**
     * A mask.
     *
     * @throws HttpError
     *             404 if there is none
     */
    StoredMask get(String id) {
        StoredMask m = masks.get(id);
        if (m == null || films.all().stream().noneMatch(f -> f.id().equals(m.film().id()))) {
            throw HttpError.gone("mask");
        }
        return m;
    }

    Optional<StoredMask> withHash(StoredFilm film, String sha256) {
        return of(film).stream().filter(m -> m.sha256().equals(sha256)).findFirst();
    }

    /**
     * Adds a mask of a film.
     *
     * @param source
     *            where it comes from, in words
     */
    StoredMask add(StoredFilm film, Mask mask, String source, List<String> warnings) throws IOException {
        if (of(film).size() >= MOST_PER_FILM) {
            throw new HttpError(507, "this server keeps at most " + MOST_PER_FILM + " masks of a film; delete some");
        }
        String id = Ids.random();
        ObjectNode json = Json.object();
        json.put("id", id).put("film", film.id()).put("created", FilmStore.now()).put("width", mask.width())
                .put("height", mask.height()).put("count", mask.count()).put("source", source);
        ArrayNode said = json.putArray("warnings");
        warnings.forEach(said::add);
        byte[] png = Pngs.of(mask);
        StoredMask stored = new StoredMask(id, film, json, Digests.hex(png));
        FilmStore.write(stored.file(), png);
        FilmStore.write(film.masks().resolve(id + ".json"),
                Json.pretty(json.deepCopy().put("sha256", stored.sha256())));
        masks.put(id, stored);
        return stored;
    }

    void delete(String id) throws IOException {
        StoredMask m = get(id);
        masks.remove(id);
        Files.deleteIfExists(m.film().masks().resolve(id + ".json"));
        Files.deleteIfExists(m.file());
    }

    /** Forgets the masks of a film that was deleted. */
    void forget(StoredFilm film) {
        masks.values().removeIf(m -> m.film().id().equals(film.id()));
    }

    /** The pixels of a mask that this server wrote. */
    static Mask read(Path png) throws IOException {
        return Mask.of(Images.read(png));
    }
}
