package radedit.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import radedit.html.Html;

/**
 * A page about the differences of two traces: the first divergence, the growth of the error from value to value, each network
 * with its nodes as boxes coloured by error and its inputs as lines, and a table. It needs nothing but itself.
 */
public final class DiffPage {
    private static final int TABLE = 500;
    /** Boxes in a row of the drawing. */
    private static final int COLUMNS = 24;
    /** Width of the blocks' names. */
    private static final int LABEL = 150;
    private static final int CELL = 40;
    private static final int BOX = 26;
    private static final String STYLE = "body{font:15px sans-serif;margin:2em auto;max-width:70em;padding:0 1em}"
            + "table{border-collapse:collapse}td,th{padding:.2em .6em;text-align:right;border-bottom:1px solid #ddd}"
            + "td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto}.beyond{color:#b00}";

    private final TraceDiff diff;
    private final String first;
    private final String second;

    /**
     * Creates a page.
     *
     * @param diff
     *            the differences
     * @param first
     *            name of the first trace
     * @param second
     *            name of the second trace
     */
    public DiffPage(TraceDiff diff, String first, String second) {
        this.diff = diff;
        this.first = first;
        this.second = second;
    }

    /**
     * Writes the page.
     *
     * @param out
     *            where to; not closed
     * @throws IOException
     *             if writing fails
     */
    public void write(OutputStream out) throws IOException {
        Html h = new Html(out);
        h.fragment("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        h.empty("meta", "charset", "utf-8").element("title", "Differences of two traces");
        h.element("style", STYLE).close("head").open("body").element("h1", "Differences of two traces");
        h.element("p", first + " compared with " + second + ". Research use only.");
        TraceDiff.Row d = diff.divergence();
        h.element("p", d == null
                ? diff.rows().size() + " values compared, none beyond its bound."
                : "First divergence: " + d.a().label() + " (" + number(d.relative()) + ").",
                "class", d == null ? "holds" : "beyond");
        approximate(h, first, diff.approximations().get(0));
        approximate(h, second, diff.approximations().get(1));
        growth(h);
        for (Map.Entry<String, List<TraceDiff.Row>> e : calls().entrySet()) {
            network(h, e.getKey(), e.getValue());
        }
        table(h);
        facts(h);
        h.close("body").close("html");
    }

    private static void approximate(Html h, String file, Set<String> settings) throws IOException {
        if (!settings.isEmpty()) {
            h.element("p", file + " is of an approximate run: " + String.join(", ", settings) + ".");
        }
    }

    /** The values of one call of each network: the first that diverges, else the first. */
    private Map<String, List<TraceDiff.Row>> calls() {
        Map<String, Integer> which = new HashMap<>();
        diff.rows().stream().filter(r -> r.verdict() == TraceDiff.Verdict.BEYOND)
                .forEach(r -> which.putIfAbsent(r.a().network(), r.a().call()));
        Map<String, List<TraceDiff.Row>> all = new LinkedHashMap<>();
        for (TraceDiff.Row r : diff.rows()) {
            String network = r.a().network();
            if (!r.a().isHost() && r.a().call() == which.computeIfAbsent(network, n -> r.a().call())) {
                all.computeIfAbsent(network, n -> new ArrayList<>()).add(r);
            }
        }
        return all;
    }

    /** Relative error of all values in the order of computation, on a logarithmic scale from 1e-9 to 1. */
    private void growth(Html h) throws IOException {
        List<TraceDiff.Row> rows = diff.rows();
        h.element("h2", "Growth of the error");
        h.open("svg", "viewBox", "0 0 1000 230", "role", "img", "aria-label", "relative error by order of computation");
        for (int decade = 0; decade <= 9; decade++) {
            int y = 10 + 20 * decade;
            h.empty("line", "x1", "60", "x2", "1000", "y1", "" + y, "y2", "" + y, "stroke", "#ddd");
            h.element("text", decade == 0 ? "1" : "1e-" + decade, "x", "5", "y", "" + (y + 4), "font-size", "12");
        }
        int stride = Math.max(1, rows.size() / 2000);
        for (int from = 0; from < rows.size(); from += stride) {
            TraceDiff.Row worst = rows.subList(from, Math.min(rows.size(), from + stride)).stream()
                    .max(Comparator.comparingDouble(r -> severity(r))).orElseThrow();
            double x = 60 + 935.0 * from / Math.max(1, rows.size() - 1);
            h.open("circle", "cx", decimal(x), "cy", decimal(200 - 180 * severity(worst)), "r", "2.5", "fill",
                    colour(worst)).element("title", worst.a().label() + ": " + number(worst.relative()))
                    .close("circle");
        }
        h.close("svg");
    }

    /** Where each value's box is: a block of the network begins a row. */
    private static final class Layout {
        private final int[] x;
        private final int[] y;
        private final Map<Integer, String> labels = new LinkedHashMap<>();
        private final int height;

        Layout(List<TraceDiff.Row> rows) {
            x = new int[rows.size()];
            y = new int[rows.size()];
            String last = null;
            int column = 0;
            int row = -1;
            for (int i = 0; i < rows.size(); i++) {
                String block = block(rows.get(i).a().name());
                if (!block.equals(last) || column == COLUMNS) {
                    column = 0;
                    row++;
                    if (!block.equals(last)) {
                        labels.put(8 + row * CELL, block);
                    }
                    last = block;
                }
                x[i] = LABEL + column++ * CELL;
                y[i] = 8 + row * CELL;
            }
            height = (row + 1) * CELL + 10;
        }

        /** The first parts of a path, up to a number: down_blocks.0, mid_block, encoder.layer.1. */
        private static String block(String name) {
            String[] parts = name.split("\\.");
            StringBuilder s = new StringBuilder(parts[0]);
            for (int i = 1; i < parts.length - 1 && i < 4; i++) {
                if (parts[i - 1].chars().allMatch(Character::isDigit)) {
                    break;
                }
                if (parts[i].startsWith("resnets") || parts[i].startsWith("attentions")) {
                    break;
                }
                s.append('.').append(parts[i]);
            }
            return parts.length == 1 ? "" : s.toString();
        }
    }

    private void network(Html h, String name, List<TraceDiff.Row> rows) throws IOException {
        String which = rows.getFirst().a().step() >= 0 ? ", step " + rows.getFirst().a().step() : "";
        h.element("h2", (name.isEmpty() ? "Network" : name) + which);
        Map<String, Integer> place = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            place.putIfAbsent(rows.get(i).a().name(), i);
        }
        Layout l = new Layout(rows);
        h.open("svg", "viewBox", "0 0 " + (LABEL + COLUMNS * CELL) + " " + l.height, "role", "img", "aria-label",
                "nodes of the network in the order of computation, coloured by error");
        for (Map.Entry<Integer, String> e : l.labels.entrySet()) {
            h.element("text", e.getValue(), "x", "4", "y", "" + (e.getKey() + 18), "font-size", "13");
        }
        for (int i = 0; i < rows.size(); i++) {
            for (String input : rows.get(i).a().inputs()) {
                Integer from = place.get(input);
                if (from != null && from < i) {
                    line(h, l, from, i);
                }
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            TraceDiff.Row r = rows.get(i);
            boolean beyond = r.verdict() == TraceDiff.Verdict.BEYOND;
            h.open("rect", "x", "" + l.x[i], "y", "" + l.y[i], "width", "" + BOX, "height", "" + BOX, "rx", "4", "fill",
                    colour(r), "stroke", beyond ? "#b00" : "#555", "stroke-width", beyond ? "3" : "1")
                    .element("title", r.a().name() + " (" + r.a().op() + "): " + number(r.relative()))
                    .close("rect");
        }
        h.close("svg");
        h.element("p", "In the order of computation, a row for each block; green: equal to the bit, yellow to red:"
                + " relative error from 1e-9 to 1. Point at a box for its name.");
    }

    private static void line(Html h, Layout l, int from, int to) throws IOException {
        int x1 = l.x[from] + BOX / 2;
        int y1 = l.y[from] + BOX / 2;
        int x2 = l.x[to] + BOX / 2;
        int y2 = l.y[to] + BOX / 2;
        int bend = to - from == 1 && y1 == y2 ? 0 : 16;
        h.empty("path", "d", "M" + x1 + " " + y1 + " Q" + (x1 + x2) / 2 + " " + ((y1 + y2) / 2 - bend) + " " + x2 + " "
                + y2, "fill", "none", "stroke", "#99a", "stroke-opacity", "0.5");
    }

    private void table(Html h) throws IOException {
        h.element("h2", "Largest differences").open("table").open("tr");
        for (String head : List.of("value", "compared by", "relative error", "of the other", "largest", "rms", "ulp")) {
            h.element("th", head);
        }
        h.close("tr");
        for (TraceDiff.Row r : diff.largest(TABLE)) {
            h.open("tr", "class", r.verdict() == TraceDiff.Verdict.BEYOND ? "beyond" : "within");
            h.element("td", r.a().label()).element("td", r.by());
            for (double v : new double[]{r.relative(), r.other(), r.largest(), r.rms(), r.ulps()}) {
                h.element("td", Double.isNaN(v) ? "" : number(v));
            }
            h.close("tr");
        }
        h.close("table");
    }

    private void facts(Html h) throws IOException {
        Map<String, List<String>> facts = diff.differentFacts();
        if (facts.isEmpty()) {
            return;
        }
        h.element("h2", "What differs between the runs").open("table");
        for (Map.Entry<String, List<String>> e : facts.entrySet()) {
            h.open("tr").element("td", e.getKey()).element("td", e.getValue().get(0)).element("td", e.getValue().get(1))
                    .close("tr");
        }
        h.close("table");
    }

    /** 0 for an error of 1e-9 or less, 1 for 1 or more or what cannot be measured. */
    private static double severity(TraceDiff.Row r) {
        if (r.verdict() == TraceDiff.Verdict.SAME) {
            return 0;
        }
        return Double.isNaN(r.relative()) ? 1 : Math.clamp(1 + Math.log10(Math.max(r.relative(), 1e-300)) / 9, 0, 1);
    }

    private static String colour(TraceDiff.Row r) {
        if (r.verdict() == TraceDiff.Verdict.SAME) {
            return "#7c7";
        }
        // from yellow over orange to red
        double v = severity(r);
        return String.format(Locale.ROOT, "#%02x%02x%02x", Math.round(245 - 40 * v), Math.round(215 * (1 - v) + 30),
                Math.round(70 * (1 - v) + 20));
    }

    private static String number(double v) {
        return Double.isNaN(v) ? "other bits" : String.format(Locale.ROOT, "%.2e", v);
    }

    private static String decimal(double v) {
        return String.format(Locale.ROOT, "%.1f", v);
    }
}
