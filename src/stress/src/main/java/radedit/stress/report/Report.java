package radedit.stress.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.html.Html;
import radedit.files.OutputFile;
import radedit.stress.evaluate.Evaluation;

/**
 * Writes an evaluation as one page of HTML that needs no network and no other file. The same evaluation gives the same bytes, on the
 * same machine (plots depend on its fonts).
 */
public final class Report {
    /** Bytes kept free for what follows after the gallery. */
    private static final long REST = 2_000_000;

    /**
     * What the page may hold.
     *
     * @param cases
     *            largest number of cases in the gallery, at least 0
     * @param bytes
     *            size from which on cases, plots and rows are left out, at least 100000. The page may be larger by one case
     * @param pixels
     *            largest width and height of a picture, from 16 to 4096
     */
    public record Options(int cases, long bytes, int pixels) {
        /** 200 cases in 256 x 256 pixels, and 19 MB. */
        public static final Options DEFAULT = new Options(200, 19_000_000, 256);

        /** Checks the numbers. */
        public Options {
            if (cases < 0 || bytes < 100_000 || pixels < 16 || pixels > 4096) {
                throw new IllegalArgumentException(cases + " cases, " + bytes + " bytes, " + pixels + " pixels");
            }
        }
    }

    private final Html html;
    private final Evaluation evaluation;
    private final Results results;
    private final Charts charts;
    private final Options options;

    private Report(Html html, Evaluation evaluation, Charts charts, Options options) {
        this.html = html;
        this.evaluation = evaluation;
        this.results = new Results(evaluation);
        this.charts = charts;
        this.options = options;
    }

    /**
     * Writes the page, with links to results.json and results.csv next to it.
     *
     * @param e
     *            the evaluation
     * @param file
     *            the file
     * @param options
     *            what the page may hold
     * @throws IOException
     *             if a picture cannot be read, or the page cannot be written
     */
    public static void write(Evaluation e, Path file, Options options) throws IOException {
        OutputFile.write(file, out -> write(e, out, options, Charts::measure));
    }

    /**
     * Writes the page to a stream.
     *
     * @param measuring
     *            measures a text; fails where there are no fonts
     */
    static void write(Evaluation e, OutputStream out, Options options, Runnable measuring) throws IOException {
        new Report(new Html(out), e, new Charts(measuring), options).write();
    }

    private void write() throws IOException {
        String title = "Stress test of " + String.join(", ",
                results.models().stream().map(m -> Words.brief(m.path("name").asText())).toList());
        if (results.models().isEmpty()) {
            title = "Stress test";
        }
        Script script = new Script(resource("report.js"));
        html.fragment("<!DOCTYPE html>\n");
        html.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml").open("head")
                .empty("meta", "charset", "utf-8")
                .empty("meta", "http-equiv", "Content-Security-Policy", "content", script.policy())
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "name", "color-scheme", "content", "light dark").element("title", title);
        html.fragment("<style>" + resource("report.css") + "</style>").close("head").open("body");
        html.open("header").element("h1", title)
                .element("p", results.at("notice").asText(), "class",
                        "warning");
        contents();
        html.close("header").open("main");
        long limit = Math.max(options.bytes() / 2, options.bytes() - REST);
        section("run", "Run");
        run();
        FunnelSection.write(html, results, charts);
        html.close("section");
        section("results", "Results");
        new ResultsSection(html, results, limit / 3).write();
        html.close("section");
        section("plots", "Plots");
        PlotsSection.write(html, results, charts, limit / 2);
        html.close("section");
        section("gallery", "Gallery");
        new Gallery(html, results, options, limit).write(evaluation.run().cases());
        html.close("section");
        section("details", "Settings and all numbers");
        new DetailsSection(html, results, options.bytes()).write();
        html.close("section").close("main");
        html.fragment(script.element()).close("body").close("html");
    }

    private void contents() throws IOException {
        html.open("nav", "aria-label", "Contents").open("ul");
        for (List<String> s : List.of(List.of("run", "Run"), List.of("results", "Results"), List.of("plots", "Plots"),
                List.of("gallery", "Gallery"), List.of("details", "Settings and all numbers"))) {
            html.open("li").element("a", s.get(1), "href", "#" + s.get(0)).close("li");
        }
        html.open("li").element("a", "results.csv", "href", "results.csv").close("li").open("li")
                .element("a", "results.json", "href", "results.json").close("li").close("ul").close("nav");
    }

    private void section(String id, String title) throws IOException {
        html.open("section", "id", id, "aria-labelledby", id + "-head").element("h2", title, "id", id + "-head");
    }

    private void run() throws IOException {
        JsonNode run = results.at("run");
        Path folder = evaluation.run().folder().getFileName();
        Tables.plain(html, "The run", List.of("What", "Value"),
                List.of(List.of("Folder", folder == null ? "" : folder.toString()),
                        List.of("Model that edited", Words.value(run.path("model").path("name"))),
                        List.of("Program", Words.value(run.path("program"))),
                        List.of("Backend", Words.value(run.path("backend"))),
                        List.of("Cases, with controls", Words.value(run.path("cases"))),
                        List.of("Models under test", String.join(", ",
                                results.models().stream().map(m -> m.path("name").asText()).toList()))));
        String about = run.path("model").path("notice").asText("");
        if (!about.isEmpty()) {
            html.element("p", about, "class", "warning");
        }
        for (JsonNode m : results.models()) {
            if (m.path("probes").path("passed").isBoolean() && !m.path("probes").path("passed").asBoolean()) {
                html.element("p", m.path("name").asText()
                        + ": its outputs looked wrong before the run, see its settings. Its numbers may mean nothing.",
                        "class", "warning");
            }
        }
        List<JsonNode> warnings = Results.list(results.at("warnings"));
        if (!warnings.isEmpty()) {
            html.element("h3", "Warnings").open("ul");
            for (JsonNode w : warnings) {
                html.element("li", w.asText(), "class", "warning");
            }
            html.close("ul");
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + ": is missing in this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
