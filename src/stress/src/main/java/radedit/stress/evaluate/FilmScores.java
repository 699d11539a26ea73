package radedit.stress.evaluate;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import radedit.imaging.Film;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.Scorer;
import radedit.pipeline.SimilarityMap;
import radedit.stress.FinishedCase;

/**
 * What BioViL-T says about the films of a run: their embeddings, and where in an edited film its prompts are seen
 * (Bannur et al., arXiv:2301.04558).
 */
public final class FilmScores {
    private final Map<String, double[]> embeddings = new HashMap<>();
    private final Map<String, double[]> similarities = new HashMap<>();

    /**
     * Scores all films.
     *
     * @param cases
     *            the cases of the run
     * @param films
     *            their films
     * @param scorer
     *            the encoders
     * @param listener
     *            receives progress, and which films cannot be scored
     * @throws IOException
     *             if a film cannot be read
     */
    public FilmScores(List<FinishedCase> cases, RunFilms films, Scorer scorer, Listener listener) throws IOException {
        Map<String, Scorer.FilmEmbedding> edited = new HashMap<>();
        List<String> names = films.names();
        for (int i = 0; i < names.size(); i++) {
            Picture p = Images.read(films.file(names.get(i))).toGrey();
            try {
                Scorer.FilmEmbedding e = scorer.film(Film.of(p, names.get(i)));
                embeddings.put(names.get(i), e.embedding());
                edited.put(names.get(i), e);
            } catch (InvalidInputException e) {
                listener.warning(names.get(i) + ": cannot be scored: " + e.getMessage());
            }
            listener.progress("scores", i + 1, names.size());
        }
        for (FinishedCase c : cases) {
            FinishedCase.Files f = c.files();
            Scorer.FilmEmbedding e = edited.get(c.plan().id());
            List<String> prompts = c.plan().values().all("prompt");
            if (f == null || e == null || prompts.isEmpty()) {
                continue;
            }
            try {
                SimilarityMap map = scorer.map(e, scorer.text(prompts), SimilarityMap.Interpolation.BILINEAR);
                similarities.put(c.plan().id(), means(map, Mask.of(Images.read(f.editMask()))));
            } catch (InvalidRequestException unusable) {
                listener.warning(c.plan().id() + ": its prompt cannot be scored: " + unusable.getMessage());
            }
        }
    }

    /** {@return the mean similarity inside a mask and outside, of pixels that the encoder sees} */
    private static double[] means(SimilarityMap map, Mask mask) {
        double[] sums = new double[2];
        int[] counts = new int[2];
        for (int i = 0; i < map.values().length; i++) {
            double v = map.values()[i];
            if (!Double.isNaN(v)) {
                int where = mask.pixels()[i] ? 0 : 1;
                sums[where] += v;
                counts[where]++;
            }
        }
        return new double[]{counts[0] == 0 ? Double.NaN : sums[0] / counts[0],
                counts[1] == 0 ? Double.NaN : sums[1] / counts[1]};
    }

    /** {@return whether a film could be scored} */
    boolean has(String film) {
        return embeddings.containsKey(film);
    }

    /** {@return the joint embedding of a film, of length 1} */
    double[] embedding(String film) {
        double[] e = embeddings.get(film);
        if (e == null) {
            throw new IllegalArgumentException("no embedding of " + film);
        }
        return e;
    }

    /** {@return the mean similarity of an edited film with its prompts: inside the edit mask, and outside; NaN if unknown} */
    double[] similarity(String id) {
        return similarities.getOrDefault(id, new double[]{Double.NaN, Double.NaN});
    }
}
