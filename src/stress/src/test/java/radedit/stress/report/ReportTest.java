package radedit.stress.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import radedit.stress.evaluate.Evaluation;

/** The page of an evaluation, read as a browser would. */
class ReportTest {
    private static final String HOSTILE = "\"><script>alert(1)</script><img src='x' onerror='alert(2)'>&amp;]]>\u0000\u202E{{7}}";
    private static final String HOSTILE_SHOWN = "\"><script>alert(1)</script><img src='x' onerror='alert(2)'>&amp;]]>\uFFFD\uFFFD{{7}}";

    @TempDir
    private Path folder;

    private static byte[] page(Evaluation e, Report.Options options) throws IOException {
        return page(e, options, Charts::measure);
    }

    private static byte[] page(Evaluation e, Report.Options options, Runnable measuring) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Report.write(e, out, options, measuring);
        return out.toByteArray();
    }

    private static Document parse(byte[] page) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new ByteArrayInputStream(page));
    }

    private static List<Element> all(Document d, String tag) {
        NodeList found = d.getElementsByTagName(tag);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }

    private static List<Element> plots(Document d) {
        return all(d, "svg").stream().filter(s -> s.getAttribute("class").equals("plot")).toList();
    }

    private static List<String> texts(Document d, String tag) {
        return all(d, tag).stream().map(Element::getTextContent).toList();
    }

    @Test
    void holdsEverySection() throws Exception {
        Document d = parse(page(new Evaluations(folder, "x").of(3), Report.Options.DEFAULT));
        assertEquals(List.of("run", "results", "plots", "gallery", "details"),
                all(d, "section").stream().map(s -> s.getAttribute("id")).toList());
        assertEquals(List.of("Stress test of weak x, strong x, segmenter x"), texts(d, "h1"));
        for (String caption : List.of("The run", "Cases by what became of them", "Why edits and controls failed",
                "Decisions: finding x", "Decisions: finding x, by subgroup",
                "Edits that were undone: decisions that came back", "Masks before and after the edit: lung x",
                "Change of the pictures, in grey levels from 0 to 255", "Model weak x", "Settings of the run",
                "Bootstrap",
                "All numbers, as in results.csv")) {
            assertTrue(texts(d, "caption").contains(caption), caption);
        }
        // the funnel, accuracy, and for each model scatter, two doses, calibration
        assertEquals(1 + 1 + 2 * 3, plots(d).size());
        assertEquals(18, all(d, "article").size());
        assertTrue(texts(d, "li").contains("error: looks odd x"));
        assertTrue(texts(d, "p").stream().anyMatch(p -> p.contains("Research use only")));
        assertTrue(texts(d, "p").contains("not a radiograph x"));
        assertTrue(all(d, "a").stream().map(a -> a.getAttribute("href")).toList()
                .containsAll(List.of("results.csv", "results.json")));
    }

    @Test
    void headlineHasControlsBelowEditsAndModelsSideBySide() throws Exception {
        Document d = parse(page(new Evaluations(folder, "x").of(3), Report.Options.DEFAULT));
        Element table = all(d, "table").stream()
                .filter(t -> t.getElementsByTagName("caption").item(0).getTextContent().equals("Decisions: finding x"))
                .findFirst().orElseThrow();
        List<String> rows = new ArrayList<>();
        NodeList found = table.getElementsByTagName("tr");
        for (int i = 0; i < found.getLength(); i++) {
            rows.add(found.item(i).getTextContent().replaceAll("\\s+", " ").strip());
        }
        assertEquals("weak x strong x", rows.get(0));
        assertEquals(List.of("add", "remove", "add and remove", "sham (control)", "null (control)", "reverse (control)",
                "add, dose 0.5"), rows.stream().skip(2).map(r -> r.replaceAll(" \\d+ \\(\\d+\\).*", "")).toList());
        // 3 of 3 flip: the bound is 1; for the strong model 0 of 3: 1 - 0.025^(1/3), one-sided 1 - 0.05^(1/3)
        assertTrue(rows.get(2).contains("0.292 to 1.000 at most 1.000")
                && rows.get(2).contains("0.000 to 0.708 at most 0.632"), rows.get(2));
    }

    @Test
    void isAccessibleAndNeedsNothingElse() throws Exception {
        byte[] page = page(new Evaluations(folder, "x").of(2), Report.Options.DEFAULT);
        Document d = parse(page);
        Set<String> ids = new HashSet<>();
        for (Element e : all(d, "*")) {
            assertTrue(e.getAttribute("id").isEmpty() || ids.add(e.getAttribute("id")), e.getAttribute("id"));
            assertFalse(e.hasAttribute("src"));
            String href = e.getAttribute("href");
            assertTrue(href.isEmpty() || href.startsWith("#") || href.startsWith("data:image/png;base64,")
                    || href.startsWith("results."), href);
            assertFalse(e.getTagName().equals("svg") && e.getAttribute("aria-label").isEmpty()
                    && e.getAttribute("aria-hidden").isEmpty());
            assertFalse(e.getTagName().equals("table") && e.getElementsByTagName("caption").getLength() != 1);
            assertFalse(e.getTagName().equals("th") && e.getAttribute("scope").isEmpty());
        }
        for (Element e : all(d, "use")) {
            assertTrue(ids.contains(e.getAttribute("href").substring(1)));
        }
        String script = texts(d, "script").getFirst();
        String policy = all(d, "meta").get(1).getAttribute("content");
        String hash = Base64.getEncoder().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
        assertTrue(policy.startsWith("default-src 'none'") && policy.contains("script-src 'sha256-" + hash + "'"),
                policy);
        // what is black in a plot takes the colour of the page's text, so that it is seen on black too
        String svg = new String(page, StandardCharsets.UTF_8);
        assertTrue(svg.contains("fill=\"currentColor\"") && !svg.contains("=\"black\""));
    }

    @Test
    void namesOfStrangersAreTextAndNothingElse() throws Exception {
        Document d = parse(page(new Evaluations(folder, HOSTILE).of(2), Report.Options.DEFAULT));
        assertEquals(1, all(d, "script").size());
        assertEquals(0, all(d, "img").size());
        for (Element e : all(d, "*")) {
            for (int i = 0; i < e.getAttributes().getLength(); i++) {
                assertFalse(e.getAttributes().item(i).getNodeName().startsWith("on"));
            }
        }
        String text = d.getDocumentElement().getTextContent();
        for (String prefix : List.of("weak ", "finding ", "Effusion ", "no film: ", "lung ", "looks odd ", "given ")) {
            assertTrue(text.contains(prefix + HOSTILE_SHOWN), prefix);
        }
    }

    @Test
    void sameEvaluationGivesTheSameBytes() throws Exception {
        byte[] first = page(new Evaluations(folder, "x").of(2), Report.Options.DEFAULT);
        Evaluation again = new Evaluations(folder, "x").of(2);
        Report.write(again, folder.resolve("report.html"), Report.Options.DEFAULT);
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("report.html")));
    }

    @Test
    void galleryIsBoundedAndShowsFlipsFirst() throws Exception {
        Evaluation e = new Evaluations(folder, "x").of(3);
        Document d = parse(page(e, new Report.Options(4, 20_000_000, 256)));
        assertEquals(4, all(d, "article").size());
        assertTrue(texts(d, "p").stream().anyMatch(p -> p.startsWith("4 of 18 cases are shown; 14 are left out")));
        for (Element a : all(d, "article")) {
            assertEquals("add", a.getAttribute("data-role"));
            assertEquals("1 0", a.getAttribute("data-flips"), "the weak model's decision changed");
        }
        assertEquals(0, all(parse(page(e, new Report.Options(0, 20_000_000, 256))), "article").size());
    }

    @Test
    void pageStaysBelowItsLimit() throws Exception {
        Evaluation e = new Evaluations(folder, "x").of(12);
        byte[] whole = page(e, Report.Options.DEFAULT);
        assertTrue(whole.length > 500_000, "there is something to leave out: " + whole.length);
        byte[] page = page(e, new Report.Options(200, 200_000, 256));
        Document d = parse(page);
        assertTrue(page.length < 200_000 + 60_000, "one plot or case more at most: " + page.length);
        assertTrue(all(d, "article").size() < 72);
        assertTrue(texts(d, "p").stream().anyMatch(p -> p.contains("are left out")));
    }

    @Test
    void withoutFontsThePlotsAreTables() throws Exception {
        byte[] page = page(new Evaluations(folder, "x").of(2), Report.Options.DEFAULT, () -> {
            throw new InternalError("Fontconfig head is null, check your fonts or fonts configuration");
        });
        Document d = parse(page);
        assertEquals(0, plots(d).size());
        assertEquals(1, texts(d, "p").stream().filter(Charts.ADVICE::equals).count());
        long open = all(d, "details").stream()
                .filter(x -> x.getTextContent().contains("Numbers of this plot") && x.hasAttribute("open")).count();
        assertEquals(1 + 1 + 2 * 3, open);
    }
}
