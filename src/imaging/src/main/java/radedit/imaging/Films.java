package radedit.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

import radedit.imaging.FilmReader.Match;

/** The one place where films of any format are read. */
public final class Films {
    private Films() {
    }

    /** All readers of this build, the preferred first. */
    public static List<FilmReader> readers() {
        return ServiceLoader.load(FilmReader.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(FilmReader::priority).reversed()).toList();
    }

    /** Reads all frames of a film as the file says. */
    public static Film read(Path file) throws IOException {
        return read(file, FilmOptions.DEFAULT);
    }

    /**
     * Reads a film. What it is, is told by its content and never by its name.
     *
     * @throws ImageFormatException
     *             if it is of no known format, damaged, holds no picture, or has no such frame or window
     * @throws IOException
     *             if it cannot be read
     */
    public static Film read(Path file, FilmOptions options) throws IOException {
        requireRegular(file);
        byte[] head = head(file);
        Path header = first(readers(), head, Match.YES).isPresent() ? null : NiftiReader.headerOf(file);
        if (header != null) {
            throw new ImageFormatException(file,
                    "holds the voxels of a pair and does not describe their layout; name its"
                            + " header, " + header.getFileName() + ", instead");
        }
        FilmReader reader = reader(head).orElseThrow(() -> {
            String known = readers().stream().map(FilmReader::format).distinct().sorted()
                    .collect(Collectors.joining(", "));
            String other = OtherFormats.describe(head);
            return new ImageFormatException(file,
                    other != null ? other : "has an unknown format (" + known + ")");
        });
        return new Film(file, reader.read(file, options.frame()), options);
    }

    /**
     * The file that holds a film's values where they are not in the film's own; empty too if this is no film.
     *
     * @throws IOException
     *             if it cannot be read, or names a file that is not there
     */
    public static Optional<Path> dataFile(Path file) throws IOException {
        requireRegular(file);
        Optional<FilmReader> reader = reader(head(file));
        return reader.isPresent() ? reader.get().dataFile(file) : Optional.empty();
    }

    private static Optional<FilmReader> reader(byte[] head) {
        List<FilmReader> readers = readers();
        return first(readers, head, Match.YES).or(() -> first(readers, head, Match.PERHAPS));
    }

    /**
     * Whether a file is a film, by its first bytes.
     *
     * @throws IOException
     *             if it cannot be read
     */
    public static Match match(Path file) throws IOException {
        requireRegular(file);
        byte[] head = head(file);
        return readers().stream().map(r -> r.accepts(head)).max(Comparator.naturalOrder()).orElse(Match.NO);
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(FilmReader.HEAD);
        }
    }

    /** Refuses what is there but is no regular file: a pipe would be waited for, and cannot be sought in. */
    static void requireRegular(Path file) throws ImageFormatException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ImageFormatException(file, "is not a regular file");
        }
    }

    private static Optional<FilmReader> first(List<FilmReader> readers, byte[] head, Match wanted) {
        return readers.stream().filter(r -> r.accepts(head) == wanted).findFirst();
    }
}
