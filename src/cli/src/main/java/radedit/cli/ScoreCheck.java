package radedit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects which films have no score or too low a score. */
final class ScoreCheck {
    private final @Nullable Double min;
    private final List<ScoredFilm> unscored = new ArrayList<>();
    private final List<String> low = new ArrayList<>();
    private int films;

    /**
     * @param min
     *            score that each film's best must reach; null for none
     */
    ScoreCheck(@Nullable Double min) {
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

    /** Number of films added. */
    int films() {
        return films;
    }

    /**
     * Reports problems.
     *
     * @return the exit code; that of unreadable films takes precedence over that of low scores
     */
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
