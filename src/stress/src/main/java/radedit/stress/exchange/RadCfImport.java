package radedit.stress.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import radedit.stress.Manifest;
import radedit.stress.Role;
import radedit.stress.StressCase;
import radedit.stress.Values;

/**
 * Interventions of RadCF (see {@link RadCfExport}) as edits: a row for each, of the role that its one changed attribute implies.
 * RadCF has neither prompts nor masks: prompts are made of the attribute's name, and masks are to be given by the user.
 */
final class RadCfImport {
    private static final String BEFORE = "_original";
    private static final String AFTER = "_new";
    private static final String SHARDS = "interventions_shard*.csv";

    private final Path start;
    private final ManifestImport.Rows rows;
    /** Whether samples may have several interventions, so that their names alone are not unique. */
    private final boolean several;

    private RadCfImport(String name, Path start, boolean several) {
        this.rows = new ManifestImport.Rows(name);
        this.start = start;
        this.several = several;
    }

    static ManifestTable read(Path file, Path start, Consumer<String> warning) throws IOException {
        List<Path> shards = shards(file);
        boolean several = shards.stream().map(Path::getParent).distinct().count() > 1;
        RadCfImport all = new RadCfImport(file.toString(), start, several);
        if (shards.isEmpty()) {
            all.rows.problem(0, null, "holds no " + SHARDS + ", nor do its folders");
        }
        for (Path shard : shards) {
            all.shard(shard);
        }
        ManifestTable table = all.rows.table(List.of(StressCase.CASE_ID, "image", StressCase.ROLE, StressCase.TARGET,
                "prompt", "original_text"));
        warning.accept(
                "RadCF has no masks and no prompts: give each row an edit_mask, and check the prompts, which are made"
                        + " of the attributes' names");
        return table;
    }

    private static List<Path> shards(Path file) throws IOException {
        if (!Files.isDirectory(file)) {
            return List.of(file.toAbsolutePath());
        }
        List<Path> all = new ArrayList<>(ManifestImport.matching(file, SHARDS));
        if (all.isEmpty()) {
            for (Path intervention : ManifestImport.matching(file, "*")) {
                if (Files.isDirectory(intervention)) {
                    all.addAll(ManifestImport.matching(intervention, SHARDS));
                }
            }
        }
        return all;
    }

    private void shard(Path file) throws IOException {
        Manifest table = Manifest.read(file).whole();
        if (!table.columns().contains("filename")) {
            rows.problem(0, null, file + ": has no column filename");
            return;
        }
        int number = 0;
        for (Values r : table.rows()) {
            number++;
            if (!r.first("filename", "").equals("filename")) { // a shard that went on repeats its header
                row(file, number, r);
            }
        }
    }

    private void row(Path file, int number, Values r) {
        String sample = r.first("filename", "");
        if (sample.isEmpty()) {
            rows.problem(number, "filename", "is empty");
            return;
        }
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Map<String, List<String>> cells = new LinkedHashMap<>();
        String plain = sample.replace("/", "__"); // as RadCF names the files of such samples
        cells.put(StressCase.CASE_ID, List.of(rows.name(number, several ? folder.getFileName() + "." + plain : plain)));
        cells.put("image", rows.film(number, "filename", folder.resolve("originals"), start, plain + ".png",
                sample + ".png"));
        List<String> changed = new ArrayList<>();
        r.byColumn().forEach((column, values) -> {
            if (column.endsWith(BEFORE)) {
                String attribute = column.substring(0, column.length() - BEFORE.length());
                String after = r.first(attribute + AFTER);
                if (after != null && !sameNumber(values.getFirst(), after)) {
                    changed.add(attribute);
                }
            }
            if (column.endsWith(BEFORE) || column.endsWith(AFTER)) {
                cells.put(column, values);
            }
        });
        if (changed.size() == 1) {
            edit(number, r, changed.getFirst(), cells);
        } else {
            rows.problem(number, null, changed.isEmpty()
                    ? "no attribute changes"
                    : "several attributes change: " + String.join(", ", changed) + "; an edit is about one");
        }
        rows.add(new Values(cells));
    }

    private void edit(int number, Values r, String attribute, Map<String, List<String>> cells) {
        String before = r.first(attribute + BEFORE, "");
        String after = r.first(attribute + AFTER, "");
        boolean adds = sameNumber(before, "0") && sameNumber(after, "1");
        if (!adds && !(sameNumber(before, "1") && sameNumber(after, "0"))) {
            rows.problem(number, attribute + AFTER, "changes from " + before + " to " + after
                    + "; only attributes of 0 and 1 can become edits");
        }
        String present = attribute.replace('_', ' ');
        String absent = "No " + present.toLowerCase(Locale.ROOT);
        cells.put(StressCase.ROLE, List.of((adds ? Role.ADD : Role.REMOVE).word()));
        cells.put(StressCase.TARGET, List.of(attribute));
        cells.put("prompt", List.of(adds ? present : absent));
        cells.put("original_text", List.of(adds ? absent : present));
    }

    private static boolean sameNumber(String a, String b) {
        try {
            return Double.parseDouble(a) == Double.parseDouble(b);
        } catch (NumberFormatException e) {
            return a.equals(b);
        }
    }
}
