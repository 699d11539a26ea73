package radedit.stress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import radedit.digest.Digests;
import radedit.text.Spelling;

/**
 * The cases of a run, in the order of its results.
 *
 * @param cases
 *            the cases: of each row, then its controls
 * @param folder
 *            folder that relative names of the manifest's files start from
 * @param columns
 *            the manifest's columns
 */
public record Plan(List<StressCase> cases, Path folder, List<String> columns) {
    private static final Set<String> ABOUT_THE_TEST = Set.of(StressCase.CASE_ID, StressCase.PATIENT_ID,
            StressCase.ROLE, StressCase.DOSE, StressCase.TARGET, StressCase.DIRECTION, StressCase.LABEL,
            StressCase.LABEL_AFTER, Controls.SHAM_COLUMN, TruthMasks.COLUMN);

    /**
     * Makes a plan and checks all of it.
     *
     * @param manifest
     *            the manifest
     * @param defaults
     *            values for columns that a row leaves empty
     * @param controls
     *            controls of each row
     * @param editor
     *            checks each case
     * @param warning
     *            receives what may be a mistake
     * @return the plan
     * @throws ManifestException
     *             with everything that is wrong
     */
    public static Plan of(Manifest manifest, Values defaults, Controls controls, CaseEditor editor,
            Consumer<String> warning) {
        List<Problem> problems = new ArrayList<>(manifest.problems());
        checkColumns(manifest, editor, problems, warning);
        List<StressCase> cases = new ArrayList<>();
        int number = 0;
        int digits = Math.max(4, Integer.toString(manifest.rows().size()).length());
        for (Values row : manifest.rows()) {
            number++;
            String id = row.first(StressCase.CASE_ID, String.format(Locale.ROOT, "%0" + digits + "d", number));
            StressCase c = new StressCase(id, number, null, row.or(defaults));
            checkTest(c, problems);
            problems.addAll(editor.check(c, manifest.folder()));
            cases.add(c);
            if (Role.of(c.role()).map(r -> !r.isControl()).orElse(true)) {
                List<StressCase> derived = controls.of(c, problems);
                cases.addAll(derived);
            }
        }
        checkNames(cases, problems);
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(Problem::row));
            throw new ManifestException(manifest.name(), problems);
        }
        return new Plan(List.copyOf(cases), manifest.folder(), manifest.columns());
    }

    private static void checkColumns(Manifest manifest, CaseEditor editor, List<Problem> problems,
            Consumer<String> warning) {
        Set<String> known = new TreeSet<>(editor.columns());
        known.addAll(ABOUT_THE_TEST);
        Set<String> withoutMeaning = editor.withoutMeaning();
        problems.addAll(manifest.misnamed(known));
        PatientColumn.hint(manifest.columns()).ifPresent(warning);
        Spelling spelling = new Spelling(known);
        for (String column : manifest.columns()) {
            String usual = Manifest.usual(column);
            if (known.contains(column) || known.contains(usual) || TruthMasks.isMeant(column)
                    || PatientColumn.isLike(column)) {
                continue;
            }
            if (withoutMeaning.contains(usual)) {
                warning.accept("column " + column + " is carried through as your own and changes no edit: rows cannot"
                        + " choose it");
                continue;
            }
            spelling.nearest(usual).stream().filter(k -> !isAnotherWord(usual, k)).limit(1).forEach(k -> warning
                    .accept("column " + column + " is carried through as your own; did you mean " + k + "?"));
        }
    }

    /** Whether a short word differs by one letter that was put in another's place, as site from size: often both are words. */
    private static boolean isAnotherWord(String word, String known) {
        return word.length() <= 4 && word.length() == known.length() && !sorted(word).equals(sorted(known));
    }

    private static String sorted(String word) {
        return word.chars().sorted().collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void checkTest(StressCase c, List<Problem> problems) {
        if (!c.role().isEmpty() && Role.of(c.role()).isEmpty()) {
            problems.add(new Problem(c.row(), StressCase.ROLE, "'" + c.role()
                    + "' is not one of null, sham, add, remove, reverse, foreground, background"));
        }
        String dose = c.values().first(StressCase.DOSE);
        if (dose != null && !dose.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            problems.add(new Problem(c.row(), StressCase.DOSE, "'" + dose + "' is not a number of at least 0"));
        }
        for (String column : List.of(StressCase.LABEL, StressCase.LABEL_AFTER)) {
            String label = c.values().first(column, "0");
            if (!Set.of("0", "1").contains(label)) {
                problems.add(new Problem(c.row(), column, "'" + label + "' is neither 0 nor 1"));
            }
        }
        String label = c.values().first(StressCase.LABEL, "");
        if (label.equals("1") && c.role().equals(Role.ADD.word())
                || label.equals("0") && c.role().equals(Role.REMOVE.word())) {
            problems.add(new Problem(c.row(), StressCase.LABEL, "contradicts the role " + c.role()
                    + ": it says whether the film has the target before the edit"));
        }
        String direction = c.values().first(StressCase.DIRECTION, "up");
        if (!Set.of("up", "down").contains(direction)) {
            problems.add(new Problem(c.row(), StressCase.DIRECTION, "'" + direction + "' is neither up nor down"));
        }
    }

    private static void checkNames(List<StressCase> cases, List<Problem> problems) {
        Map<String, StressCase> seen = new HashMap<>();
        for (StressCase c : cases) {
            String id = c.id();
            if (!CaseName.isUsable(id)) {
                if (c.base() == null) {
                    problems.add(new Problem(c.row(), StressCase.CASE_ID, CaseName.problem(id)));
                }
                continue;
            }
            StressCase first = seen.putIfAbsent(CaseName.key(id), c);
            if (first != null) {
                problems.add(new Problem(c.row(), StressCase.CASE_ID, "'" + id + "' is used in row " + first.row()
                        + (first.id().equals(id) ? "" : " as '" + first.id() + "'") + " already"
                        + (c.base() != null || first.base() != null ? " (controls have names as well)" : "")));
            }
        }
    }

    /** {@return the cases by their names} */
    Map<String, StressCase> byId() {
        Map<String, StressCase> all = new HashMap<>();
        cases.forEach(c -> all.put(c.id(), c));
        return all;
    }

    /** {@return the columns of the manifest that are the user's own} */
    List<String> ownColumns(Set<String> ofEdits) {
        return columns.stream()
                .filter(c -> !ofEdits.contains(c) && !ABOUT_THE_TEST.contains(c) && !TruthMasks.isMeant(c)).toList();
    }

    /** {@return a hash of all cases} */
    String sha256() {
        StringBuilder all = new StringBuilder();
        for (StressCase c : cases) {
            all.append(line(c));
        }
        return Digests.hex(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a line of JSON for each case. */
    void writeTo(OutputStream out) throws IOException {
        for (StressCase c : cases) {
            out.write(line(c).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String line(StressCase c) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("case_id", c.id());
        m.put("row", c.row());
        if (c.base() != null) {
            m.put("base", c.base());
        }
        m.put("values", c.values().byColumn());
        return JsonLines.line(m);
    }

    /**
     * {@return the cases that {@link #writeTo} wrote}
     *
     * @param file
     *            the file
     * @throws IOException
     *             if it cannot be read or is damaged
     */
    static List<StressCase> read(Path file) throws IOException {
        List<StressCase> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            try {
                JsonNode n = JsonLines.parse(line);
                Map<String, List<String>> values = new LinkedHashMap<>();
                n.path("values").properties().forEach(e -> {
                    List<String> all = new ArrayList<>();
                    e.getValue().forEach(v -> all.add(v.asText()));
                    values.put(e.getKey(), all);
                });
                cases.add(new StressCase(n.path("case_id").asText(), n.path("row").asInt(),
                        n.hasNonNull("base") ? n.path("base").asText() : null, new Values(values)));
            } catch (JsonProcessingException e) {
                throw new IOException(file + ": line " + (cases.size() + 1) + " is damaged", e);
            }
        }
        return cases;
    }
}
