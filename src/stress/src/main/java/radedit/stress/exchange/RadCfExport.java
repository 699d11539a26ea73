package radedit.stress.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import radedit.stress.Role;
import radedit.stress.evaluate.EvaluatedCase;

/**
 * Folders and tables of RadCF (github.com/GSK-AI/RadCF: RadEdit/batch_inference.py writes them, custom_datasets/paired_dataset.py
 * and eval/scripts/eval_pipeline.py read them). For each attribute, {@code ATTRIBUTE_flip} holds {@code originals},
 * {@code counterfactuals}, {@code null_interventions} and {@code reverse_cfs}, in which a sample has the same name, and
 * {@code interventions_shard0.csv}: {@code filename}, and for each attribute its value before ({@code _original}) and after
 * ({@code _new}), as a number.
 */
final class RadCfExport {
    /** Columns about the truth of the target, which is an attribute already. */
    private static final Set<String> TRUTH = Set.of("label", "label_after");

    private RadCfExport() {
    }

    static void write(ExportedRun run, ExportFolder out) throws IOException {
        Map<String, List<EvaluatedCase>> byTarget = new LinkedHashMap<>();
        List<EvaluatedCase> edits = run.edits();
        edits.stream().filter(RadCfExport::isIntervention)
                .forEach(c -> byTarget.computeIfAbsent(c.target(), t -> new ArrayList<>()).add(c));
        List<EvaluatedCase> written = byTarget.values().stream().flatMap(List::stream).toList();
        run.require(written,
                "RadCF needs a target, and whether it is there before the edit (role, direction or label)");
        run.leftOut(edits.size() - written.size(), "they have no target, or the truth before or after is not known");
        Map<String, Map<Role, EvaluatedCase>> controls = run.controls();
        int incomplete = 0;
        for (Map.Entry<String, List<EvaluatedCase>> e : byTarget.entrySet()) {
            String folder = e.getKey().replaceAll("[^\\p{L}\\p{N} ._-]", "_") + "_flip/";
            for (EvaluatedCase c : e.getValue()) {
                String file = "/" + c.id() + ".png";
                Map<Role, EvaluatedCase> of = controls.getOrDefault(c.id(), Map.of());
                EvaluatedCase nothing = of.get(Role.NULL);
                EvaluatedCase reverse = of.get(Role.REVERSE);
                out.picture(ExportedRun.files(c).original(), folder + "originals" + file);
                out.picture(ExportedRun.files(c).image(), folder + "counterfactuals" + file);
                if (nothing != null) {
                    out.picture(ExportedRun.files(nothing).image(), folder + "null_interventions" + file);
                }
                if (reverse != null) {
                    out.picture(ExportedRun.files(reverse).image(), folder + "reverse_cfs" + file);
                }
                incomplete += nothing == null || reverse == null ? 1 : 0;
            }
            table(run, e.getKey(), e.getValue(), out, folder + "interventions_shard0.csv");
        }
        if (incomplete > 0) {
            run.warning().accept(incomplete + " of " + written.size()
                    + " samples lack the control null or reverse; RadCF's evaluation leaves them out");
        }
    }

    private static boolean isIntervention(EvaluatedCase c) {
        return !c.target().isEmpty() && c.truthBefore().isPresent() && c.truthAfter().isPresent();
    }

    private static void table(ExportedRun run, String target, List<EvaluatedCase> cases, ExportFolder out, String name)
            throws IOException {
        List<String> unchanged = run.ownColumns().stream().filter(c -> !TRUTH.contains(c) && !c.equals(target))
                .filter(c -> cases.stream().allMatch(x -> isNumber(ExportedRun.joined(x, c)))).sorted().toList();
        List<String> header = new ArrayList<>(List.of("filename"));
        List<String> attributes = new ArrayList<>(unchanged);
        attributes.add(target);
        attributes.sort(null);
        attributes.forEach(a -> header.addAll(List.of(a + "_original", a + "_new")));
        List<List<String>> rows = new ArrayList<>();
        for (EvaluatedCase c : cases) {
            Map<String, List<String>> values = new TreeMap<>();
            unchanged.forEach(a -> values.put(a, List.of(ExportedRun.joined(c, a), ExportedRun.joined(c, a))));
            values.put(target, List.of(number(c.truthBefore().orElseThrow()), number(c.truthAfter().orElseThrow())));
            List<String> row = new ArrayList<>(List.of(c.id()));
            attributes.forEach(a -> row.addAll(Objects.requireNonNull(values.get(a))));
            rows.add(row);
        }
        out.csv(name, header, rows);
    }

    private static boolean isNumber(String text) {
        return text.matches("[+-]?\\d{1,15}(\\.\\d{1,15})?");
    }

    private static String number(boolean present) {
        return present ? "1" : "0";
    }
}
