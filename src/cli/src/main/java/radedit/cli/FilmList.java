package radedit.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;

import radedit.files.Messages;
import radedit.imaging.FilmReader.Match;
import radedit.imaging.Films;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;

/** Resolves the films named by a user: files, folders, and patterns that the shell did not expand. */
final class FilmList {
    private static final int MOST_NAMED = 3;
    private static final Comparator<Path> BY_NAME = Comparator.comparing(Path::toString);

    /**
     * A film to read.
     *
     * @param named
     *            whether the user named this file; otherwise it comes from a folder or pattern
     * @param sure
     *            whether it has the signature of a film format; other files of a folder may not be films
     */
    record Entry(Path file, boolean named, boolean sure) {}

    private final Consumer<String> notes;
    private final List<Entry> entries = new ArrayList<>();

    private FilmList(Consumer<String> notes) {
        this.notes = notes;
    }

    /**
     * Finds the files. From a folder come those that may be films, sorted by name, without hidden files and subfolders.
     *
     * @param notes
     *            receives which files of a folder are not films
     * @throws InvalidInputException
     *            if a folder has no film, or nothing matches a pattern
     */
    static List<Entry> of(List<String> names, Consumer<String> notes) {
        FilmList list = new FilmList(notes);
        for (String name : names) {
            if (name.isEmpty()) {
                throw new InvalidRequestException("a film's name is empty");
            }
            Path path = Path.of(name);
            if (!Files.exists(path) && name.matches(".*[*?\\[{].*")) {
                list.addPattern(name, path);
            } else {
                list.add(path, true);
            }
        }
        return list.entries;
    }

    /** The name of a film's file without its ending. */
    static String name(Path film) {
        return name(film.getFileName().toString());
    }

    /** The name of a film without folders and its ending; {@code film} may be no path at all. */
    static String name(String film) {
        String file = film.substring(Math.max(film.lastIndexOf('/'), film.lastIndexOf(File.separatorChar)) + 1);
        return file.replaceFirst("(?i)\\.(nii\\.gz|[^.]*)$", "");
    }

    private void add(Path path, boolean named) {
        if (Files.isDirectory(path)) {
            addFolder(path);
        } else {
            entries.add(new Entry(path, named, true));
        }
    }

    private void addFolder(Path folder) {
        int before = entries.size();
        List<String> others = new ArrayList<>();
        for (Path file : list(folder, p -> !Files.isDirectory(p) && !p.getFileName().toString().startsWith("."))) {
            boolean special = Files.exists(file) && !Files.isRegularFile(file);
            Match match = special ? Match.NO : match(file);
            if (match == Match.NO) {
                others.add(Messages.printable(file.getFileName().toString()));
            } else {
                entries.add(new Entry(file, false, match == Match.YES));
            }
        }
        if (entries.size() == before) {
            throw new InvalidInputException(folder + ": holds no film (subfolders are not searched)");
        }
        if (!others.isEmpty()) {
            notes.accept(folder + ": left out, not a film: "
                    + String.join(", ", others.subList(0, Math.min(MOST_NAMED, others.size())))
                    + (others.size() > MOST_NAMED ? " and " + (others.size() - MOST_NAMED) + " more" : ""));
        }
    }

    /** Whether a file is a film; unreadable files may be, and reading reports the error. */
    private static Match match(Path file) {
        try {
            return Films.match(file);
        } catch (IOException e) {
            return Match.YES;
        }
    }

    private void addPattern(String name, Path pattern) {
        List<Path> found = List.of(pattern.isAbsolute() ? pattern.getRoot() : Path.of(""));
        for (Path part : pattern) {
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                next.addAll(matching(folder, part.toString(), name));
            }
            found = next;
        }
        if (found.isEmpty()) {
            throw new InvalidInputException(name + ": no file matches");
        }
        found.forEach(p -> add(p, false));
    }

    /** Matching names in a folder; as in a shell, a pattern matches hidden files only if it begins with a dot. */
    private static List<Path> matching(Path folder, String part, String name) {
        if (!part.matches(".*[*?\\[{].*")) {
            Path only = folder.resolve(part);
            return Files.exists(only) ? List.of(only) : List.of();
        }
        if (!Files.isDirectory(folder.resolve(""))) {
            return List.of();
        }
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part);
            return list(folder, p -> matcher.matches(p.getFileName())
                    && (part.startsWith(".") || !p.getFileName().toString().startsWith(".")));
        } catch (PatternSyntaxException e) {
            throw new InvalidInputException(name + ": no such file, and not a pattern of names: " + e.getDescription());
        }
    }

    private static List<Path> list(Path folder, DirectoryStream.Filter<Path> filter) {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, filter)) {
            stream.forEach(all::add);
        } catch (DirectoryIteratorException e) {
            throw new InvalidInputException(OptionNames.in(e), e);
        } catch (IOException e) {
            throw new InvalidInputException(Messages.of(e), e);
        }
        all.sort(BY_NAME);
        return all;
    }
}
