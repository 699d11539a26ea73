package radedit.stress.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import radedit.stress.Manifest;
import radedit.stress.Values;
import radedit.stress.exchange.ManifestTable;

/** A manifest to begin with. */
public enum Template {
    /** The disease is removed, and the hospital's marks are kept. */
    ACQUISITION,
    /** The disease is removed, and the device that treats it is kept. */
    MANIFESTATION,
    /** Findings are added to films of which the lungs are segmented. */
    POPULATION,
    /** Films with their reports, both edited. */
    REPORT;

    /** Stands for a film's name in the template, and in masks that a user names for all films. */
    public static final String FILM = "{film}";
    /** Names of films that stand for the user's. */
    private static final List<String> PLACEHOLDERS = List.of("film1", "film2");

    /**
     * A film for a template.
     *
     * @param name
     *            its name, for those of its cases
     * @param image
     *            its file, as seen from the manifest
     * @param editMask
     *            source of its edit mask; empty to leave that of the template
     * @param keepMask
     *            source of its keep mask; empty to leave that of the template
     */
    public record Film(String name, String image, String editMask, String keepMask) {}

    /** {@return the manifest, with rows for films that do not exist} */
    public ManifestTable placeholders() {
        return table(PLACEHOLDERS, name -> row -> row);
    }

    /**
     * {@return the manifest of some films}
     *
     * @param films
     *            the films; at least one
     */
    public ManifestTable of(List<Film> films) {
        Map<String, Film> byName = new LinkedHashMap<>();
        films.forEach(f -> byName.put(f.name(), f));
        return table(List.copyOf(byName.keySet()), name -> {
            Film f = Objects.requireNonNull(byName.get(name));
            return row -> {
                Values v = row.with("image", List.of(f.image()));
                v = f.editMask().isEmpty() ? v : v.with("edit_mask", List.of(f.editMask()));
                return f.keepMask().isEmpty() ? v : v.with("keep_mask", List.of(f.keepMask()));
            };
        });
    }

    private ManifestTable table(List<String> films, Function<String, Function<Values, Values>> change) {
        String csv = text(word() + ".csv");
        Manifest m = Manifest.ofCsv(word(), csv, Path.of(""));
        List<Values> rows = new ArrayList<>();
        for (String film : films) {
            for (Values row : m.rows()) {
                Map<String, List<String>> filled = new LinkedHashMap<>();
                row.byColumn().forEach((column, values) -> filled.put(column,
                        values.stream().map(v -> v.replace(FILM, film)).toList()));
                rows.add(change.apply(film).apply(new Values(filled)));
            }
        }
        List<String> comments = csv.lines().filter(l -> l.startsWith("# ")).map(l -> l.substring(2)).toList();
        return new ManifestTable(comments, m.columns(), rows);
    }

    /** {@return how to go on, for a file next to the manifest} */
    public String readMe() {
        return text(word() + ".txt");
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String text(String name) {
        try (InputStream in = resource(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it is part of the program
        }
    }

    /** {@return a file of this package} */
    static InputStream resource(String name) {
        return Objects.requireNonNull(Template.class.getResourceAsStream(name), name);
    }
}
