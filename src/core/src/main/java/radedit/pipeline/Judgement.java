package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The scores of an edit, by BioViL-T's comparison of films with texts (Bannur et al., arXiv:2301.04558).
 *
 * @param tries
 *            all tries, in order
 * @param bestIndex
 *            index of the try that is the result
 * @param minScore
 *            the score that was required, or null
 */
public record Judgement(List<Try> tries, int bestIndex, @Nullable Double minScore) {
    /**
     * The scores of one try.
     *
     * @param seed
     *            seed of its random numbers
     * @param imageText
     *            cosine between the embeddings of the edited film and of the prompts, -1 to 1; NaN if all pixels are
     *            the same
     * @param edit
     *            cosine between the change of the film and the change of the text, -1 to 1; null without the film's own
     *            text, NaN where the film or the text did not change
     */
    public record Try(long seed, double imageText, @Nullable Double edit) {
        /** {@return the edit score where there is one, else the image-text score} */
        public double score() {
            return edit != null ? edit : imageText;
        }

        /** {@return whether this try is better than another; a NaN score ranks below all others} */
        boolean isBetterThan(Try other) {
            return score() > other.score() || Double.isNaN(other.score()) && !Double.isNaN(score());
        }
    }

    /** {@return the try that is the result} */
    public Try best() {
        return tries.get(bestIndex);
    }

    /** {@return whether the result reached the required score; true if none was required} */
    public boolean passed() {
        return minScore == null || best().score() >= minScore;
    }

    /** {@return a score for a report: null if it is undefined} */
    private static @Nullable Double defined(@Nullable Double score) {
        return score == null || score.isNaN() ? null : score;
    }

    /** {@return the scores for a report, by name} */
    Map<String, Object> report() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("image_text_score", defined(best().imageText()));
        m.put("edit_score", defined(best().edit()));
        if (Double.isNaN(best().score())) {
            m.put("undefined_because", Double.isNaN(best().imageText())
                    ? "all pixels of the result have the same value"
                    : "the film or the text did not change");
        }
        if (minScore != null) {
            m.put("min_score", minScore);
            m.put("passed", passed());
        }
        if (tries.size() > 1) {
            List<Map<String, Object>> all = new ArrayList<>();
            for (Try t : tries) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("seed", t.seed());
                row.put("image_text_score", defined(t.imageText()));
                row.put("edit_score", defined(t.edit()));
                all.add(row);
            }
            m.put("tries", all);
        }
        return m;
    }
}
