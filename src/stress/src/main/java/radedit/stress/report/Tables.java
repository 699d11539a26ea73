package radedit.stress.report;

import java.io.IOException;
import java.util.List;

import radedit.html.Html;

/** Tables of words. */
final class Tables {
    private Tables() {
    }

    /** Writes a table in a frame that scrolls where the page is too narrow for it; the first cell of a row is its head. */
    static void plain(Html html, String caption, List<String> head, List<List<String>> rows) throws IOException {
        begin(html, caption);
        html.open("thead").open("tr");
        for (String h : head) {
            html.element("th", h, "scope", "col");
        }
        html.close("tr").close("thead").open("tbody");
        for (List<String> row : rows) {
            row(html, row);
        }
        html.close("tbody");
        end(html);
    }

    static void row(Html html, List<String> cells) throws IOException {
        html.open("tr");
        for (int i = 0; i < cells.size(); i++) {
            if (i == 0) {
                html.element("th", cells.get(i), "scope", "row");
            } else {
                html.element("td", cells.get(i));
            }
        }
        html.close("tr");
    }

    static void begin(Html html, String caption) throws IOException {
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption).open("table")
                .element("caption", caption);
    }

    static void end(Html html) throws IOException {
        html.close("table").close("div");
    }
}
