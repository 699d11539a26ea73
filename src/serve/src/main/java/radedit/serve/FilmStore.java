package radedit.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.files.Messages;
import radedit.files.OutputFile;
import radedit.files.OutputFolder;

/** Films on this server, each in a folder of its own with its masks. */
final class FilmStore {
    private static final String ABOUT = "film.json";
    private static final int LONGEST_NAME = 200;

    private final Path root;
    private final int most;
    private final FilmInspector inspector;
    private final Map<String, StoredFilm> films = new ConcurrentHashMap<>();

    /** Puts the file of a new film into its folder. */
    @FunctionalInterface
    interface Source {
        void putTo(Path file) throws IOException;
    }

    /**
     * @param most
     *            films that are kept
     * @param warning
     *            receives what is wrong with films that cannot be read any more
     */
    FilmStore(Path root, int most, FilmInspector inspector, Consumer<String> warning) throws IOException {
        this.root = root;
        this.most = most;
        this.inspector = inspector;
        DataFolder.load(root, FilmStore::read, warning).forEach(f -> films.put(f.id(), f));
    }

    private static StoredFilm read(Path folder) throws IOException {
        ObjectNode json = Json.read(folder.resolve(ABOUT));
        String sha256 = json.remove("sha256").asText();
        StoredFilm film = new StoredFilm(folder.getFileName().toString(), folder, json, sha256);
        film.extent();
        if (!Files.isRegularFile(film.file()) || !Files.isRegularFile(film.samples())) {
            throw new IOException(folder + ": lacks a file");
        }
        return film;
    }

    /** The folder of all films. */
    Path root() {
        return root;
    }

    FilmInspector inspector() {
        return inspector;
    }

    /** All films, newest first. */
    List<StoredFilm> all() {
        return films.values().stream()
                .sorted(Comparator.comparing((StoredFilm f) -> f.json().get("created").asText()).reversed()
                        .thenComparing(StoredFilm::id))
                .toList();
    }

    /**
     * A film.
     *
     * @throws HttpError
     *             404 if there is none
     */
    StoredFilm get(String id) {
        StoredFilm film = films.get(id);
        if (film == null) {
            throw HttpError.gone("film");
        }
        return film;
    }

    Optional<StoredFilm> withHash(String sha256, int frame) {
        return all().stream().filter(f -> f.sha256().equals(sha256) && f.frame() == frame).findFirst();
    }

    /**
     * Adds a film.
     *
     * @param name
     *            a name to show; null for none
     * @param frame
     *            from 1
     * @param source
     *            brings its file
     * @throws HttpError
     *             if it is not a film, is too large, or there are too many
     */
    StoredFilm add(@Nullable String name, int frame, Source source) throws IOException {
        if (films.size() >= most) {
            throw new HttpError(507, "this server keeps at most " + most + " films; delete some");
        }
        String id = Ids.random();
        Path folder = root.resolve(id);
        try (OutputFolder making = OutputFolder.begin(folder)) {
            Path file = making.path().resolve("film");
            source.putTo(file);
            FilmInspector.Inspected inspected = inspector.inspect(file, frame);
            ObjectNode json = Json.object();
            json.put("id", id).put("name", shown(name)).put("created", now());
            json.setAll(inspected.facts());
            Files.write(making.path().resolve("samples"), inspected.samples().bytes());
            Files.createDirectory(making.path().resolve("masks"));
            String sha256 = Digests.hex("SHA-256", file);
            Files.write(making.path().resolve(ABOUT), Json.pretty(json.deepCopy().put("sha256", sha256)));
            making.commit();
            StoredFilm film = new StoredFilm(id, folder, json, sha256);
            films.put(id, film);
            return film;
        }
    }

    /** A name that a client gave, fit to be shown; only its last part, if it is a path. */
    private static String shown(@Nullable String name) {
        String last = name == null ? "" : name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String plain = Messages.escaped(last).strip();
        return plain.isEmpty() ? "film" : plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
    }

    /** The time, as answers have it. */
    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    void delete(String id) throws IOException {
        StoredFilm film = get(id);
        films.remove(id);
        remove(film.folder());
    }

    /** Removes a folder: first its name, so that it is there whole or not at all. */
    static void remove(Path folder) throws IOException {
        Path gone = folder.resolveSibling("." + folder.getFileName() + ".gone");
        Files.move(folder, gone);
        OutputFolder.remove(gone);
    }

    /** Writes a file of this server's own, whole or not at all. */
    static void write(Path file, byte[] content) throws IOException {
        OutputFile.write(file, out -> out.write(content));
    }
}
