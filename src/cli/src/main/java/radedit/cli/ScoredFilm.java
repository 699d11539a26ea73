package radedit.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A film and its scores.
 *
 * @param name
 *            name of its file
 * @param scores
 *            best first; empty if it could not be scored
 * @param embedding
 *            embedding of the film; null if it could not be scored
 * @param fault
 *            why it could not be scored, on one line; null if it was
 */
record ScoredFilm(String name, List<Score> scores, double @Nullable [] embedding, @Nullable String fault) {
    /**
     * A score.
     *
     * @param texts
     *            the text, or the averaged texts, that the film was compared with
     * @param value
     *            cosine between film and text, -1 to 1
     * @param rank
     *            rank among the film's scores, from 1
     */
    record Score(List<String> texts, double value, int rank) {}

    double best() {
        return scores.getFirst().value();
    }

    boolean isScored() {
        return fault == null;
    }
}
