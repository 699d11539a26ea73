package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.stress.CaseName;
import radedit.stress.Manifest;
import radedit.stress.ManifestException;
import radedit.stress.Problem;
import radedit.stress.StressCase;
import radedit.stress.Values;

/**
 * A list of prompts: text with one on each line, or a table with a column {@code prompt} and, for each picture, its name and
 * settings.
 *
 * @param name
 *            the file, for messages
 * @param rows
 *            the prompts; at least one
 */
record PromptList(String name, List<Row> rows) {
    private static final Set<String> COLUMNS = Set.of(StressCase.CASE_ID, "prompt", "seed", "negative_prompt", "steps",
            "guidance");

    /**
     * A prompt, with null for what the command line says.
     *
     * @param caseId
     *            name of its picture
     */
    record Row(String prompt, @Nullable String caseId, @Nullable Long seed, @Nullable String negativePrompt,
            @Nullable Integer steps, @Nullable Double guidance) {}

    /** Checks a row's request. */
    @FunctionalInterface
    interface Check {
        /** Throws InvalidRequestException if a setting is out of range. */
        void accept(int row);
    }

    /**
     * Reads a list.
     *
     * @throws ManifestException
     *             with everything that is wrong
     */
    static PromptList read(Path file, Listener listener) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.matches("(?s).*\\.(txt|csv|tsv|jsonl|ndjson)")) {
            throw new ManifestException(file.toString(),
                    List.of(new Problem(0, null, "a list of prompts ends in .txt, .csv, .tsv or .jsonl")));
        }
        if (name.endsWith(".txt")) {
            List<Row> rows = Manifest.text(file).lines().map(String::strip).filter(l -> !l.isEmpty())
                    .map(l -> new Row(l, null, null, null, null, null)).toList();
            if (rows.isEmpty()) {
                throw new ManifestException(file.toString(), List.of(new Problem(0, null, "has no prompts")));
            }
            return new PromptList(file.toString(), rows);
        }
        return new Reader().table(Manifest.read(file), listener);
    }

    /** Checks all requests before the first is served. */
    void check(Check each) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            try {
                each.accept(i);
            } catch (InvalidRequestException e) {
                problems.add(new Problem(i + 1, null, Main.message(e)));
            }
        }
        if (!problems.isEmpty()) {
            throw new ManifestException(name, problems);
        }
    }

    /** Reads a table. */
    private static final class Reader {
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, Integer> names = new HashMap<>();

        PromptList table(Manifest table, Listener listener) {
            problems.addAll(table.problems());
            List<String> unused = table.columns().stream().filter(c -> !COLUMNS.contains(c)).toList();
            problems.addAll(table.misnamed(COLUMNS));
            if (!table.columns().contains("prompt")) {
                problems.add(new Problem(0, "prompt", "is missing"));
            }
            List<Row> rows = new ArrayList<>();
            for (Values v : table.rows()) {
                rows.add(row(rows.size() + 1, v, table.columns().contains("prompt")));
            }
            if (!problems.isEmpty()) {
                throw new ManifestException(table.name(), problems);
            }
            if (!unused.isEmpty()) {
                listener.warning(
                        table.name() + ": not used: " + String.join(", ", unused) + "; columns are case_id, prompt,"
                                + " seed, negative_prompt, steps, guidance");
            }
            return new PromptList(table.name(), rows);
        }

        private Row row(int number, Values v, boolean hasPrompts) {
            String prompt = one(number, v, "prompt");
            if (prompt == null && hasPrompts) {
                problems.add(new Problem(number, "prompt", "is empty"));
            }
            return new Row(prompt == null ? "" : prompt, caseId(number, v),
                    value(number, v, "seed", new SeedConverter()), one(number, v, "negative_prompt"),
                    value(number, v, "steps", NumberConverters::whole),
                    value(number, v, "guidance", NumberConverters::real));
        }

        private @Nullable String caseId(int number, Values v) {
            String id = one(number, v, StressCase.CASE_ID);
            if (id == null) {
                return null;
            }
            if (!CaseName.isUsable(id)) {
                problems.add(new Problem(number, StressCase.CASE_ID, CaseName.problem(id)));
            }
            Integer other = names.putIfAbsent(CaseName.key(id), number);
            if (other != null) {
                problems.add(
                        new Problem(number, StressCase.CASE_ID, "'" + id + "' is used in row " + other + " already"));
            }
            return id;
        }

        private @Nullable String one(int number, Values v, String column) {
            if (v.all(column).size() > 1) {
                problems.add(new Problem(number, column, "takes one value"));
            }
            return v.first(column);
        }

        private <T> @Nullable T value(int number, Values v, String column, ITypeConverter<T> converter) {
            String text = one(number, v, column);
            try {
                return text == null ? null : converter.convert(text);
            } catch (TypeConversionException e) {
                problems.add(new Problem(number, column, String.valueOf(e.getMessage())));
            } catch (Exception e) {
                throw new IllegalStateException(e); // no converter of ours throws another
            }
            return null;
        }
    }
}
