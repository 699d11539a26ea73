package radedit.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.interactions.PointerInput;

import radedit.imaging.Film;
import radedit.imaging.Films;

/** From a film that is dropped to a result that is downloaded, on the demo model. */
class WholeWayTest {
    private static Page page;

    @BeforeAll
    static void open() throws Exception {
        page = Shared.page();
    }

    @AfterAll
    static void close() {
        page.close();
    }

    @ParameterizedTest
    @CsvSource({"00000001_000.png, PNG, .png", "dicom/full16_unsigned.dcm, DICOM, .dcm",
            "dicom/mono1_window.dcm, DICOM, .dcm",
            "16747_3_1.jpg, PNG, .png"})
    void fromDropToDownload(String file, String label, String ending) throws Exception {
        Path source = Shared.CXR.resolve(file);
        Film film = Films.read(source);
        page.console();
        page.reload();
        page.drop(source);
        assertTrue(page.text("#s-film").startsWith(film.columns() + " × " + film.rows()), page.text("#s-film"));
        page.click("[data-role=edit]");
        page.key("r");
        Page.Place p = page.place();
        int[] from = {film.columns() / 2, film.rows() / 3};
        int[] to = {film.columns() * 3 / 4, film.rows() * 2 / 3};
        double[][] seen = page.stroke(PointerInput.Kind.MOUSE, at(p, from), at(p, to));
        Raster edit = new Raster(film.columns(), film.rows());
        edit.box(pixel(p, seen[seen.length - 2]), pixel(p, seen[seen.length - 1]));
        page.await("the mask", () -> java.util.Arrays.equals(edit.levels(), page.mask("edit")));
        page.script(
                "window.previews = 0; new MutationObserver(() => window.previews++).observe(document.querySelector('#view'), { attributeFilter: ['data-preview'] })");
        page.edit("Pleural effusion", 8);
        assertTrue((Boolean) page.script("return window.previews > 0"), "previews were shown");
        assertTrue(page.text("#outcome .facts").contains("unchanged, to the bit"), page.text("#outcome .facts"));
        assertTrue(pixelsChanged() <= (to[0] - from[0] + 20) * (to[1] - from[1] + 20),
                page.text("#outcome .facts"));
        assertEquals("true", page.find("[data-mode=slider]").getDomAttribute("aria-checked"));
        for (String mode : List.of("difference", "similarity", "result", "slider")) {
            page.click("[data-mode=" + mode + "]");
            assertEquals("true", page.find("[data-mode=" + mode + "]").getDomAttribute("aria-checked"));
        }
        Path downloaded = page.download(label);
        assertTrue(downloaded.toString().endsWith(ending), downloaded.toString());
        assertUnchangedOutside(film, Films.read(downloaded), edit, 8);
        assertTrue(new String(Files.readAllBytes(page.download("Settings"))).contains("Pleural effusion"), "settings");
        page.reload();
        assertEquals(List.of(), page.console(), "a normal visit leaves nothing in the console");
    }

    /** The pixels that the page finds changed, which it compares itself. */
    private static int pixelsChanged() {
        String text = (String) page.script(
                "return [...document.querySelectorAll('#outcome .facts dt')].find((t) => t.textContent === 'Pixels changed').nextSibling.textContent");
        return Integer.parseInt(text.substring(0, text.indexOf(' ')).replace(",", ""));
    }

    /** Stored values outside the mask and its feather are the film's; some inside are not. */
    private static void assertUnchangedOutside(Film before, Film after, Raster edit, int feather) {
        assertEquals(before.columns(), after.columns());
        assertEquals(before.rows(), after.rows());
        double[] a = before.modality();
        double[] b = after.modality();
        int samples = a.length / (edit.width * edit.height);
        assertEquals(a.length, b.length);
        int changed = 0;
        for (int y = 0; y < edit.height; y++) {
            for (int x = 0; x < edit.width; x++) {
                boolean near = isNear(edit, x, y, feather);
                for (int c = 0; c < samples; c++) {
                    int i = (y * edit.width + x) * samples + c;
                    if (!near) {
                        assertEquals(a[i], b[i], "pixel " + x + ", " + y + " lies outside of the mask");
                    } else if (a[i] != b[i]) {
                        changed++;
                    }
                }
            }
        }
        assertTrue(changed > 0, "the edit changes something");
    }

