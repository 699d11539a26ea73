package radedit.stress.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import radedit.stress.Manifest;
import radedit.stress.StressCase;
import radedit.stress.Values;

/**
 * A folder of pictures with {@code metadata.jsonl} or {@code metadata.csv} (see {@link ImageFolderExport}) as films to edit: a row for
 * each picture, with all other keys as columns. Of an exported run, the edits are taken, with their original films.
 */
final class ImageFolderImport {
    /** Keys of an exported run that a manifest does not have: what the run has found, and what its films are called. */
    private static final Set<String> OF_RUNS = Set.of("base", ImageFolderExport.ORIGINAL, "truth_before",
            "truth_after");

    private ImageFolderImport() {
    }

    static ManifestTable read(Path given, Path start) throws IOException {
        Path file = ManifestImport.inFolder(given, "metadata.jsonl", "metadata.csv");
        Manifest table = Manifest.read(file).whole();
        ManifestImport.Rows rows = new ManifestImport.Rows(table.name());
        if (!table.columns().contains(ImageFolderExport.FILE_NAME)) {
            rows.problem(0, null, "has no " + ImageFolderExport.FILE_NAME);
            return rows.table(List.of());
        }
        boolean run = table.columns().containsAll(OF_RUNS);
        Map<String, String> pictures = new HashMap<>();
        table.rows().forEach(r -> pictures.put(r.first(StressCase.CASE_ID, ""),
                r.first(ImageFolderExport.FILE_NAME, "")));
        int number = 0;
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
                continue; // a film before the edits, or a control
            }
            if (run && pictures.containsKey(original)) {
                picture = Objects.requireNonNull(pictures.get(original));
            }
            Map<String, List<String>> cells = new LinkedHashMap<>();
            cells.put(StressCase.CASE_ID, List.of(rows.name(number, name)));
            cells.put("image", rows.film(number, ImageFolderExport.FILE_NAME,
                    Objects.requireNonNull(file.toAbsolutePath().getParent()), start, picture));
            r.byColumn().forEach((column, values) -> {
                if (!column.equals(ImageFolderExport.FILE_NAME) && !(run && OF_RUNS.contains(column))) {
                    cells.putIfAbsent(column, values);
                }
            });
            rows.add(new Values(cells));
        }
        return rows.table(List.of(StressCase.CASE_ID, "image"));
    }
}
