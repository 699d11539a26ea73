package radedit.stress.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.html.Html;
import radedit.stress.FinishedCase;

/** Cases with their pictures, the most interesting first, as many as the page may hold. */
final class Gallery {
    private static final int MOST_CLASSES = 6;

    private final Html html;
    private final Results results;
    private final Report.Options options;
    private final long limit;
    private final Map<String, String> films = new HashMap<>();

    /**
     * Begins a gallery.
     *
     * @param limit
     *            size of the page from which on cases are left out
     */
    Gallery(Html html, Results results, Report.Options options, long limit) {
        this.html = html;
        this.results = results;
        this.options = options;
        this.limit = limit;
    }

    void write(List<FinishedCase> finished) throws IOException {
        List<GalleryCase> all = GalleryCase.of(results, finished);
        filter(all);
        html.element("p",
                "Cases whose decisions changed come first, then those whose scores, masks or pictures changed most. In the "
                        + "difference, blue is darker and red is brighter than before; its colours are stretched to the largest "
                        + "change of each case, which is written below it.");
        html.open("p")
                .fragment("<span class=\"key edit-key\">edit mask</span> <span class=\"key keep-key\">keep mask</span>")
                .close("p");
        html.element("p", "", "id", "shown", "role", "status");
        html.open("div", "id", "cases");
        int shown = 0;
        for (GalleryCase c : all) {
            if (shown == options.cases() || html.bytes() > limit) {
                break;
            }
            write(c);
            shown++;
        }
        html.close("div");
        int left = all.size() - shown;
        html.element("p", left == 0
                ? "All " + all.size() + " cases are shown."
                : shown + " of " + all.size() + " cases are shown; " + left
                        + " are left out so that this page stays small. "
                        + "Their pictures are in the run's folder, their numbers in results.json.");
    }

    /** Writes the form by which the page's script hides cases; it stays hidden where scripts do not run. */
    private void filter(List<GalleryCase> all) throws IOException {
        html.open("form", "id", "filter", "hidden", "hidden");
        html.open("label").text("Edits ").open("select", "name", "role").element("option", "all", "value", "");
        for (String role : new TreeSet<>(all.stream().map(GalleryCase::role).toList())) {
            html.element("option", role, "value", role);
        }
        html.close("select").close("label");
        if (!results.classifiers().isEmpty()) {
            html.open("label").text("Model ").open("select", "name", "model").element("option", "any", "value", "");
            for (int i = 0; i < results.classifiers().size(); i++) {
                html.element("option", results.classifiers().get(i).path("name").asText(), "value",
                        Integer.toString(i));
            }
            html.close("select").close("label");
            html.open("label").text("Decision ").open("select", "name", "flip").element("option", "any", "value", "")
                    .element("option", "flipped", "value", "1").element("option", "same", "value", "0").close("select")
                    .close("label");
            html.open("label").text("Score change at least ").empty("input", "name", "change", "type", "number", "min",
                    "0", "max", "1", "step", "0.05", "value", "0").close("label");
        }
        html.close("form");
    }

    private void write(GalleryCase c) throws IOException {
        FinishedCase.Files files = c.finished().files();
        if (files == null) {
            throw new IllegalStateException(c.id() + " has no picture"); // only cases with one are in the gallery
        }
        CasePictures p = CasePictures.of(files, options.pixels());
        String film = film(c.finished().originalName(), p);
        html.open("article", "data-role", c.role(), "data-flips",
                c.flipped().stream().map(f -> f ? "1" : "0").collect(Collectors.joining(" ")), "data-changes",
                c.changes().stream().map(d -> String.format(Locale.ROOT, "%.4f", d)).collect(Collectors.joining(" ")));
        html.element("h3", c.id());
        about(c);
        html.open("div", "class", "case").open("div", "class", "films");
        String box = "0 0 " + p.width() + " " + p.height();
        String use = "<use href=\"#" + film + "\"/>";
        panel(box, c.id() + ": film before the edit", use, "before");
        panel(box, c.id() + ": film before the edit with the outlines of its masks",
                use + line(p.keepMask(), "keep-line") + line(p.editMask(), "edit-line"), "masks");
        panel(box, c.id() + ": film after the edit", image(p, p.edited(), ""), "after");
        panel(box, c.id() + ": difference, at most " + p.scale() + " grey levels", image(p, p.difference(), ""),
                "difference, \u00B1" + p.scale() + " of 255 levels");
        html.close("div").open("div");
        scores(c);
        html.close("div").close("div").close("article");
    }

