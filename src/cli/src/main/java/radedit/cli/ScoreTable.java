package radedit.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;

/** Writes the scores of films, row by row where the format allows it. */
abstract class ScoreTable {
    /** Separates the texts of an averaged score within a cell. */
    private static final String TEXTS = " | ";

    abstract void add(ScoredFilm film) throws IOException;

    /** Writes the end of the table. */
    void end() throws IOException {
    }

    /**
     * Columns for people: film, rank if there are several scores, score, text; the reason if there is no score.
     *
     * @param films
     *            all films, for the width of their column
     */
    static ScoreTable plain(Appendable out, List<FilmList.Entry> films, boolean ranked) throws IOException {
        int width = films.stream().mapToInt(f -> Messages.printable(f.file().toString()).length()).max().orElse(0);
        String row = "%-" + Math.max(width, 4) + "s" + (ranked ? "  %4s" : "%s") + "  %7s  %s";
        out.append(line(row, "film", ranked ? "rank" : "", "score", ranked ? "text" : ""));
        return new ScoreTable() {
            @Override
            void add(ScoredFilm f) throws IOException {
                String name = Messages.printable(f.name());
                for (ScoredFilm.Score s : f.scores()) {
                    out.append(line(row, name, ranked ? s.rank() : "", number(s.value()),
                            ranked ? Messages.printable(s.texts().getFirst()) : ""));
                }
                String fault = f.fault();
                if (fault != null) {
                    out.append(line(row, name, ranked ? "-" : "", "-", fault));
                }
            }
        };
    }

    /** A score for people. */
    static String number(double score) {
        return Double.isNaN(score) ? "undefined" : String.format(Locale.ROOT, "%.4f", score);
    }

    @SuppressWarnings("AnnotateFormatMethod") // both formats are in this class
    private static String line(String format, Object... cells) {
        return String.format(Locale.ROOT, format, cells).stripTrailing() + "\n";
    }

    /** Comma-separated values: film, text, score, rank if there are several scores, and error if there is none. */
    static ScoreTable csv(Appendable out, boolean ranked) throws IOException {
        CsvWriter csv = new CsvWriter(out);
        Object[] head = ranked
                ? new Object[]{"film", "text", "score", "rank", "error"}
                : new Object[]{"film", "text", "score", "error"};
        csv.row(head);
        return new ScoreTable() {
            @Override
            void add(ScoredFilm f) throws IOException {
                for (ScoredFilm.Score s : f.scores()) {
                    row(f.name(), String.join(TEXTS, s.texts()), s.value(), s.rank(), null);
                }
                if (!f.isScored()) {
                    row(f.name(), null, null, null, f.fault());
                }
            }

            private void row(String film, @Nullable String text, @Nullable Double score, @Nullable Integer rank,
                    @Nullable String error) throws IOException {
                if (ranked) {
                    csv.row(film, text, score, rank, error);
                } else {
                    csv.row(film, text, score, error);
                }
            }
        };
    }

    /**
     * One JSON document, written at the end.
     *
     * @param report
     *            its other members
     * @param min
     *            score that each film's best must reach; null for none
     */
    static ScoreTable json(Appendable out, Map<String, Object> report, @Nullable Double min, boolean embeddings) {
        List<Map<String, Object>> results = new ArrayList<>();
        return new ScoreTable() {
            @Override
            void add(ScoredFilm f) {
                Map<String, Object> m = new LinkedHashMap<>();
                m.put("image", f.name());
                if (!f.isScored()) {
                    m.put("error", f.fault());
                } else {
                    m.put("scores", f.scores().stream().map(ScoreTable::entry).toList());
                    if (min != null) {
                        m.put("passed", f.best() >= min);
                    }
                    if (embeddings) {
                        m.put("embedding", f.embedding());
                    }
                }
                results.add(m);
            }

            @Override
            void end() throws IOException {
                report.put("results", results);
                if (min != null) {
                    report.put("min", min);
                    report.put("passed", results.stream().allMatch(m -> Boolean.TRUE.equals(m.get("passed"))));
                }
                out.append(OutputOptions.JSON.writeValueAsString(report)).append("\n");
            }
        };
    }

    private static Map<String, Object> entry(ScoredFilm.Score s) {
        Map<String, Object> m = new LinkedHashMap<>();
        if (s.texts().size() == 1) {
            m.put("text", s.texts().getFirst());
        } else {
            m.put("texts", s.texts());
        }
        m.put("score", s.value());
        m.put("rank", s.rank());
        return m;
    }
}
