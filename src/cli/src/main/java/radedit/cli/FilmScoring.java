package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Film;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.Scorer;

/** Scores any number of films, with only a few of them in memory. */
final class FilmScoring {
    /** Films that are read and encoded together. */
    private static final int GROUP = 4;

    /** Receives each film as soon as it is scored. */
    interface Sink {
        void add(ScoredFilm film) throws IOException;
    }

    private final Scorer scorer;
    private final Function<Path, Film> reader;
    private final @Nullable Film earlier;
    private final List<List<String>> texts;
    private final List<double[]> embeddings;

    /**
     * @param reader
     *            reads a film that can be scored, or throws the reason
     * @param earlier
     *            earlier film of the same patient, for comparison; null for none
     */
    FilmScoring(Scorer scorer, Function<Path, Film> reader, @Nullable Film earlier, ScoreTexts texts,
            List<double[]> embeddings) {
        this.scorer = scorer;
        this.reader = reader;
        this.earlier = earlier;
        this.texts = texts.isRanked() ? texts.texts().stream().map(List::of).toList() : List.of(texts.texts());
        this.embeddings = embeddings;
    }

    /**
     * Scores films in order. Films that cannot be read or scored are passed on with the reason; files of a folder that
     * turn out not to be films are skipped.
     */
    void run(List<FilmList.Entry> films, Sink sink, Listener listener) throws IOException {
        for (int from = 0; from < films.size(); from += GROUP) {
            List<FilmList.Entry> group = films.subList(from, Math.min(from + GROUP, films.size()));
            for (ScoredFilm f : score(group, listener)) {
                sink.add(f);
            }
            listener.progress("scoring", from + group.size(), films.size());
        }
    }

    private List<ScoredFilm> score(List<FilmList.Entry> group, Listener listener) {
        List<ScoredFilm> scored = new ArrayList<>();
        List<Film> films = new ArrayList<>();
        List<Integer> places = new ArrayList<>(); // indices of their scores
        for (FilmList.Entry e : group) {
            String name = e.file().toString();
            try {
                films.add(reader.apply(e.file()));
                places.add(scored.size());
                scored.add(null);
            } catch (InvalidInputException | InvalidRequestException fault) {
                String said = OptionNames.in(fault);
                String why = said.startsWith(name + ": ") ? said.substring(name.length() + 2) : said;
                if (e.sure()) {
                    scored.add(new ScoredFilm(name, List.of(), null, why.replace("\n", "; ")));
                } else {
                    listener.note(name + ": left out, not a film: " + why);
                }
            }
        }
        List<double[]> embedded = embed(films);
        for (int i = 0; i < films.size(); i++) {
            scored.set(places.get(i), new ScoredFilm(films.get(i).file().toString(), ranked(embedded.get(i)),
                    embedded.get(i), null));
        }
        return scored;
    }

    private List<double[]> embed(List<Film> films) {
        if (films.isEmpty()) {
            return List.of();
        }
        return earlier == null
                ? scorer.films(films).stream().map(Scorer.FilmEmbedding::embedding).toList()
                : films.stream().map(f -> scorer.pair(f, earlier).embedding()).toList();
    }

    private List<ScoredFilm.Score> ranked(double[] film) {
        List<ScoredFilm.Score> all = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            all.add(new ScoredFilm.Score(texts.get(i), Scorer.cosine(film, embeddings.get(i)), 0));
        }
        all.sort(Comparator.comparingDouble(ScoredFilm.Score::value).reversed());
        List<ScoredFilm.Score> ranked = new ArrayList<>();
        for (ScoredFilm.Score s : all) {
            ranked.add(new ScoredFilm.Score(s.texts(), s.value(), ranked.size() + 1));
        }
        return ranked;
    }
}
