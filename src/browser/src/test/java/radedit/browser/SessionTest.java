package radedit.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.interactions.PointerInput;

/** Nothing is lost: by a reload, another browser, a cancelled job or a server that ends. */
class SessionTest {
    private static final int[][] LINE = {{500, 300}, {600, 420}};

    @Test
    void aReloadKeepsMasksTextsAndOptions() throws Exception {
        try (Page page = Shared.page()) {
            page.drop(Shared.markers());
            page.stroke(PointerInput.Kind.MOUSE, LINE);
            page.await("the mask", () -> sum(page.mask("edit")) > 0);
            byte[] before = page.mask("edit");
            page.set("#panel-edit textarea", "Cardiomegaly");
            page.set("#edit-steps", 17);
            assertArrayEquals(before, page.mask("edit"), "a text changes no mask");
            String film = page.film();
            Thread.sleep(400);
            page.reload();
            page.await("the film", () -> film.equals(page.film()));
            assertArrayEquals(before, page.mask("edit"));
            assertTrue(!page.text("#s-masks").startsWith("edit 0 px"), page.text("#s-masks"));
            assertEquals("Cardiomegaly", page.script("return document.querySelector('#panel-edit textarea').value"));
            assertEquals("17", page.script("return document.querySelector('#edit-steps').value"));
            // another browser, which has kept nothing, gets the mask from the server
            page.await("the draft", () -> ((Number) page.asyncScript(
                    "return (await fetch(`/api/v1/films/${args[0]}/drafts/edit`)).status", film)).intValue() == 200);
            try (Page other = Shared.page()) {
                other.open(Shared.SERVER.page() + "#film=" + film);
                other.reload();
                other.await("the film", () -> film.equals(other.film()));
                assertEquals(page.text("#s-masks"), other.text("#s-masks"));
            }
        }
    }

    @Test
    void twoBrowsersAtOnceGetTheirOwnResults() throws Exception {
        try (Page a = Shared.page(); Page b = Shared.page()) {
            a.drop(Shared.CXR.resolve("00000001_000.png"));
            b.drop(Shared.CXR.resolve("dicom/mono1_window.dcm"));
            for (Page p : new Page[]{a, b}) {
                p.stroke(PointerInput.Kind.MOUSE, LINE);
                p.set("#panel-edit textarea", p == a ? "Cardiomegaly" : "Pleural effusion");
                p.set("#edit-steps", 6);
            }
            a.click("#start");
            b.click("#start");
            for (Page p : new Page[]{a, b}) {
                p.await("the result", () -> (Boolean) p.script("return !document.querySelector('#outcome').hidden"));
            }
            assertEquals("Cardiomegaly", a.text("#outcome .prompt"));
            assertEquals("Pleural effusion", b.text("#outcome .prompt"));
            assertTrue(a.text("#outcome .facts").contains("512 x 512"), a.text("#outcome .facts"));
            assertTrue(b.text("#outcome .facts").contains("100 x 124"), b.text("#outcome .facts"));
        }
    }

    @Test
    void aJobIsCancelled() throws Exception {
        try (Page page = Shared.page()) {
            page.drop(Shared.CXR.resolve("00000001_000.png"));
            page.stroke(PointerInput.Kind.MOUSE, LINE);
            page.set("#panel-edit textarea", "Cardiomegaly");
            page.set("#edit-steps", 1000);
            page.click("#start");
            page.await("progress",
                    () -> page.text("#job").contains("Inverting") || page.text("#job").contains("Denoising"));
            page.driver.findElement(By.xpath("//div[@id='job']//button[text()='Cancel']")).click();
            page.await("the end", () -> page.text("#messages").contains("Cancelled"));
            assertTrue((Boolean) page.script("return document.querySelector('#job').hidden"));
            page.edit("Cardiomegaly", 4);
        }
    }

    @Test
    void aServerThatEndsInTheMiddleLosesNothing() throws Exception {
        try (ServeProcess server = new ServeProcess(Files.createTempDirectory(Shared.FOLDER, "killed"));
                Page page = new Page(server, Shared.FOLDER)) {
            page.drop(Shared.CXR.resolve("00000001_000.png"));
            page.stroke(PointerInput.Kind.MOUSE, LINE);
            page.edit("Cardiomegaly", 4);
            byte[] mask = page.mask("edit");
            page.set("#panel-edit textarea", "Pleural effusion");
            page.set("#edit-steps", 1000);
            page.click("#start");
            page.await("progress", () -> page.text("#job").contains("Inverting"));
            server.kill();
            page.await("the loss", () -> page.text("#job").contains("does not answer"));
            server.restart();
            page.await("the offer", () -> page.text("#messages").contains("The server ended before the job did"));
            assertArrayEquals(mask, page.mask("edit"));
            assertTrue(page.text("#history").contains("interrupted"), page.text("#history"));
            assertTrue(page.text("#history").contains("Cardiomegaly"), "the first result is still there");
            page.driver.findElement(By.xpath("//div[@id='messages']//button[text()='Run again']")).click();
            page.await("progress", () -> !(Boolean) page.script("return document.querySelector('#job').hidden"));
            page.driver.findElement(By.xpath("//div[@id='job']//button[text()='Cancel']")).click();
            page.await("the end", () -> (Boolean) page.script("return document.querySelector('#job').hidden"));
            page.edit("Pleural effusion", 4);
        }
    }

    private static int sum(byte[] levels) {
        int n = 0;
        for (byte b : levels) {
            n += b != 0 ? 1 : 0;
        }
        return Arrays.equals(levels, new byte[levels.length]) ? 0 : n;
    }
}
