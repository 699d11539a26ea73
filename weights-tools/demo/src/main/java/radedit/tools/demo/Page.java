package radedit.tools.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import radedit.imaging.Images;
import radedit.imaging.Picture;

/** An HTML page with embedded pictures and no external references. */
final class Page {
    private final StringBuilder body = new StringBuilder();
    private final String title;
    private boolean inRow;

    Page(String title) {
        this.title = title;
    }

    void notice(String text) {
        body.append("<p class=\"notice\">").append(escaped(text)).append("</p>\n");
    }

    void heading(String text) {
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
    }

    void text(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
    }

    void code(String text) {
        body.append("<pre>").append(escaped(text)).append("</pre>\n");
    }

    /**
     * Adds a picture to the current row.
     *
     * @param about
     *            PNG text of the picture
     */
    void figure(Picture picture, String caption, Map<String, String> about) throws IOException {
        if (!inRow) {
            body.append("<div class=\"row\">\n");
            inRow = true;
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        Images.writePng(png, picture, about);
        body.append("<figure><img alt=\"").append(escaped(caption)).append("\" src=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(png.toByteArray())).append("\"><figcaption>")
                .append(escaped(caption)).append("</figcaption></figure>\n");
    }

    void endRow() {
        body.append("</div>\n");
        inRow = false;
    }

    /** Adds a table whose first row and column are headings. */
    void table(List<List<String>> rows) {
        body.append("<table>\n");
        for (int y = 0; y < rows.size(); y++) {
            body.append("<tr>");
            for (int x = 0; x < rows.get(y).size(); x++) {
                String cell = x == 0 || y == 0 ? "th" : "td";
                body.append('<').append(cell).append('>').append(escaped(rows.get(y).get(x))).append("</").append(cell)
                        .append('>');
            }
            body.append("</tr>\n");
        }
        body.append("</table>\n");
    }

    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title>
                <style>
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
                .notice { background: #fff3cd; border-left: 4px solid #d39e00; padding: .6rem 1rem }
                .row { display: flex; flex-wrap: wrap; gap: 1rem }
                figure { margin: 0; width: 15.5rem }
                img { width: 100%%; image-rendering: pixelated; background: #000 }
                figcaption { font-size: .85rem; color: #555 }
                pre { background: #f4f4f4; padding: .6rem; white-space: pre-wrap; font-size: .85rem }
                table { border-collapse: collapse } th, td { border: 1px solid #ddd; padding: .3rem .6rem; font-size: .85rem }
                th { font-weight: 600; text-align: left } td { text-align: right }
                </style></head>
                <body>
                <h1>%s</h1>
                %s</body></html>
                """
                .formatted(escaped(title), escaped(title), body);
    }

    private static String escaped(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
