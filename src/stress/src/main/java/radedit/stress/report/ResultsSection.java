package radedit.stress.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import radedit.html.Html;
import radedit.stress.report.ResultTable.Column;
import radedit.stress.report.ResultTable.Source;

/** What the edits do: decisions, masks, and the pictures themselves. */
final class ResultsSection {
    private static final List<Column> DECISIONS = List.of(Column.of("Accuracy before", "accuracy_before"),
            Column.of("Accuracy after", "accuracy_after"),
            new Column("Flips no to yes", "flips_from_no", "flips_from_no_upper95"),
            new Column("Flips yes to no", "flips_from_yes", "flips_from_yes_upper95"),
            Column.of("Score change", "score_change"));
    private static final List<Column> MASKS = List.of(Column.of("Dice", "dice"),
            Column.of("HD95 (pixels)", "hausdorff95"), Column.of("Average Hausdorff (pixels)", "average_hausdorff"),
            Column.of("Structure lost", "lost"));
    private static final List<Column> TRUTH = List.of(Column.of("Dice before", "dice_before"),
            Column.of("Dice after", "dice_after"), Column.of("Change of Dice", "dice_change"),
            Column.of("HD95 before (pixels)", "hausdorff95_before"),
            Column.of("HD95 after (pixels)", "hausdorff95_after"),
            Column.of("Average Hausdorff before (pixels)", "average_hausdorff_before"),
            Column.of("Average Hausdorff after (pixels)", "average_hausdorff_after"),
            Column.of("Lost after", "lost_after"));
    private static final List<Column> PICTURES = List.of(
            Column.of("Mean change in the edit mask", "mean_change_inside"),
            Column.of("Mean change outside", "mean_change_outside"),
            Column.of("Mean change in the keep mask", "mean_change_kept"),
            Column.of("Largest change in the keep mask", "largest_change_kept"),
            Column.of("SSIM outside", "ssim_outside"), Column.of("Image-text score", "image_text_score"),
            Column.of("Edit score", "edit_score"), Column.of("Prompt seen in the edit mask", "similarity_inside"),
            Column.of("Prompt seen outside", "similarity_outside"));

    private static final Set<String> EDITS = Set.of("add", "remove", "foreground", "");

    private final Html html;
    private final Results results;
    private final long limit;

    ResultsSection(Html html, Results results, long limit) {
        this.html = html;
        this.results = results;
        this.limit = limit;
    }

    void write() throws IOException {
        html.element("p",
                "Below each number is its 95 % interval from a bootstrap over patients. For flips, \"at most\" is a "
                        + "one-sided 95 % bound (Clopper and Pearson) that counts cases, not patients. "
                        + Words.UNDEFINED
                        + ": undefined, as there are no such cases. Controls show the effect of editing alone: what they change is no "
                        + "effect of a finding.");
        tables("Decisions", "Decisions", DECISIONS, sources(results.classifiers()));
        published();
        recovery();
        List<Source> segmenters = sources(results.segmenters());
        tables("Masks", "Masks before and after the edit", MASKS, having(segmenters, "dice"));
        tables("Masks and the truth", "Masks compared with those of the manifest", TRUTH,
                having(segmenters, "dice_before", "dice_after"));
        tables("Pictures", "Change of the pictures, in grey levels from 0 to 255", PICTURES,
                List.of(new Source("", results.at("pictures"))));
        distances();
    }

    /** Numbers of the publication, beside those of the whole run. */
    private void published() throws IOException {
        for (JsonNode experiment : results.at("published")) {
            List<List<String>> rows = new ArrayList<>();
            Set<String> metrics = new LinkedHashSet<>();
            for (JsonNode r : experiment.path("results")) {
                String metric = r.path("metric").asText();
                metrics.add(metric);
                rows.add(List.of(
                        "published" + (r.path("model").asText().isEmpty() ? "" : ", " + r.path("model").asText()),
                        r.path("finding").asText(), metric, percent(r.path("before").asDouble()),
                        percent(r.path("after").asDouble())));
            }
            for (JsonNode model : results.models()) {
                for (JsonNode g : model.path("groups")) {
                    boolean edits = !Results.isSubgroup(g) && g.path("dose").asDouble() == 1
                            && EDITS.contains(g.path("role").asText());
                    metrics.stream().filter(m -> edits).forEach(metric -> {
                        JsonNode n = g.path("metrics");
                        JsonNode after = n.path(n.has(metric + "_after") ? metric + "_after" : metric).path("value");
                        JsonNode before = n.path(metric + "_before").path("value");
                        if (after.isNumber()) {
                            rows.add(List.of("this run, " + model.path("name").asText(),
                                    g.path("role").asText() + " " + g.path("target").asText(), metric,
                                    before.isNumber() ? percent(100 * before.asDouble()) : Words.UNDEFINED,
                                    percent(100 * after.asDouble())));
                        }
                    });
                }
            }
            html.element("h3", "Published: " + experiment.path("experiment").asText());
            Tables.plain(html, experiment.path("source").asText(),
                    List.of("Model", "Edit", "Metric", "Before (%)", "After (%)"), rows);
            html.element("p",
                    "Published Dice before and after is that against drawn lungs. So is that of this run if the "
                            + "manifest has them (truth_mask); else a model's masks are compared with its own of the film before "
                            + "the edit, and there is no Dice before.");
        }
    }

