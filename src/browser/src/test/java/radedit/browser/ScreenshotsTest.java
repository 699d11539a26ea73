package radedit.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.PointerInput;

/** Pictures of the page with a real edit, in target/screenshots, or where -Dscreenshots says; docs/demo has them. */
class ScreenshotsTest {
    /** Corners around the phantom's left lung, and points along its drain. */
    private static final int[][] LUNG = {{318, 72}, {365, 76}, {410, 120}, {437, 200}, {441, 300}, {440, 425},
            {352, 362},
            {366, 300}, {358, 240}, {322, 222}};
    private static final int[][] DRAIN = {{338, 120}, {360, 172}, {387, 234}, {413, 270}, {502, 308}};

    @Test
    void picturesOfAnEdit() throws Exception {
        Path folder = Files
                .createDirectories(Path.of(System.getProperty("screenshots", "src/browser/target/screenshots")));
        try (Page page = Shared.page()) {
            Path phantoms = phantom();
            page.drop(phantoms);
            Page.Place p = page.place();
            page.click("[data-role=edit]");
            page.key("p");
            for (int[] corner : LUNG) {
                page.stroke(PointerInput.Kind.MOUSE, at(p, corner[0], corner[1]));
            }
            page.key(Keys.ENTER);
            page.click("[data-role=keep]");
            page.key("b");
            page.brush(23);
            int[][] drain = new int[DRAIN.length][];
            for (int i = 0; i < drain.length; i++) {
                drain[i] = at(p, DRAIN[i][0], DRAIN[i][1]);
            }
            page.stroke(PointerInput.Kind.MOUSE, drain);
            page.set("#panel-edit textarea", "No pneumothorax");
            page.driver.executeScript("document.activeElement.blur()");
            write(page, folder.resolve("page-paint.webp"));
            page.edit("No pneumothorax", 40);
            page.script("document.querySelectorAll('#messages > *').forEach((m) => m.remove())");
            write(page, folder.resolve("page-compare.webp"));
            page.click("[data-mode=difference]");
            write(page, folder.resolve("page-difference.webp"));
            page.screen(820, 1180, 1);
            write(page, folder.resolve("page-tablet.webp"));
        }
    }

    /** The first of the phantoms that {@code radedit weights phantom} draws with a drain and a pneumothorax. */
    private static Path phantom() throws Exception {
        Path folder = Shared.FOLDER.resolve("phantoms");
        if (!Files.exists(folder.resolve("films/000001.png"))) {
            Process made = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                    System.getProperty("java.class.path"), "radedit.cli.Main", "weights", "phantom", folder.toString(),
                    "--count", "2", "--size", "512", "--quiet").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertTrue(made.waitFor() == 0, "phantoms were drawn");
        }
        return folder.resolve("films/000001.png");
    }

    private static int[] at(Page.Place p, int x, int y) {
        return new int[]{(int) Math.round(p.x(x)), (int) Math.round(p.y(y))};
    }

    /** Writes what the screen shows as WebP, which the browser itself encodes; fails if next to nothing is shown. */
    private static void write(Page page, Path file) throws Exception {
        Thread.sleep(300); // until nothing fades any more
        byte[] png = page.screenshot();
        BufferedImage shot = ImageIO.read(new ByteArrayInputStream(png));
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < shot.getHeight(); y++) {
            for (int x = 0; x < shot.getWidth(); x++) {
                colours.add(shot.getRGB(x, y));
            }
        }
        assertTrue(colours.size() > 200, file.getFileName() + " shows " + colours.size() + " colours");
        String webp = (String) page.asyncScript("""
                const bytes = Uint8Array.from(atob(args[0]), (c) => c.charCodeAt(0));
                const image = await createImageBitmap(new Blob([bytes]));
                const canvas = document.createElement('canvas');
                canvas.width = image.width;
                canvas.height = image.height;
                canvas.getContext('2d').drawImage(image, 0, 0);
                return canvas.toDataURL('image/webp', 0.86).split(',')[1];
                """, Base64.getEncoder().encodeToString(png));
        Files.write(file, Base64.getDecoder().decode(webp));
    }
}
