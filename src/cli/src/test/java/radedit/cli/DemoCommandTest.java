package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Images;
import radedit.tools.phantom.Finding;
import radedit.tools.phantom.Judge;
import radedit.tools.phantom.Judgement;
import radedit.tools.phantom.Side;

/** The demo model from the command line: a newcomer's first commands. */
class DemoCommandTest {
    private static final String NOTICE = "radedit: demo model: ";

    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... args) {
        return Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new), new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    @Test
    void withoutAModelTheOneInsideIsUsedAndSaysSo() throws IOException {
        int code = run("generate", "Large left-sided pleural effusion", "Large right pneumothorax",
                "No acute cardiopulmonary process", "--steps", 25, "-o", temp.resolve("x.png"), "--json");
        assertEquals(0, code, err.toString());
        assertTrue(err.toString().startsWith(NOTICE), err.toString());
        for (JsonNode image : new ObjectMapper().readTree(out.toString()).get("images")) {
            assertEquals("demo", image.get("model").get("name").asText());
            assertTrue(image.get("model").get("notice").asText().contains("not radiographs"));
            assertEquals(128, image.get("size").asInt());
        }
        // A judge of geometry, without any network, recognises the requested finding.
        Judgement effusion = Judge.judge(Images.read(temp.resolve("x-1.png")));
        Judgement air = Judge.judge(Images.read(temp.resolve("x-2.png")));
        Judgement normal = Judge.judge(Images.read(temp.resolve("x-3.png")));
        System.out.println(effusion + " " + air + " " + normal);
        assertEquals(java.util.Set.of(Side.LEFT), effusion.sides(Finding.Kind.EFFUSION));
        assertEquals(java.util.Set.of(Side.RIGHT), air.sides(Finding.Kind.PNEUMOTHORAX));
        assertTrue(normal.isChest() && !normal.showsAny());
    }

    @Test
    void quietMeansQuiet() {
        assertEquals(0, run("generate", "Cardiomegaly", "--steps", 1, "--quiet", "-o", temp.resolve("x.png")));
        assertEquals("", err.toString());
    }

    @Test
    void theGalleryIsOnePageWithItsPicturesInIt() throws IOException {
        Path page = temp.resolve("page.html");
        assertEquals(0, run("demo", "--steps", 25, "-o", page, "--pictures", temp.resolve("pictures")), err.toString());
        assertEquals(page + "\n", out.toString());
        String html = Files.readString(page);
        assertTrue(html.contains("not radiographs") && html.contains("never clinical"));
        assertFalse(html.contains("http"), "refers to nothing outside");
        Matcher sources = Pattern.compile("src=\"([^\"]*)\"").matcher(html);
        int pictures = 0;
        while (sources.find()) {
            assertTrue(sources.group(1).startsWith("data:image/png;base64,"));
            byte[] png = Base64.getDecoder().decode(sources.group(1).substring(22));
            assertEquals(128, ImageIO.read(new ByteArrayInputStream(png)).getWidth());
            pictures++;
        }
        assertEquals(11, pictures);
        try (var files = Files.list(temp.resolve("pictures"))) {
            assertEquals(11 + 4, files.count());
        }
        List<List<Double>> scores = new ArrayList<>();
        for (String row : html.substring(html.indexOf("<table>")).split("<tr>")) {
            List<Double> cells = Pattern.compile("<td>([^<]*)</td>").matcher(row).results()
                    .map(m -> Double.valueOf(m.group(1))).toList();
            if (!cells.isEmpty()) {
                scores.add(cells);
            }
        }
        assertEquals(4, scores.size());
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                assertTrue(j == i || scores.get(i).get(i) > scores.get(i).get(j), "a film's own text scores highest");
            }
        }
    }

    /** Each command on the page reproduces its picture, and pictures record how they were made. */
    @Test
    void thePagesCommandsMakeItsPictures() throws IOException {
        Path page = temp.resolve("page.html");
        Path pictures = temp.resolve("the pictures");
        assertEquals(0, run("demo", "--steps", 4, "--seed", 3, "-o", page, "--pictures", pictures), err.toString());
        List<List<String>> commands = Pattern.compile("<pre>([^<]*)</pre>").matcher(Files.readString(page)).results()
                .map(m -> words(m.group(1))).toList();
        assertEquals(6, commands.size());
        Path again = Files.createDirectory(temp.resolve("again"));
        for (List<String> c : commands) {
            assertEquals("radedit", c.getFirst());
            List<String> line = new ArrayList<>(c.subList(1, c.size()));
            if (line.getFirst().equals("demo")) {
                line.set(line.indexOf("--pictures") + 1, again.toString());
                line.addAll(List.of("-o", temp.resolve("again.html").toString()));
            } else {
                int output = line.indexOf("-o") + 1;
                line.set(output, temp.resolve(line.get(output)).toString());
            }
            assertEquals(0, run(line.toArray()), c + err.toString());
        }
        int compared = 0;
        try (var files = Files.list(pictures)) {
            for (Path f : files.toList()) {
                byte[] shown = Images.read(f).samples();
                String name = f.getFileName().toString();
                assertArrayEquals(shown, Images.read(again.resolve(name)).samples(), name);
                if (Files.exists(temp.resolve(name))) {
                    assertArrayEquals(shown, Images.read(temp.resolve(name)).samples(), name);
                    compared++;
                }
                String raw = Files.readString(f, StandardCharsets.ISO_8859_1);
                assertTrue(raw.contains("tEXtradedit\0") && raw.contains("not for clinical use"), name);
            }
        }
        assertEquals(4 + 3, compared, "generated, added, removed twice");
    }

    /** The words of a command as a shell splits them; the page escapes what HTML does. */
    private static List<String> words(String code) {
        return Pattern.compile("\"([^\"]*)\"|\\S+").matcher(code.replace("&quot;", "\"").replace("&amp;", "&"))
                .results()
                .map(m -> m.group(1) != null ? m.group(1) : m.group()).toList();
    }

    @Test
    void wrongUsage() {
        assertEquals(2, run("demo", "--steps", 1, "-o", temp.resolve("x.html")));
        assertEquals(2, run("demo", "evaluate", "--films", 0));
    }

    @Test
    void evaluationReportsEveryAim() {
        assertEquals(0, run("demo", "evaluate", "--films", 2, "--edits", 1, "--steps", 5), err.toString());
        for (String aim : List.of("films that show the finding", "films of normal prompts", "effusions added",
                "pneumothoraces removed and the drain kept", "area under the ROC curve")) {
            assertTrue(out.toString().contains(aim), out.toString());
        }
    }
}
