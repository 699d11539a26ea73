package radedit.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.PointerInput;

/** Masks are painted where the pointer is, at the film's own pixels, whatever the screen, the zoom and the page's scale. */
class MaskPaintingTest {
    private static final int WIDTH = 301;
    private static final int HEIGHT = 217;
    private static final byte[] EMPTY = new byte[WIDTH * HEIGHT];
    private static Page page;

    @BeforeAll
    static void open() throws IOException {
        page = Shared.page();
        page.drop(Shared.markers());
    }

    @AfterAll
    static void close() {
        page.close();
    }

    @BeforeEach
    void plain() {
        arrange(1, 1, "");
        page.key("b");
        page.brush(9);
        page.set("#soft", 0);
        page.click("[data-role=edit]");
        for (String role : List.of("edit", "keep")) {
            page.script("document.querySelector('[data-role=" + role + "]').click()");
            page.driver.findElement(By.xpath("//button[text()='Clear']")).click();
        }
        page.click("[data-role=edit]");
    }

    private static void arrange(double ratio, double scale, String keys) {
        page.script("document.documentElement.style.zoom = arguments[0]", String.valueOf(scale));
        page.screen(1280, 800, ratio);
        page.key("0" + keys);
        page.frames();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, ''", "1, 1, --------", "1, 1, ++++", "1.25, 1, ''", "1.5, 1, +++", "2, 1, ''",
            "2, 1, ----------",
            "3, 1, ++", "1, 1.25, ''", "1, 0.8, ++", "2, 1.1, +", "1.3333, 0.9, ---"})
    void strokesAreWhereThePointerWas(double ratio, double scale, String keys) {
        arrange(ratio, scale, keys);
        Page.Place p = page.place();
        Raster expected = new Raster(WIDTH, HEIGHT);
        int[][] first = windowPoints(p, new int[][]{{140, 80}, {165, 95}, {150, 130}, {141, 99}});
        expected.path(pixels(p, first, page.stroke(PointerInput.Kind.MOUSE, first)), 9, true);
        assertMask("edit", expected);
        page.brush(25);
        int[][] second = windowPoints(p, new int[][]{{160, 90}, {130, 118}});
        expected.path(pixels(p, second, page.stroke(PointerInput.Kind.PEN, second)), 25, true);
        assertMask("edit", expected);
        page.key("e");
        page.brush(5);
        int[][] third = windowPoints(p, new int[][]{{150, 85}, {150, 125}});
        expected.path(pixels(p, third, page.stroke(PointerInput.Kind.TOUCH, third)), 5, false);
        assertMask("edit", expected);
        page.key("r");
        page.click("[data-role=keep]");
        int[][] corners = windowPoints(p, new int[][]{{170, 120}, {136, 84}});
        int[][] dragged = pixels(p, corners, page.stroke(PointerInput.Kind.MOUSE, corners));
        Raster box = new Raster(WIDTH, HEIGHT);
        box.box(dragged[0], dragged[dragged.length - 1]);
        assertMask("keep", box);
        assertMask("edit", expected);
    }

    /** Needs no number of the page: what is seen on the screen is clicked, and that pixel is in the mask. */
    @ParameterizedTest
    @CsvSource({"1, 1, ''", "2, 1, ''", "1.25, 1, ''", "1, 1.25, ''", "3, 0.8, ''"})
    void aClickOnWhatIsSeenPaintsThatPixel(double ratio, double scale, String keys) throws IOException {
        arrange(ratio, scale, keys);
        page.brush(1);
        Raster expected = new Raster(WIDTH, HEIGHT);
        BufferedImage screen = ImageIO.read(new ByteArrayInputStream(page.screenshot()));
        Page.Place p = page.place();
        for (int[] m : Shared.MARKERS) {
            double[] seen = centre(screen, (int) (p.x(m[0] + 0.5) * ratio), (int) (p.y(m[1] + 0.5) * ratio),
                    (int) (8 * p.scale() * ratio));
            int[] at = {(int) Math.floor(seen[0] / ratio), (int) Math.floor(seen[1] / ratio)};
            page.stroke(PointerInput.Kind.MOUSE, at);
            expected.pixels[m[1] * WIDTH + m[0]] = true;
        }
        assertMask("edit", expected);
    }

    /** Middle of the bright square around a point of a screenshot. */
    private static double[] centre(BufferedImage screen, int x0, int y0, int reach) {
        double sx = 0;
        double sy = 0;
        int n = 0;
        for (int y = y0 - reach; y <= y0 + reach; y++) {
            for (int x = x0 - reach; x <= x0 + reach; x++) {
                if (x >= 0 && y >= 0 && x < screen.getWidth() && y < screen.getHeight()
                        && (screen.getRGB(x, y) & 0xFF) > 150
                        && (screen.getRGB(x, y) >> 16 & 0xFF) > 150) {
                    sx += x + 0.5;
                    sy += y + 0.5;
                    n++;
                }
            }
        }
        assertTrue(n > 0, "no bright square near " + x0 + ", " + y0);
        return new double[]{sx / n, sy / n};
    }

    @Test
    void aStrokeThatLeavesTheFilmAndReturnsIsWhole() {
        Page.Place p = page.place();
        Raster expected = new Raster(WIDTH, HEIGHT);
        int top = ((Number) page
                .script("return Math.round(document.querySelector('#view').getBoundingClientRect().top)")).intValue();
        // over the strip above the film, over the panel to the right, over the tools to the left
        int[][] points = {windowPoints(p, new int[][]{{150, 20}})[0], {500, top - 60}, {700, 300}, {1250, 350},
                {10, 500},
                windowPoints(p, new int[][]{{60, 150}})[0]};
        expected.path(pixels(p, points, page.stroke(PointerInput.Kind.MOUSE, points)), 9, true);
        assertMask("edit", expected);
        assertTrue(expected.count() > 1000, "the stroke crosses the film");
    }

    @Test
    void aPolygonIsTheCommandLines() throws Exception {
        page.key("p");
        Page.Place p = page.place();
        int[][] corners = windowPoints(p, new int[][]{{40, 30}, {250, 60}, {200, 190}, {90, 120}});
        StringBuilder words = new StringBuilder("polygon:");
        for (int[] c : corners) {
            page.stroke(PointerInput.Kind.MOUSE, c);
            words.append(quarter((c[0] - p.left()) / p.scale())).append(',')
                    .append(quarter((c[1] - p.top()) / p.scaleY())).append(' ');
        }
        page.key(Keys.ENTER);
        List<?> levels = (List<?>) page.asyncScript(
                """
                        const [film, source] = args;
                        const made = await (await fetch(`/api/v1/films/${film}/masks`, { method: 'POST',
                            headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ source }) })).json();
                        const bitmap = await createImageBitmap(await (await fetch(`/api/v1/masks/${made.id}/mask.png`)).blob());
                        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
                        const context = canvas.getContext('2d');
                        context.drawImage(bitmap, 0, 0);
                        return Array.from(context.getImageData(0, 0, bitmap.width, bitmap.height).data.filter((_, i) => i % 4 === 0));
                        """,
                page.film(), words.toString().strip());
        byte[] wanted = new byte[levels.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = ((Number) levels.get(i)).byteValue();
        }
        assertLevels("edit", wanted);
    }

    private static double quarter(double v) {
        return Math.round(v * 4) / 4.0;
    }

    @Test
    void undoAndRedoLeadThroughEveryState() {
        Page.Place p = page.place();
        List<byte[]> states = new ArrayList<>(List.of(EMPTY));
        Raster expected = new Raster(WIDTH, HEIGHT);
        for (int k = 0; k < 4; k++) {
            int[][] points = windowPoints(p, new int[][]{{40 + 50 * k, 40}, {90 + 20 * k, 150}});
            expected.path(pixels(p, points, page.stroke(PointerInput.Kind.MOUSE, points)), 9, true);
            states.add(expected.levels());
        }
        assertLevels("edit", states.get(4));
        for (int k = 3; k >= 0; k--) {
            page.key(Keys.chord(Keys.CONTROL, "z"));
            assertLevels("edit", states.get(k));
        }
        for (int k = 1; k <= 4; k++) {
            page.key(Keys.chord(Keys.CONTROL, Keys.SHIFT, "z"));
            assertLevels("edit", states.get(k));
        }
    }

    @Test
    void theKeyboardPaintsToo() {
        page.key(Keys.ARROW_RIGHT); // the cursor begins in the middle: 150, 108
        page.key(Keys.ENTER);
        for (int i = 0; i < 2; i++) {
            page.key(Keys.chord(Keys.SHIFT, Keys.ARROW_DOWN));
        }
        page.key(Keys.ARROW_LEFT);
        page.key(Keys.ENTER);
        Raster expected = new Raster(WIDTH, HEIGHT);
        expected.path(new int[][]{{151, 108}, {151, 118}, {151, 128}, {150, 128}}, 9, true);
        assertMask("edit", expected);
    }

    @Test
    void theThresholdBrushPaintsValuesNearTheFirst() {
        page.key("t");
        page.set("#tolerance", 20);
        Page.Place p = page.place();
        int[][] points = windowPoints(p, new int[][]{{140, 95}, {160, 106}});
        Raster expected = new Raster(WIDTH, HEIGHT);
        expected.path(pixels(p, points, page.stroke(PointerInput.Kind.MOUSE, points)), 9, true);
        int inside = expected.count();
        for (int[] m : Shared.MARKERS) { // bright squares on a dark film
            for (int k = 0; k < 25; k++) {
                expected.pixels[(m[1] - 2 + k / 5) * WIDTH + m[0] - 2 + k % 5] = false;
            }
        }
        assertTrue(expected.count() < inside, "the stroke crosses a bright square");
        assertMask("edit", expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Export PNG", "Export DICOM"})
    void exportedMasksComeBack(String export) throws IOException {
        Page.Place p = page.place();
        int[][] points = windowPoints(p, new int[][]{{70, 50}, {220, 160}});
        Raster expected = new Raster(WIDTH, HEIGHT);
        expected.path(pixels(p, points, page.stroke(PointerInput.Kind.MOUSE, points)), 9, true);
        assertMask("edit", expected);
        Path file = page.download(By.xpath("//button[text()='" + export + "']"));
        page.driver.findElement(By.xpath("//button[text()='Clear']")).click();
        assertLevels("edit", EMPTY);
        page.find("input[aria-label='Mask to import']").sendKeys(file.toString());
        assertMask("edit", expected);
    }

    /** The overlay is a canvas of its own: pixels of the film's stay what they were, and so does what the server has. */
    @Test
    void masksDoNotChangeTheFilm() {
        String hash = "const c = document.querySelector('canvas.picture'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let h = 0; for (const v of d) h = (h * 31 + v) | 0; return h";
        Object before = page.script(hash);
        page.stroke(PointerInput.Kind.MOUSE, windowPoints(page.place(), new int[][]{{60, 60}, {200, 150}}));
        page.screen(1280, 800, 1);
        assertEquals(before, page.script(hash));
    }

    @Test
    void aSoftStrokeReachesTheServerAsTheHardOne() throws IOException {
        Page.Place p = page.place();
        int[][] points = windowPoints(p, new int[][]{{70, 50}, {220, 160}});
        page.set("#soft", 12);
        Raster expected = new Raster(WIDTH, HEIGHT);
        expected.path(pixels(p, points, page.stroke(PointerInput.Kind.MOUSE, points)), 9, true); // one stroke of a soft brush counts as a hard one
        pause(2500); // drafts follow a little later
        List<?> levels = (List<?>) page.asyncScript(
                """
                        const blob = await (await fetch(`/api/v1/films/${args[0]}/drafts/edit`)).blob();
                        const bitmap = await createImageBitmap(blob);
                        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
                        const context = canvas.getContext('2d');
                        context.drawImage(bitmap, 0, 0);
                        return Array.from(context.getImageData(0, 0, bitmap.width, bitmap.height).data.filter((_, i) => i % 4 === 0));
                        """,
                page.film());
        for (int i = 0; i < expected.pixels.length; i++) {
            assertEquals(expected.pixels[i] ? 255 : 0, ((Number) levels.get(i)).intValue(), "pixel " + i);
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertMask(String role, Raster expected) {
        assertLevels(role, expected.levels());
    }

    private static void assertLevels(String role, byte[] expected) {
        long end = System.nanoTime() + 4_000_000_000L;
        byte[] actual;
        do {
            actual = page.mask(role);
        } while (!Arrays.equals(actual, expected) && System.nanoTime() < end);
        int differing = 0;
        for (int i = 0; i < expected.length; i++) {
            differing += actual[i] != expected[i] ? 1 : 0;
        }
        assertEquals(0, differing, "pixels of the " + role + " mask that differ");
        assertArrayEquals(expected, actual);
    }

    /** Points of the window, in whole CSS pixels, near the middle of pixels of the film. */
    private static int[][] windowPoints(Page.Place p, int[][] pixels) {
        int[][] out = new int[pixels.length][];
        for (int i = 0; i < out.length; i++) {
            out[i] = new int[]{(int) Math.round(p.x(pixels[i][0] + 0.5)), (int) Math.round(p.y(pixels[i][1] + 0.5))};
        }
        return out;
    }

    /** The pixels under the points where the pointer was, which are those that were asked for but for rounding. */
    private static int[][] pixels(Page.Place p, int[][] asked, double[][] seen) {
        int from = 0; // the move to where the pointer is pressed
        while (from + 1 < seen.length && seen.length - from > asked.length) {
            from++;
        }
        assertEquals(asked.length, seen.length - from, "moves of the pointer");
        int[][] out = new int[asked.length][];
        for (int i = 0; i < out.length; i++) {
            double[] at = seen[from + i];
            assertEquals(asked[i][0], at[0], 1, "column of the pointer");
            assertEquals(asked[i][1], at[1], 1, "row of the pointer");
            out[i] = new int[]{(int) Math.floor((at[0] - p.left()) / p.scale()),
                    (int) Math.floor((at[1] - p.top()) / p.scaleY())};
        }
        return out;
    }
}
