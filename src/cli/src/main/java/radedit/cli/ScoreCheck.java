package radedit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which films of many have no score, and which too low a one. */
final class ScoreCheck {
    private final Double min;
    private final List<ScoredFilm> unscored = new ArrayList<>();
    private final List<String> low = new ArrayList<>();
    private int films;

    /**
     * @param min
     *            the score that each film's best must reach; null for none
     */
    ScoreCheck(Double min) {
        this.min = min;
    }

    void add(ScoredFilm f) {
        films++;
        if (!f.isScored()) {
            unscored.add(f);
        } else if (min != null && !(f.best() >= min)) {
            low.add(String.format(Locale.ROOT, "%s: the %simage-text score %.4f is below --min %s", f.name(),
                    f.scores().size() > 1 ? "best " : "", f.best(), min));
        }
    }

    /** Films that were added. */
    int films() {
        return films;
    }

    /** Says what is wrong, and returns the exit code: that of unreadable films goes before that of low scores. */
    int end(PrintWriter err) {
        low.forEach(message -> err.println("radedit: " + message));
        if (unscored.isEmpty()) {
            return low.isEmpty() ? Exit.OK : Exit.CHECK;
        }
        ScoredFilm first = unscored.getFirst();
        err.println("radedit: " + unscored.size() + " of " + films + " films could not be scored; the first is "
                + first.name() + ": " + first.fault());
        return Exit.INPUT;
    }
}