    /** {@return the id by which cases show a film; writes the film at its first case} */
    private String film(String name, CasePictures p) throws IOException {
        String known = films.get(name);
        if (known == null) {
            known = "film" + films.size();
            films.put(name, known);
            html.fragment("<svg class=\"store\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
                    + image(p, p.original(), known) + "</defs></svg>\n");
        }
        return known;
    }

    private static String image(CasePictures p, String uri, String id) {
        return "<image" + (id.isEmpty() ? "" : " id=\"" + id + "\"") + " width=\"" + p.width() + "\" height=\""
                + p.height()
                + "\" href=\"" + uri + "\"/>";
    }

    private static String line(String path, String kind) {
        return path.isEmpty() ? "" : "<path class=\"" + kind + "\" d=\"" + path + "\"/>";
    }

    private void panel(String box, String alt, String content, String caption) throws IOException {
        html.open("figure").open("svg", "class", "film", "role", "img", "viewBox", box, "aria-label", alt)
                .fragment(content).close("svg").element("figcaption", caption).close("figure");
    }

    private void about(GalleryCase c) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(Words.role(c.numbers()));
        if (!c.numbers().path("target").asText().isEmpty()) {
            parts.add("target " + c.numbers().path("target").asText());
        }
        parts.add("patient " + c.numbers().path("patient_id").asText());
        if (!c.finished().seed().isEmpty()) {
            parts.add("seed " + c.finished().seed());
        }
        c.finished().edit().ifPresent(s -> parts.add("edit score " + Words.number(s)));
        c.finished().imageText().ifPresent(s -> parts.add("image-text score " + Words.number(s)));
        html.element("p", String.join("; ", parts));
        String prompt = String.join(" | ", c.finished().plan().values().all("prompt"));
        if (!prompt.isEmpty()) {
            html.open("p").text("Prompt: ").element("q", prompt).close("p");
        }
    }

    private void scores(GalleryCase c) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        String target = c.numbers().path("target").asText();
        for (JsonNode m : results.classifiers()) {
            int left = MOST_CLASSES;
            for (Map.Entry<String, JsonNode> e : c.numbers().path("models").path(m.path("name").asText())
                    .properties()) {
                JsonNode s = e.getValue();
                boolean shown = target.isEmpty() ? left-- > 0 : target.equals(e.getKey());
                if (shown || s.path("flipped").asBoolean() && left-- > 0) {
                    rows.add(List.of(m.path("name").asText(), e.getKey(), Words.number(s.path("before")),
                            Words.number(s.path("after")), s.path("flipped").asBoolean() ? "flipped" : "same"));
                }
            }
        }
        if (!rows.isEmpty()) {
            Tables.plain(html, "Scores of " + c.id(), List.of("Model", "Class", "Before", "After", "Decision"), rows);
        }
        masks(c);
    }

    /** A number of the edited film's mask, whatever it was compared with. */
    private static String after(JsonNode numbers, String metric) {
        return Words.number(numbers.path(numbers.has(metric) ? metric : metric + "_after"));
    }

    private void masks(GalleryCase c) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode m : results.segmenters()) {
            c.numbers().path("models").path(m.path("name").asText()).properties().stream().limit(MOST_CLASSES)
                    .forEach(e -> rows.add(List.of(m.path("name").asText(), e.getKey(),
                            after(e.getValue(), "dice"), after(e.getValue(), "hausdorff95"),
                            after(e.getValue(), "average_hausdorff"))));
        }
        if (!rows.isEmpty()) {
            Tables.plain(html, "Masks of " + c.id(),
                    List.of("Model", "Structure", "Dice", "HD95 (pixels)", "Average Hausdorff (pixels)"), rows);
        }
    }
}