    private static boolean isNear(Raster edit, int x, int y, int feather) {
        // the mask is a box, so that its corners tell
        for (int dy = -feather; dy <= feather; dy += feather) {
            for (int dx = -feather; dx <= feather; dx += feather) {
                int cx = x + dx;
                int cy = y + dy;
                if (cx >= 0 && cy >= 0 && cx < edit.width && cy < edit.height && edit.pixels[cy * edit.width + cx]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A picture that RadEdit made brings its settings back. */
    @Test
    void aDroppedResultOffersItsSettings() throws Exception {
        page.drop(Shared.CXR.resolve("00000001_000.png"));
        page.key("r");
        Page.Place p = page.place();
        page.click("[data-role=edit]");
        page.stroke(PointerInput.Kind.MOUSE, at(p, new int[]{100, 100}), at(p, new int[]{300, 300}));
        page.set("#edit-seed", 4711);
        page.set("#edit-deep_cache", 2);
        page.edit("Cardiomegaly", 5);
        Path result = page.download("PNG");
        page.set("#edit-seed", 0);
        page.set("#edit-deep_cache", 1);
        page.set("#panel-edit textarea", "something else");
        useSettings(result);
        page.await("the settings",
                () -> "4711".equals(page.script("return document.querySelector('#edit-seed').value")));
        assertEquals("Cardiomegaly", page.script("return document.querySelector('#panel-edit textarea').value"));
        assertEquals("5", page.script("return document.querySelector('#edit-steps').value"));
        assertEquals("2", page.script("return document.querySelector('#edit-deep_cache').value"));
        page.set("#edit-seed", 0);
        page.set("#edit-deep_cache", 1);
    }

    /** Drops a picture and takes its settings over. */
    private static void useSettings(Path picture) throws Exception {
        page.script("document.querySelectorAll('#messages > *').forEach((m) => m.remove())");
        page.drop(picture);
        By offer = By.xpath("//div[@id='messages']//button[text()='Use its settings']");
        page.await("the offer", () -> !page.driver.findElements(offer).isEmpty());
        page.driver.findElement(offer).click();
    }

    /** Every option of sampling can be chosen, is refused at its field, is in the command line and comes back. */
    @Test
    void samplersAreChosenAndComeBack() throws Exception {
        page.click("#tab-generation");
        page.set("#panel-generation textarea", "Cardiomegaly");
        Map<String, Object> chosen = Map.of("sampler", "plms", "sigmas", "karras", "steps", 4, "deep_cache", 2, "bits",
                16);
        chosen.forEach((k, v) -> page.set("#generation-" + k, v));
        page.click("#start");
        page.await("the refusal", () -> "true".equals(page.find("#generation-sigmas").getDomAttribute("aria-invalid")));
        page.set("#generation-sampler", "unipc");
        page.script("document.querySelector('#outcome').hidden = true");
        page.click("#start");
        page.await("the film", () -> (Boolean) page.script("return !document.querySelector('#outcome').hidden"));
        Path result = page.download("PNG");
        assertEquals(16, Films.read(result).meaning(0).depth().bits());
        page.driver.findElement(By.xpath("//section[@id='outcome']//button[text()='Copy command']")).click();
        page.await("the command",
                () -> (Boolean) page.script("return document.querySelector('dialog[open] textarea') !== null"));
        String command = (String) page.script("return document.querySelector('dialog textarea').value");
        assertTrue(command.startsWith("radedit generate Cardiomegaly --steps 4 --sampler unipc --sigmas karras"
                + " --deep-cache 2 --bits 16 "), command);
        page.driver.findElement(By.xpath("//dialog//button[text()='Close']")).click();
        page.driver.findElement(By.xpath("//div[@id='panel-generation']//button[text()='Defaults']")).click();
        assertEquals("", page.script("return document.querySelector('#generation-sampler').value"));
        useSettings(result);
        page.await("the settings",
                () -> "unipc".equals(page.script("return document.querySelector('#generation-sampler').value")));
        for (String k : List.of("sigmas", "steps", "deep_cache", "bits")) {
            assertEquals(chosen.get(k).toString(),
                    page.script("return document.querySelector(arguments[0]).value", "#generation-" + k), k);
        }
        page.driver.findElement(By.xpath("//div[@id='panel-generation']//button[text()='Defaults']")).click();
        page.click("#tab-edit");
    }

    @Test
    void filmsAreGeneratedAndScored() {
        page.click("#tab-generation");
        page.set("#panel-generation textarea", "Large left-sided pleural effusion");
        page.set("#generation-steps", 4);
        page.script("document.querySelector('#outcome').hidden = true");
        page.click("#start");
        page.await("the film", () -> (Boolean) page.script("return !document.querySelector('#outcome').hidden"));
        assertEquals("true", page.find("[data-mode=result]").getDomAttribute("aria-checked"));
        page.driver.findElement(By.xpath("//section[@id='outcome']//button[text()='Score…']")).click();
        page.await("the tab", () -> "true".equals(page.find("#tab-score").getDomAttribute("aria-selected")));
        assertEquals("Large left-sided pleural effusion",
                page.script("return document.querySelector('#panel-score textarea').value"));
        page.click("#start");
        page.await("the score", () -> page.text("#outcome").contains("Scores"));
        double score = Double.parseDouble(page.text("#outcome .scores td.num"));
        assertTrue(score >= -1 && score <= 1, "score " + score);
        page.click("#tab-edit");
    }

    @Test
    void theCommandLineIsShown() throws Exception {
        page.drop(Shared.markers());
        page.key("r");
        page.click("[data-role=edit]");
        Page.Place p = page.place();
        page.stroke(PointerInput.Kind.MOUSE, at(p, new int[]{40, 40}), at(p, new int[]{200, 150}));
        page.set("#panel-edit textarea", "It's an \"effusion\"");
        page.click("#command");
        page.await("the command",
                () -> (Boolean) page.script("return document.querySelector('dialog[open] textarea') !== null"));
        String command = (String) page.script("return document.querySelector('dialog textarea').value");
        assertTrue(command.contains("radedit edit") && command.contains("--native") && command.contains("effusion"),
                command);
        page.driver.findElement(By.xpath("//dialog//button[text()='Close']")).click();
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        page.drop(Shared.png("blank.png", 64, 64, 8, new int[64 * 64]));
        page.set("#panel-edit textarea", "");
        page.click("#start");
        page.await("the problem", () -> page.text("#problem").contains("Write what the edit mask should show"));
        page.set("#panel-edit textarea", "Cardiomegaly");
        page.click("#start");
        page.await("the problem", () -> page.text("#problem").contains("Paint the edit mask"));
        Path broken = Files.write(Shared.FOLDER.resolve("broken.png"),
                new byte[]{(byte) 137, 80, 78, 71, 13, 10, 26, 10, 0, 0});
        page.find("#file").sendKeys(broken.toString());
        page.await("the refusal",
                () -> (Boolean) page.script("return document.querySelector('#messages .problem') !== null"));
    }

    private static int[] at(Page.Place p, int[] pixel) {
        return new int[]{(int) Math.round(p.x(pixel[0] + 0.5)), (int) Math.round(p.y(pixel[1] + 0.5))};
    }

    private static int[] pixel(Page.Place p, double[] seen) {
        return new int[]{(int) Math.floor((seen[0] - p.left()) / p.scale()),
                (int) Math.floor((seen[1] - p.top()) / p.scaleY())};
    }
}