    /** {@return the models with one of the numbers, and their groups with it} */
    private static List<Source> having(List<Source> sources, String... metrics) {
        List<Source> all = new ArrayList<>();
        for (Source s : sources) {
            ArrayNode groups = JsonNodeFactory.instance.arrayNode();
            s.groups().forEach(g -> {
                if (Arrays.stream(metrics).anyMatch(g.path("metrics")::has)) {
                    groups.add(g);
                }
            });
            if (!groups.isEmpty()) {
                all.add(new Source(s.name(), groups));
            }
        }
        return all;
    }

    private static String percent(double v) {
        return String.format(Locale.ROOT, "%.1f", v);
    }

    private static List<Source> sources(List<JsonNode> models) {
        return models.stream().map(m -> new Source(m.path("name").asText(), m.path("groups"))).toList();
    }

    private void tables(String head, String title, List<Column> columns, List<Source> sources) throws IOException {
        if (sources.isEmpty()) {
            return;
        }
        html.element("h3", head);
        for (String target : ResultTable.targets(sources)) {
            for (int i = 0; i < sources.size(); i += ResultTable.SIDE_BY_SIDE) {
                List<Source> some = sources.subList(i, Math.min(sources.size(), i + ResultTable.SIDE_BY_SIDE));
                String caption = title + (target.isEmpty() ? "" : ": " + target);
                ResultTable whole = new ResultTable(caption, columns, some, target, false);
                if (html.bytes() > limit) {
                    html.element("p", "More tables are in results.csv.");
                    return;
                }
                if (!whole.isEmpty()) {
                    whole.write(html, limit);
                }
                ResultTable parts = new ResultTable(caption + ", by subgroup", columns, some, target, true);
                if (!parts.isEmpty()) {
                    html.open("details").element("summary", caption + ", by subgroup");
                    parts.write(html, limit);
                    html.close("details");
                }
            }
        }
    }

    private void recovery() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode m : results.classifiers()) {
            for (JsonNode r : m.path("reverse_recovery")) {
                rows.add(List.of(m.path("name").asText(), r.path("target").asText(), r.path("role").asText(),
                        Words.number(r.path("cases")), Words.number(r.path("flipped")),
                        Words.number(r.path("recovered")), Words.number(r.path("recovered_share")),
                        Words.number(r.path("residual_log_odds"))));
            }
        }
        if (!rows.isEmpty()) {
            Tables.plain(html, "Edits that were undone: decisions that came back",
                    List.of("Model", "Target", "Edits", "Pairs", "Flipped by the edit", "Came back", "Share",
                            "Remaining change (log odds)"),
                    rows);
        }
    }

    private void distances() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode d : results.at("distances")) {
            String role = d.path("role").asText();
            rows.add(List.of(role.isEmpty() ? "edit" : role, d.path("features").asText(), Words.number(d.path("real")),
                    Words.number(d.path("edited")), Words.number(d.path("frechet_distance")),
                    Words.number(d.path("kernel_distance")), Words.number(d.path("precision")),
                    Words.number(d.path("recall")), Words.number(d.path("density")), Words.number(d.path("coverage")),
                    d.path("note").asText("")));
        }
        if (!rows.isEmpty()) {
            html.element("h3", "Sets of films");
            Tables.plain(html, "Distance of edited films from real ones", List.of("Edits", "Features", "Real films",
                    "Edited films", "Frechet distance", "Kernel distance", "Precision", "Recall", "Density", "Coverage",
                    "Note"), rows);
        }
    }
}
