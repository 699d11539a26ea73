package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.checkpoint.ModelFolder;
import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.Loader;
import radedit.imaging.WindowChoice;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Scorer;

/** radedit score. */
@Command(name = "score", mixinStandardHelpOptions = true, description = {
        "Scores how well films match texts, with BioViL-T.",
        "One film and one text give a score; several give a table in which each film's texts are ranked.",
        "The columns of --csv are film,text,score,error, or, for several texts,",
        "with film,text,score,rank,error.",
        "With --original, also scores how well the change of a film follows that of the text."}, footerHeading = "%nExamples:%n", footer = {
                "  radedit score film.png --text \"Small right-sided pleural effusion\"",
                "  radedit score film.png --text Pneumothorax --text Cardiomegaly",
                "  radedit score films/ --texts findings.txt --csv -o scores.csv",
                "  radedit score *.dcm --text \"Pleural effusion\" --min 0.2",
                "  radedit score edited.png --text \"No pneumothorax\" \\",
                "      --original film.png --original-text \"Large right pneumothorax\""})
final class ScoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILM", arity = "0..*", description = "films: files ("
            + FilmInput.FORMATS + "), or folders of them")
    private List<String> films = List.of();

    @Option(names = "--image", paramLabel = "FILM", description = "a film too; may be repeated")
    private List<String> images = List.of();

    @Option(names = "--text", paramLabel = "T", description = "what a film should show; several are ranked, best first")
    private List<String> texts = List.of();

    @Option(names = "--texts", paramLabel = "FILE", description = "more texts, one per line (UTF-8)")
    private @Nullable Path textsFile;

    @Option(names = "--average", description = "compare with the mean of all texts, for texts that say the same")
    private boolean average;

    @Option(names = "--frame", paramLabel = "K", description = "frame, slice or page of the films, counted from 1 (default: the only one)")
    private @Nullable Integer frame;

    @Option(names = "--min", paramLabel = "X", description = "exit with code 6 if a film's score (the best of several; the edit score with --original) is below X")
    private @Nullable Double min;

    @Option(names = "--embeddings", description = "add the embeddings to --json")
    private boolean embeddings;

    @Mixin
    private ScoreOutput output;

    @Mixin
    private ComparisonOptions comparison;

    @Mixin
    private EncoderOptions model;

    @Mixin
    private ConsoleListener console;

    @Mixin
    private TraceOptions trace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        console.to(spec.commandLine().getErr());
        List<String> names = names();
        if (names.isEmpty()) {
            throw new InvalidRequestException("a film is missing: files or folders, or --image FILM");
        }
        ScoreOutput.Form form = form();
        ScoreTexts all = ScoreTexts.of(texts, textsFile, average);
        List<FilmList.Entry> entries = FilmList.of(names, console::note);
        boolean one = entries.size() == 1 && entries.getFirst().named();
        comparison.check(one ? entries.getFirst().file() : null);
        boolean single = one && !all.isRanked() && form != ScoreOutput.Form.CSV;
        if (!single) {
            comparison.requireNone(!one
                    ? "there are several films"
                    : all.isRanked()
                            ? "there are " + all.texts().size() + " texts; --average would combine them"
                            : "leave out --csv");
        }
        if (!one && comparison.previous() != null) {
            throw new InvalidRequestException("--previous needs one film: there are several");
        }
        checkOutput(entries);
        return output.write(single
                ? out -> scoreOne(entries.getFirst().file(), all, form, out)
                : out -> scoreAll(entries, all, form, out), spec.commandLine().getOut(), console.quiet());
    }

    private List<String> names() {
        return Stream.concat(images.stream(), films.stream()).toList();
    }

    private ScoreOutput.Form form() {
        ScoreOutput.Form form = output.form();
        if (embeddings && form != ScoreOutput.Form.JSON) {
            throw new InvalidRequestException("--embeddings needs --json");
        }
        if (min != null && !(min >= -1 && min <= 1)) {
            throw new InvalidRequestException("--min must be from -1 to 1, not " + min);
        }
        FilmInput.frame(frame); // throws for invalid frame numbers
        return form;
    }

    private void checkOutput(List<FilmList.Entry> entries) throws IOException {
        output.check(entries.stream().map(FilmList.Entry::file).toArray(Path[]::new));
        output.check(comparison.inputs());
        output.check(textsFile, comparison.map(), trace.file());
    }

    /** A trace that overwrites neither what is read nor what else is written. */
    private TraceOptions.Open traced(List<Path> files) throws IOException {
        return trace.open(Stream.of(files.stream(), Arrays.stream(comparison.inputs()),
                Stream.of(textsFile, comparison.map())).flatMap(s -> s).toArray(Path[]::new));
    }

    private Scorer open(ModelFolder folder, TraceOptions.Open recorded) {
        return Scorer.open(folder, model.options(0), console, recorded.recorder());
    }

    /** The common beginning of reports. */
    private Map<String, Object> report(ModelFolder folder) {
        Map<String, Object> report = new LinkedHashMap<>();
        folder.notice().ifPresent(n -> report.put("notice", n));
        return report;
    }

    private int scoreOne(Path image, ScoreTexts all, ScoreOutput.Form form, Writer out) throws IOException {
        Film film = read(image);
        comparison.read(film, this::read, console::warning);
        ModelFolder folder = model.folder();
        folder.notice().ifPresent(console::note);
        Map<String, Object> report = report(folder);
        double judged;
        try (TraceOptions.Open recorded = traced(List.of(image)); Scorer scorer = open(folder, recorded)) {
            double[] text = all.embed(scorer, console).getFirst();
            report.put("image", image.toString());
            report.put("texts", all.texts());
            scorer.recordUnknownWords(report,
                    Stream.concat(all.texts().stream(), comparison.originalTexts().stream()).toList());
            Map<String, Object> vectors = new LinkedHashMap<>();
            judged = comparison.score(scorer, film, text, report, vectors);
            if (embeddings) {
                report.put("embeddings", vectors);
            }
            recorded.finish();
        }
        boolean passed = min == null || judged >= min;
        if (min != null) {
            report.put("min", min);
            report.put("passed", passed);
        }
        print(report, form, out);
        if (!passed) {
            spec.commandLine().getErr().printf(Locale.ROOT, "radedit: the %s score %s --min %s%n",
                    comparison.judgesAnEdit() ? "edit" : "image-text",
                    Double.isNaN(judged) ? "is undefined and does not reach" : ScoreTable.number(judged) + " is below",
                    min);
        }
        return passed ? Exit.OK : Exit.CHECK;
    }

    private int scoreAll(List<FilmList.Entry> entries, ScoreTexts all, ScoreOutput.Form form, Writer out)
            throws IOException {
        Film earlier = comparison.previous() == null ? null : read(comparison.previous());
        ModelFolder folder = model.folder();
        folder.notice().ifPresent(console::note);
        ScoreCheck check = new ScoreCheck(min);
        try (TraceOptions.Open recorded = traced(entries.stream().map(FilmList.Entry::file).toList());
                Scorer scorer = open(folder, recorded)) {
            List<double[]> embedded = all.embed(scorer, console);
            Map<String, Object> report = report(folder);
            report.put("texts", all.texts());
            scorer.recordUnknownWords(report, all.texts());
            if (comparison.previous() != null) {
                report.put("previous", comparison.previous().toString());
            }
            if (embeddings) {
                report.put("text_embeddings", embedded);
            }
            ScoreTable table = switch (form) {
                case PLAIN -> ScoreTable.plain(out, entries, all.isRanked());
                case CSV -> ScoreTable.csv(out, all.isRanked());
                case JSON -> ScoreTable.json(out, report, min, embeddings);
            };
            new FilmScoring(scorer, this::read, earlier, all, embedded).run(entries, f -> {
                console.clearLine();
                table.add(f);
                check.add(f);
                if (out instanceof PrintWriter stdout && stdout.checkError()) {
                    throw new Stdout.BrokenException();
                }
            }, console);
            table.end();
            recorded.finish();
        }
        if (check.films() == 0) {
            throw new InvalidInputException(String.join(", ", names()) + ": no film");
        }
        return check.end(spec.commandLine().getErr());
    }

    /** Reads a film that can be scored. */
    private Film read(Path file) {
        FilmOptions how = new FilmOptions(Loader.HIML, FilmInput.frame(frame), WindowChoice.FROM_FILE);
        Film f = Inputs.film(file, how, console.to(spec.commandLine().getErr())::warning);
        try {
            Scorer.check(f);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(file + ": " + OptionNames.in(e), e);
        }
        return f;
    }

    private void print(Map<String, Object> report, ScoreOutput.Form form, Writer writer) throws IOException {
        PrintWriter out = new PrintWriter(writer);
        if (form == ScoreOutput.Form.JSON) {
            out.println(OutputOptions.JSON.writeValueAsString(report));
        } else {
            out.printf(Locale.ROOT, "image-text score %.4f%n", (Double) report.get("image_text_score"));
            if (report.get("edit_score") instanceof Double d) {
                out.printf(Locale.ROOT, "edit score %.4f%n", d);
            } else if (report.containsKey("edit_score")) {
                out.println("edit score undefined: " + report.get("edit_score_undefined_because"));
            }
            if (report.get("map") instanceof Map<?, ?> m && m.containsKey("positive_in_edit_mask")) {
                String share = m.get("positive_in_edit_mask") instanceof Double d
                        ? String.format(Locale.ROOT, "%.1f %%", 100 * d)
                        : "undefined: " + m.get("positive_undefined_because");
                out.println("positive similarity inside the edit mask " + share);
            }
            if (comparison.map() != null) {
                out.println(comparison.map());
            }
        }
        out.flush();
    }
}
