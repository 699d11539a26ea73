package radedit.stress.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import radedit.imaging.mask.MaskSource;
import radedit.stress.Manifest;
import radedit.stress.StressCase;
import radedit.stress.TruthMasks;
import radedit.stress.Values;

/**
 * A folder of pictures with {@code metadata.jsonl} or {@code metadata.csv} (see {@link ImageFolderExport}) as films to edit: a row for
 * each picture, with all other keys as columns; masks are named anew, from the manifest on. Of an exported run, the edits are taken, with their original films.
 */
final class ImageFolderImport {
    /** Keys of an exported run that a manifest does not have: what the run has found, and what its films are called. */
    private static final Set<String> OF_RUNS = Set.of("base", ImageFolderExport.ORIGINAL, "truth_before",
            "truth_after");

    /** How keys of further pictures of a line end. */
    private static final String OTHER_FILE = "_" + ImageFolderExport.FILE_NAME;

    private final Path folder;
    private final Path start;
    private final Manifest table;
    private final ManifestImport.Rows rows;
    /** Whether the table is of an exported run. */
    private final boolean run;
    private final Map<String, String> pictures = new HashMap<>();

    private ImageFolderImport(Path file, Path start, Manifest table) {
        this.folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        this.start = start;
        this.table = table;
        this.rows = new ManifestImport.Rows(table.name());
        this.run = table.columns().containsAll(OF_RUNS);
    }

    static ManifestTable read(Path given, Path start, Consumer<String> warning) throws IOException {
        Path file = ManifestImport.inFolder(given, "metadata.jsonl", "metadata.csv");
        return new ImageFolderImport(file, start, Manifest.read(file).whole()).read(warning);
    }

    private ManifestTable read(Consumer<String> warning) {
        if (!table.columns().contains(ImageFolderExport.FILE_NAME)) {
            rows.problem(0, null, "has no " + ImageFolderExport.FILE_NAME);
            return rows.table(List.of());
        }
        table.rows().forEach(r -> pictures.put(r.first(StressCase.CASE_ID, ""),
                r.first(ImageFolderExport.FILE_NAME, "")));
        int number = 0;
        int left = 0;
        for (Values r : table.rows()) {
            number++;
            String picture = r.first(ImageFolderExport.FILE_NAME);
            if (picture == null) {
                rows.problem(number, ImageFolderExport.FILE_NAME, "is empty");
                continue;
            }
            String name = r.first(StressCase.CASE_ID, ManifestImport.stem(picture));
            String original = r.first(ImageFolderExport.ORIGINAL, "");
            if (run && (name.equals(original) || r.first("base") != null)) {
                left++; // a film before the edits, or a control
                continue;
            }
            if (run && pictures.containsKey(original)) {
                picture = Objects.requireNonNull(pictures.get(original));
            }
            rows.add(row(number, rows.name(number, name), picture, r));
        }
        ManifestTable made = rows.table(List.of(StressCase.CASE_ID, "image"));
        say(left, made, warning);
        return made;
    }

    private Values row(int number, String name, String picture, Values r) {
        Map<String, List<String>> cells = new LinkedHashMap<>();
        cells.put(StressCase.CASE_ID, List.of(name));
        cells.put("image", rows.film(number, ImageFolderExport.FILE_NAME, folder, start, picture));
        r.byColumn().forEach((key, values) -> {
            // Hugging Face's further pictures of a line
            String column = key.endsWith(OTHER_FILE) && isFile(key.substring(0, key.length() - OTHER_FILE.length()))
                    ? key.substring(0, key.length() - OTHER_FILE.length())
                    : key;
            if (isFile(column)) {
                cells.putIfAbsent(column, values.stream().map(v -> moved(number, key, v)).toList());
            } else if (!column.equals(ImageFolderExport.FILE_NAME) && !(run && OF_RUNS.contains(column))) {
                cells.putIfAbsent(column, values);
            }
        });
        if (run) {
            label(r, "truth_before").ifPresent(v -> cells.putIfAbsent(StressCase.LABEL, List.of(v)));
            label(r, "truth_after").ifPresent(v -> cells.putIfAbsent(StressCase.LABEL_AFTER, List.of(v)));
        }
        return new Values(cells);
    }

    private static boolean isFile(String column) {
        return Set.of("edit_mask", "keep_mask", "noise").contains(column) || TruthMasks.isMeant(column);
    }

    /** A mask whose file is named from the new manifest on. */
    private String moved(int number, String column, String mask) {
        return MaskSource.of(mask, folder).withFile(f -> rows.film(number, column, folder, start, f.toString()).stream()
                .findFirst().orElse(""));
    }

    private static Optional<String> label(Values r, String column) {
        return switch (r.first(column, "")) {
            case "true" -> Optional.of("1");
            case "false" -> Optional.of("0");
            default -> Optional.empty();
        };
    }

    /** Says what is not in the manifest. */
    private void say(int left, ManifestTable made, Consumer<String> warning) {
        if (run) {
            warning.accept(
                    "left out: " + left + " controls and films before the edits, which a run makes again, and base,"
                            + " original; truth_before and truth_after became label and label_after");
            warning.accept("weights, steps and other settings of edits are not in it; give them as options or columns");
            if (made.rows().stream().anyMatch(r -> r.first("prompt", "").contains("; "))) {
                warning.accept(
                        "several prompts of an edit are one in it, joined by '; '; divide them into prompt, prompt.2");
            }
        }
        if (table.columns().contains("image")) {
            warning.accept("left out: the column image; the film is what " + ImageFolderExport.FILE_NAME + " names");
        }
    }
}
