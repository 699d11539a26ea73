package radedit.cli;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import radedit.digest.Digests;
import radedit.files.Messages;
import radedit.imaging.Films;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;

/**
 * Finds the inputs of a picture: where the picture says they were, then by hash in folders that the user names. The picture may
 * be a stranger's. So what it names is read only if it is a regular file of the recorded length, on this machine; it is used
 * only if its hash is the recorded one; and nothing of it is shown.
 */
final class InputFinder {
    private static final int MOST_FILES = 200_000;
    private static final int DEEPEST = 32;
    /** Names that other machines might be asked for. */
    private static final Pattern REMOTE = Pattern.compile("(?is)(rle:|landmarks:)?([/\\\\]{2}|[a-z][a-z0-9+.-]+://).*");
    private static final List<Path> SYSTEM = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

    /** An input as a picture describes it. */
    private record Wanted(String what, @Nullable String name, String sha256, @Nullable String dataSha256, long bytes) {
        static Wanted of(String what, @Nullable String name, RecordedSettings s) {
            String sha256 = s.text("sha256");
            String data = s.has("data_sha256") ? s.text("data_sha256") : null;
            if (!isHash(sha256) || data != null && !isHash(data)) {
                throw s.damaged("sha256");
            }
            return new Wanted(what, name, sha256, data, s.has("bytes") ? Math.round(s.number("bytes")) : -1);
        }

        private static boolean isHash(String text) {
            return text.matches("[0-9a-f]{64}");
        }

        @Override
        public String toString() {
            return "the " + what + (name == null ? "" : " " + Messages.printable(name)) + " (SHA-256 " + sha256 + ")";
        }
    }

    private final Path picture;
    private final List<Path> folders;
    private final Consumer<String> warning;
    /** Folders that relative names may start from: this one, the picture's, and the two above, as in a run of a stress test. */
    private final List<Path> starts = new ArrayList<>(List.of(Path.of("")));
    private final Map<Path, String> hashes = new HashMap<>();
    private @Nullable List<Path> searched;

    /**
     * @param picture
     *            the picture whose inputs are looked for
     * @param folders
     *            folders to search
     */
    InputFinder(Path picture, List<Path> folders, Consumer<String> warning) {
        this.picture = picture;
        this.folders = folders;
        this.warning = warning;
        requireFolders(folders);
        Path folder = picture.toAbsolutePath().normalize().getParent();
        for (int i = 0; i < 3 && folder != null; i++) {
            starts.add(folder);
            folder = folder.getParent();
        }
    }

    /**
     * @throws InvalidRequestException
     *             if one of the folders to search is not there
     */
    static void requireFolders(List<Path> folders) {
        for (Path f : folders) {
            if (!Files.isDirectory(f)) {
                throw new InvalidRequestException("--search " + f + ": is not a folder");
            }
        }
    }

    /** Folders that relative names may start from. */
    List<Path> starts() {
        return starts;
    }

    /**
     * Finds an input.
     *
     * @param what
     *            what it is, for messages
     * @param name
     *            its recorded name; null if it was withheld
     * @param place
     *            where it would be, by the folder that relative names start from
     * @param s
     *            its recorded hash and length
     */
    Path find(String what, @Nullable String name, Function<Path, Optional<Path>> place, RecordedSettings s)
            throws IOException {
        Wanted w = Wanted.of(what, name, s);
        Path other = null;
        if (name != null && !REMOTE.matcher(name).matches()) {
            for (Path start : starts) {
                Path p = place.apply(start).orElse(null);
                if (p == null || !isPlain(p)) {
                    continue;
                }
                if (isIt(p, w)) {
                    return p;
                }
                other = other == null ? p : other;
            }
        }
        for (Path p : searched()) {
            if (isCandidate(p, w) && isIt(p, w)) {
                return p;
            }
        }
        throw new InvalidInputException(other == null
                ? picture + ": " + w + " is gone" + (folders.isEmpty()
                        ? "; --search DIR looks for it by its hash, whatever its name is now"
                        : ", and not in the folders of --search")
                : picture + ": " + w + " is not what it was: " + other + " differs\n"
                        + (folders.isEmpty()
                                ? "--search DIR looks for the right one by its hash"
                                : "the right one is not in the folders of --search"));
    }

    /** A recorded name as a path; empty if it cannot be one. */
    static Optional<Path> path(Path start, String name) {
        try {
            return Optional.of(start.resolve(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether a file is on a disk, so that reading it neither waits nor changes anything. */
    private static boolean isPlain(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            return false;
        }
        Path real = file.toRealPath();
        return SYSTEM.stream().noneMatch(real::startsWith);
    }

    private boolean isIt(Path file, Wanted w) throws IOException {
        if (w.bytes >= 0 && Files.size(file) != w.bytes || !hash(file).equals(w.sha256)) {
            return false;
        }
        if (w.dataSha256 == null) {
            return true;
        }
        try {
            Optional<Path> data = Films.dataFile(file);
            return data.isPresent() && isPlain(data.get()) && hash(data.get()).equals(w.dataSha256);
        } catch (IOException e) {
            return false; // a header without its values
        }
    }

    private String hash(Path file) throws IOException {
        String known = hashes.get(file);
        if (known == null) {
            known = Digests.hex("SHA-256", file);
            hashes.put(file, known);
        }
        return known;
    }

    /** Whether a file that was found is worth hashing. */
    private static boolean isCandidate(Path file, Wanted w) throws IOException {
        return w.bytes >= 0
                ? Files.size(file) == w.bytes
                : w.name == null || ending(w.name).isEmpty() || ending(file.toString()).equals(ending(w.name));
    }

    private static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot).replaceFirst("#.*", "").toLowerCase(Locale.ROOT);
    }

    private List<Path> searched() throws IOException {
        if (searched == null) {
            List<Path> all = new ArrayList<>();
            for (Path f : folders) {
                collect(f, all);
            }
            all.sort(null); // the same one of several copies every time
            searched = all;
        }
        return searched;
    }

    private void collect(Path folder, List<Path> all) throws IOException {
        Files.walkFileTree(folder.toRealPath(), EnumSet.noneOf(FileVisitOption.class), DEEPEST,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        if (all.size() == MOST_FILES) {
                            warning.accept("--search: only the first " + MOST_FILES + " files were looked at");
                            return FileVisitResult.TERMINATE;
                        }
                        if (attributes.isRegularFile() && isPlain(file)) {
                            all.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE; // a folder that may not be read
                    }
                });
    }
}
