package radedit.stress.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import radedit.html.Html;

/** The plots. */
final class PlotsSection {
    /** Plots of a kind; those of more classes are left out. */
    private static final int MOST = 12;

    private PlotsSection() {
    }

    static void write(Html html, Results results, Charts charts, long limit) throws IOException {
        List<Figure> all = new ArrayList<>(AccuracyPlots.of(results, MOST));
        all.addAll(ScatterPlots.of(results, MOST));
        all.addAll(DosePlots.of(results, MOST));
        all.addAll(CalibrationPlots.of(results, MOST));
        if (all.isEmpty()) {
            html.element("p", "There are no plots: no classifier was evaluated.");
            return;
        }
        if (!charts.haveFonts()) {
            html.element("p", Charts.ADVICE, "class", "warning");
        }
        html.open("div", "class", "figures");
        for (Figure f : all) {
            if (html.bytes() > limit) {
                html.element("p", "More plots would make this page too large; their numbers are in results.json.");
                break;
            }
            f.write(html, charts);
        }
        html.close("div");
        html.element("p", "At most " + MOST + " plots of a kind are shown; the numbers of all are in results.json.");
    }
}
