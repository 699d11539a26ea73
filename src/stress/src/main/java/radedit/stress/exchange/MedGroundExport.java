package radedit.stress.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.stress.Role;
import radedit.stress.RunException;
import radedit.stress.evaluate.EvaluatedCase;

/**
 * Counterfactuals and samples of MedGround-Bench (Xiong et al., arXiv:2605.20158, whose release is called MedFocus). Its filter
 * (scripts/run_three_step_filter.py) asks a model about a film and three pictures of one folder: {@code K_edited.png}, the
 * finding removed; {@code K_edited_kept.png}, the same prompt outside of it; {@code K_edited_kept_normal.png}, the prompt "no
 * abnormality" outside of it. K is the index of a sample. Samples have the keys of the benchmark's loader
 * (medfocus/data/medground_bench.py): {@code dataset}, {@code index}, {@code answer}, {@code imgpath}, {@code question},
 * {@code locations} ([left, top, right, bottom] in pixels) and {@code attribute}. The benchmark's own records add
 * {@code model} and its answers, "Yes" or "No", which an export has not got: {@code prediction_direct}, {@code prediction_edited_direct},
 * {@code prediction_edited_kept_direct} and {@code prediction_edited_kept_normal_direct} (data/medground_bench, the same with
 * {@code cot} for reasoning).
 */
final class MedGroundExport {
    private MedGroundExport() {
    }

    private record Film(String original, String target) {}

    static void write(ExportedRun run, ExportFolder out) throws IOException {
        List<EvaluatedCase> edits = run.edits();
        List<EvaluatedCase> samples = edits.stream().filter(MedGroundExport::isSample).toList();
        run.require(samples, "MedGround-Bench needs a target that is there before the edit (role remove, or label 1)");
        run.leftOut(edits.size() - samples.size(),
                "MedGround-Bench has findings that are there before the edit; these have no target, or are not");
        Map<String, Map<Role, EvaluatedCase>> controls = run.controls();
        Map<Film, List<EvaluatedCase>> backgrounds = backgrounds(run);
        Map<Integer, String> used = new HashMap<>();
        List<Map<String, Object>> records = new ArrayList<>();
        int incomplete = 0;
        for (EvaluatedCase c : samples) {
            int index = index(run, c, records.size(), used);
            List<EvaluatedCase> rows = backgrounds
                    .getOrDefault(new Film(c.finished().originalName(), c.target()), List.of());
            EvaluatedCase kept = first(rows, c, true)
                    .orElse(controls.getOrDefault(c.id(), Map.of()).get(Role.BACKGROUND));
            EvaluatedCase normal = first(rows, c, false).orElse(null);
            out.picture(ExportedRun.files(c).original(), index + ".png");
            out.picture(ExportedRun.files(c).image(), index + "_edited.png");
            picture(out, kept, index + "_edited_kept.png");
            picture(out, normal, index + "_edited_kept_normal.png");
            incomplete += kept == null || normal == null ? 1 : 0;
            records.add(sample(run, c, index));
        }
        if (incomplete > 0) {
            run.warning().accept(incomplete + " of " + samples.size()
                    + " samples lack a background edit; MedGround-Bench"
                    + " needs the control background, and a row of role background with the prompt 'No abnormality'");
        }
        out.json("samples.json", records);
    }

    private static boolean isSample(EvaluatedCase c) {
        return !c.target().isEmpty() && c.truthBefore().orElse(false);
    }

    private static Map<String, Object> sample(ExportedRun run, EvaluatedCase c, int index) throws IOException {
        String attribute = c.target().toLowerCase(Locale.ROOT);
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("dataset", dataset(run, c));
        m.put("index", index);
        m.put("answer", "Yes");
        m.put("imgpath", index + ".png");
        // the benchmark finds the attribute between "evidence of" and "in the image"
        m.put("question", "Is there evidence of " + attribute + " in the image?");
        m.put("locations", MaskBoxes.of(Mask.of(Images.read(ExportedRun.files(c).editMask()))));
        m.put("attribute", attribute);
        return m;
    }

    private static String dataset(ExportedRun run, EvaluatedCase c) {
        String given = c.value("dataset");
        return given.isEmpty() ? run.folder().toAbsolutePath().normalize().getFileName().toString() : given;
    }

    /** The column index, else the number of the sample. */
    private static int index(ExportedRun run, EvaluatedCase c, int number, Map<Integer, String> used) {
        boolean given = run.ownColumns().contains("index");
        String text = given ? c.value("index") : Integer.toString(number);
        if (!text.matches("\\d{1,9}")) {
            throw new RunException(run.folder() + ": case " + c.id() + ": the index '" + text
                    + "' is not a whole number; rename the column index if it is not MedGround-Bench's");
        }
        String other = used.putIfAbsent(Integer.parseInt(text), c.id());
        if (other != null) {
            throw new RunException(run.folder() + ": cases " + other + " and " + c.id() + " have the same index " + text
                    + "; export each dataset from a run of its own");
        }
        return Integer.parseInt(text);
    }

    /** Background edits that are rows of the manifest, by what they are about. */
    private static Map<Film, List<EvaluatedCase>> backgrounds(ExportedRun run) {
        Map<Film, List<EvaluatedCase>> all = new HashMap<>();
        run.cases().stream().filter(c -> c.base() == null && c.role().equals(Optional.of(Role.BACKGROUND)))
                .forEach(c -> all.computeIfAbsent(new Film(c.finished().originalName(), c.target()),
                        f -> new ArrayList<>()).add(c));
        return all;
    }

    /** The first background edit with the prompt of an edit, or with another. */
    private static Optional<EvaluatedCase> first(List<EvaluatedCase> rows, EvaluatedCase edit, boolean same) {
        return rows.stream().filter(b -> same == b.finished().plan().values().all("prompt")
                .equals(edit.finished().plan().values().all("prompt"))).findFirst();
    }

    private static void picture(ExportFolder out, @Nullable EvaluatedCase c, String name) throws IOException {
        if (c != null) {
            out.picture(ExportedRun.files(c).image(), name);
        }
    }
}
