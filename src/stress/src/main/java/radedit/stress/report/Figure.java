package radedit.stress.report;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

import org.knowm.xchart.internal.chartpart.Chart;

import radedit.html.Html;

/**
 * A plot, and its numbers for those who cannot see it.
 *
 * @param title
 *            what it shows, in a few words
 * @param caption
 *            how to read it
 * @param chart
 *            makes the plot
 * @param head
 *            heads of the columns of its numbers
 * @param rows
 *            its numbers
 */
record Figure(String title, String caption, Supplier<Chart<?, ?>> chart, List<String> head, List<List<String>> rows) {
    private static final int MOST_ROWS = 500;

    void write(Html html, Charts charts) throws IOException {
        html.open("figure");
        var svg = charts.draw(this, title + ". " + caption);
        if (svg.isPresent()) {
            html.fragment(svg.get());
        }
        html.open("figcaption").element("strong", title).text(" " + caption).close("figcaption");
        html.open("details", svg.isPresent() ? new String[0] : new String[]{"open", "open"});
        html.element("summary", "Numbers of this plot");
        Tables.plain(html, title, head, rows.subList(0, Math.min(rows.size(), MOST_ROWS)));
        if (rows.size() > MOST_ROWS) {
            html.element("p", (rows.size() - MOST_ROWS) + " more are in results.json.");
        }
        html.close("details").close("figure");
    }
}
