package radedit.cli;

import java.util.List;

/**
 * A film and its scores.
 *
 * @param name
 *            of its file
 * @param scores
 *            the best first; none if it could not be scored
 * @param embedding
 *            of the film; null if it could not be scored
 * @param fault
 *            why it could not be scored, on one line; null if it was
 */
record ScoredFilm(String name, List<Score> scores, double[] embedding, String fault) {
    /**
     * A score.
     *
     * @param texts
     *            what the film was compared with: a text, or those whose mean it was
     * @param value
     *            cosine between film and text, -1 to 1
     * @param rank
     *            among the film's scores, from 1
     */
    record Score(List<String> texts, double value, int rank) {}

    double best() {
        return scores.getFirst().value();
    }

    boolean isScored() {
        return fault == null;
    }
}
