package radedit.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import radedit.files.OutputFolder;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.mask.MaskSource;

/** Makes masks of what clients send: words, or files in any form that the library reads. No word names a file. */
final class MaskMaker {
    private static final String NAME = "the mask";
    /** What the query may choose of a file, by how the library's notation has it. */
    private static final List<String> FILE_CHOICES = List.of("frame", "segment", "label", "above", "alpha");
    private static final List<String> TABLE_CHOICES = List.of("id", "row");

    private final FilmInspector inspector;

    MaskMaker(FilmInspector inspector) {
        this.inspector = inspector;
    }

    /**
     * A mask in words, at the film's size.
     *
     * @param field
     *            the field that they are in, for messages
     * @throws HttpError
     *             422 if they are not a mask in words
     */
    static Mask inWords(String field, String words, StoredFilm film, Consumer<String> note) {
        MaskSource source = MaskSource.of(words);
        if (!source.isInWords()) {
            throw new HttpError(422, field, field + " " + Words.quoted(words) + " is neither the id of a mask nor"
                    + " box:X,Y,W,H, polygon:X,Y X,Y X,Y, rle:START LENGTH ... or all");
        }
        try {
            return source.read(film.extent(), note);
        } catch (ImageFormatException e) {
            throw new HttpError(422, field, Words.of(e));
        } catch (IOException e) {
            throw new IllegalStateException(e); // words are not read from a file
        }
    }

    /**
     * A mask of a file, resized to the film's size if it has another.
     *
     * @param file
     *            in a folder of its own
     * @param table
     *            whether it is a table of run lengths or landmarks
     * @param choices
     *            the parameters of the query
     */
    Mask ofFile(Path file, boolean table, Map<String, String> choices, StoredFilm film, Consumer<String> note)
            throws IOException {
        Consumer<String> hidden = w -> note
                .accept(w.replace(file.toString(), NAME).replace("#segment=NAME", "the field segment"));
        return inspector.decode(file, NAME, () -> {
            if (!table) {
                inspector.requireSize(file);
            }
            MaskSource source = MaskSource.of(table ? inTable(file, choices) : inFile(file, choices));
            Mask mask = source.read(film.extent(), hidden);
            if (mask.width() == film.extent().width() && mask.height() == film.extent().height()) {
                return mask;
            }
            hidden.accept(NAME + " has " + mask.width() + " x " + mask.height() + " pixels, the film "
                    + film.extent().width() + " x " + film.extent().height()
                    + "; it was resized to the film's size (nearest)");
            return mask.resize(film.extent().width(), film.extent().height());
        });
    }

    private static String inFile(Path file, Map<String, String> choices) {
        return file + chosen(choices, FILE_CHOICES);
    }

    private static String inTable(Path file, Map<String, String> choices) {
        boolean landmarks = choices.containsKey("part");
        if (landmarks == choices.containsKey("column")) {
            throw new HttpError(400, "column", "a table needs either column, such as Left Lung, for run lengths,"
                    + " or part, such as heart, for landmarks");
        }
        List<String> known = new ArrayList<>(TABLE_CHOICES);
        known.add(landmarks ? "part" : "column");
        return (landmarks ? "landmarks:" : "rle:") + file + chosen(choices, known);
    }

    /** The library's notation for a choice; what would end it, or name another file, is refused. */
    private static String chosen(Map<String, String> choices, List<String> known) {
        StringJoiner all = new StringJoiner(",", "#", "").setEmptyValue("");
        for (String key : known) {
            String value = choices.get(key);
            if (value == null || value.isEmpty()) {
                continue;
            }
            if (value.matches("(?s).*[#,\\\\\\p{Cntrl}].*") || value.contains("..") || value.length() > 300) {
                throw new HttpError(400, key, key + " holds characters that a name in a file cannot have here:"
                        + " #, a comma, a backslash, two dots or control characters");
            }
            all.add(key + "=" + value);
        }
        return all.toString();
    }

    /**
     * Receives a file and makes a mask of it.
     *
     * @param near
     *            the folder next to which it is put for a while
     */
    Mask upload(Path near, FilmStore.Source source, boolean table, Map<String, String> choices, StoredFilm film,
            Consumer<String> note) throws IOException {
        Path folder = Files.createTempDirectory(near, ".upload");
        try {
            Path file = folder.resolve(table ? "mask.csv" : "mask");
            source.putTo(file);
            return ofFile(file, table, choices, film, note);
        } finally {
            OutputFolder.remove(folder);
        }
    }

    /** A grown, inverted or otherwise changed mask. */
    static Mask changed(Mask mask, @Nullable Mask intersect, @Nullable Mask subtract, boolean invert, int shrink,
            int grow) {
        Mask m = intersect == null ? mask : mask.intersection(intersect);
        m = subtract == null ? m : m.difference(subtract);
        m = invert ? m.inverse() : m;
        m = shrink == 0 ? m : m.erode(shrink);
        return grow == 0 ? m : m.dilate(grow);
    }
}
