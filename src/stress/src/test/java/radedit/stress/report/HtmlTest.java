package radedit.stress.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.junit.jupiter.api.Test;

import radedit.html.Html;

class HtmlTest {
    @Test
    void escapesTextAndAttributes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Html html = new Html(out);
        html.element("p", "a<b> & \u00E9", "title", "\"'<");
        assertEquals("<p title=\"&quot;&#39;&lt;\">a&lt;b&gt; &amp; \u00E9</p>\n",
                out.toString(StandardCharsets.UTF_8));
        assertEquals(out.size(), html.bytes(), "bytes, not characters");
    }

    @Test
    void replacesWhatXmlForbidsAndWhatTurnsTextAround() {
        assertEquals("a\uFFFDb\tc\nd", Html.escape("a\u0000b\tc\nd"));
        assertEquals("\uFFFD\uFFFD\uFFFD\uFFFD", Html.escape("\u007F\u0085\uFFFE\u202E"));
        assertEquals("\uFFFD \uD83D\uDE00", Html.escape("\uD83D \uD83D\uDE00"), "a lone surrogate, and a pair");
    }

    @Test
    void boundsTexts() {
        assertEquals("x".repeat(Html.LONGEST), Html.escape("x".repeat(Html.LONGEST)));
        assertEquals("x".repeat(Html.LONGEST) + "\u2026", Html.escape("x".repeat(1_000_000)));
        assertEquals(40, Words.brief("y".repeat(50)).length());
    }

    @Test
    void numbersAreShownWithThreeDecimals() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        assertEquals("0.667", Words.number(2.0 / 3));
        assertEquals("0.000", Words.number(-1e-9));
        assertEquals("12", Words.number(json.numberNode(12)));
        assertEquals(Words.UNDEFINED, Words.number(json.nullNode()));
        assertEquals(Words.UNDEFINED, Words.number(Double.NaN));
    }

    @Test
    void scriptsAreTheSameForHtmlAndXml() {
        assertThrows(IllegalArgumentException.class, () -> new Script("a < b"));
    }
}
