package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether an edit can be trusted, by BioViL-T's comparison of films with texts.
 *
 * @param tries
 *            what was tried, in order
 * @param kept
 *            index of the try that is the result
 * @param min
 *            the score that was asked for, or null
 */
public record Judgement(List<Try> tries, int kept, Double min) {
    /**
     * One edit.
     *
     * @param imageText
     *            cosine between the edited film and the prompts
     * @param edit
     *            cosine between the change of the film and the change of the text; null where the film's own text is not
     *            known, NaN where the film or the text did not change
     */
    public record Try(long seed, double imageText, Double edit) {
        /** The score that counts: the edit score where there is one. */
        public double score() {
            return edit != null ? edit : imageText;
        }

        /** Whether this is the better one; a score that is no number is below all others. */
        boolean isAbove(Try other) {
            return score() > other.score() || Double.isNaN(other.score()) && !Double.isNaN(score());
        }
    }

    public Try best() {
        return tries.get(kept);
    }

    /** Whether the result reached the score that was asked for; true if none was. */
    public boolean passed() {
        return min == null || best().score() >= min;
    }

    /** A score as it stands in a report: null if it is undefined. */
    private static Double defined(Double score) {
        return score == null || score.isNaN() ? null : score;
    }

    /** This judgement as it stands in a report. */
    Map<String, Object> report() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("image_text_score", defined(best().imageText()));
        m.put("edit_score", defined(best().edit()));
        if (Double.isNaN(best().score())) {
            m.put("undefined_because", Double.isNaN(best().imageText())
                    ? "all pixels of the result have the same value"
                    : "the film or the text did not change");
        }
        if (min != null) {
            m.put("min_score", min);
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
