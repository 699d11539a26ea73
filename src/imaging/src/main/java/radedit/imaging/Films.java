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

/** Reads films of any format; the only entry point to {@link FilmReader}s. */
public final class Films {
    private Films() {
    }

    /** {@return all readers that are installed, by decreasing priority} */
    public static List<FilmReader> readers() {
        return ServiceLoader.load(FilmReader.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(FilmReader::priority).reversed()).toList();
    }

    /**
     * Reads all frames of a film with {@link FilmOptions#DEFAULT}.
     *
     * @param file
     *            the file
     * @return the film
     * @throws ImageFormatException
     *            if the file is of no known format, is damaged, or has no picture
     * @throws IOException
     *            if the file cannot be read
     */
    public static Film read(Path file) throws IOException {
        return read(file, FilmOptions.DEFAULT);
    }

    /**
     * Reads a film. Its content decides which format it is, not its name.
     *
     * @param file
     *            the file
     * @param options
     *            frame, window and loader
     * @return the film
     * @throws ImageRequestException
     *            if it has no such frame or window
     * @throws ImageFormatException
     *            if it is of no known format, is damaged, or has no picture
     * @throws IOException
     *            if the file cannot be read
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
     * Finds the file that holds a film's values, for formats with separate headers.
     *
     * @param file
     *            the film's file
     * @return empty if the values are in {@code file} itself, or if it is not a film
     * @throws IOException
     *            if the file cannot be read, or names a file that does not exist
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
     * {@return whether a file is a film, by its first bytes}
     *
     * @param file
     *            the file
     * @throws IOException
     *            if the file cannot be read
     */
    public static Match match(Path file) throws IOException {
        requireRegular(file);
        byte[] head = head(file);
        return readers().stream().map(r -> r.accepts(head)).max(Comparator.naturalOrder()).orElse(Match.NO);
    }

    static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(FilmReader.HEAD);
        }
    }

    /** Refuses anything but a regular file: reading a pipe would block, and readers seek. */
    static void requireRegular(Path file) throws ImageFormatException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ImageFormatException(file, "is not a regular file");
        }
    }

    private static Optional<FilmReader> first(List<FilmReader> readers, byte[] head, Match wanted) {
        return readers.stream().filter(r -> r.accepts(head) == wanted).findFirst();
    }
}
