package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.imaging.Mask;
import radedit.testdata.TestData;

class MaskApiTest {
    @TempDir
    private static Path folder;
    private static TestServer s;
    private static String film;

    @BeforeAll
    static void start() throws IOException {
        s = new TestServer(folder);
        film = s.film(TestServer.png(TestServer.picture(45, 31)));
    }

    @AfterAll
    static void stop() {
        s.close();
    }

    private static Mask mask(JsonNode made) throws IOException {
        return Mask.of(TestServer.read(s.get("/api/v1/masks/" + made.get("id").asText() + "/mask.png")));
    }

    private static JsonNode words(String request) {
        return s.post(201, "/api/v1/films/" + film + "/masks", request);
    }

    private static JsonNode upload(byte[] file, String type, String query) {
        HttpResponse<byte[]> r = s.send("POST", "/api/v1/films/" + film + "/masks" + query, type, file);
        assertEquals(201, r.statusCode(), () -> TestServer.text(r));
        return Json.parse(r.body());
    }

    private static Mask box(int x, int y, int w, int h) {
        boolean[] in = new boolean[45 * 31];
        for (int i = 0; i < in.length; i++) {
            in[i] = i % 45 >= x && i % 45 < x + w && i / 45 >= y && i / 45 < y + h;
        }
        return new Mask(45, 31, in);
    }

    /** Pixels at random, those at the border too. */
    private static Mask random() {
        Random r = new Random(5);
        boolean[] in = new boolean[45 * 31];
        for (int i = 0; i < in.length; i++) {
            in[i] = r.nextBoolean();
        }
        return new Mask(45, 31, in);
    }

    @Test
    void wordsAreMasks() throws IOException {
        assertEquals(box(3, 4, 10, 5), mask(words("{\"source\":\"box:3,4,10,5\"}")));
        assertEquals(box(0, 0, 45, 31), mask(words("{\"source\":\"all\"}")));
        assertEquals(box(0, 0, 7, 1), mask(words("{\"source\":\"rle:1 7\"}")));
        assertEquals(box(1, 2, 4, 6), mask(words("{\"source\":\"polygon:1,2 5,2 5,8 1,8\"}")));
        JsonNode cut = words("{\"source\":\"box:40,4,10,5\"}");
        assertTrue(cut.get("warnings").get(0).asText().contains("beyond the film"));
        JsonNode first = words("{\"source\":\"box:0,0,20,20\"}");
        JsonNode changed = words("{\"source\":\"" + first.get("id").asText()
                + "\",\"intersect\":\"box:5,5,30,30\",\"subtract\":\"box:5,5,1,15\"}");
        assertEquals(box(6, 5, 14, 15), mask(changed));
        assertEquals(box(0, 0, 45, 31).difference(box(0, 0, 20, 20)),
                mask(words("{\"source\":\"" + first.get("id").asText() + "\",\"invert\":true}")));
        assertEquals(box(2, 2, 5, 5).dilate(2).count(),
                words("{\"source\":\"box:2,2,5,5\",\"grow\":2}").get("count").asInt());
    }

    @Test
    void paintedPixelsComeBackToTheBit() throws IOException {
        Mask painted = random();
        assertEquals(painted, mask(upload(Pngs.of(painted), "image/png", "")));
    }

    @Test
    void aSegmentationComesBackToTheBit() throws IOException {
        Mask painted = random();
        String id = upload(Pngs.of(painted), "image/png", "").get("id").asText();
        byte[] dicom = s.get("/api/v1/masks/" + id + "/mask.dcm?label=Drain");
        assertEquals(painted, mask(upload(dicom, "application/dicom", "?segment=Drain")));
        HttpResponse<byte[]> other = s.send("POST", "/api/v1/films/" + film + "/masks?segment=Heart",
                "application/dicom", dicom);
        assertEquals(422, other.statusCode());
        assertTrue(TestServer.text(other).contains("'Drain'"), TestServer.text(other));
    }

    @Test
    void aSegmentationNamesThePatientOnlyIfAsked() throws IOException {
        byte[] dicom = Files.readAllBytes(TestData.resource("/cxr/Fake_MONOHR1.dcm"));
        String patients = s.film(dicom);
        String id = s.post(201, "/api/v1/films/" + patients + "/masks", "{\"source\":\"box:1,1,50,50\"}").get("id")
                .asText();
        String name = radedit.imaging.dicom.DicomSource.of(TestData.resource("/cxr/Fake_MONOHR1.dcm")).isIdentified()
                ? "Fake"
                : "";
        assertEquals("Fake", name);
        String removed = new String(s.get("/api/v1/masks/" + id + "/mask.dcm"), StandardCharsets.ISO_8859_1);
        String kept = new String(s.get("/api/v1/masks/" + id + "/mask.dcm?patient=keep"), StandardCharsets.ISO_8859_1);
        String identity = EditApiTest.patientName(dicom);
        assertTrue(kept.contains(identity), identity);
        assertTrue(!removed.contains(identity) && removed.contains("Synthetic^Film"));
        assertEquals(422, s.send("GET", "/api/v1/masks/" + id + "/mask.dcm?patient=x", null, null).statusCode());
    }

    @Test
    void rowsOfTables() throws IOException {
        String table = "ImageID,Height,Width,Left Lung,Right Lung\na/b.png,31,45,1 7,46 7\nc.png,31,45,1 1,2 1\n";
        Mask left = mask(upload(table.getBytes(), "text/csv", "?id=a/b.png&column=Left%20Lung"));
        assertEquals(box(0, 0, 7, 1), left);
        Mask both = mask(upload(table.getBytes(), "text/csv", "?row=1&column=Left%20Lung%2BRight%20Lung"));
        assertEquals(box(0, 0, 7, 2), both);
        String path = "/api/v1/films/" + film + "/masks";
        assertEquals(400, s.send("POST", path, "text/csv", table.getBytes()).statusCode());
        assertEquals(422,
                s.send("POST", path + "?id=x.png&column=Left%20Lung", "text/csv", table.getBytes()).statusCode());
        for (String hostile : List.of("a%23id=c.png", "..%2F..%2Fetc%2Fpasswd", "a%5Cb", "a,row=1", "a%00")) {
            HttpResponse<byte[]> r = s.send("POST", path + "?column=Left%20Lung&id=" + hostile, "text/csv",
                    table.getBytes());
            assertEquals(400, r.statusCode(), hostile + TestServer.text(r));
        }
    }

    @Test
    void masksOfAnotherSizeAreResizedWithAWarning() throws IOException {
        JsonNode made = upload(Pngs.of(Mask.filled(90, 62, true)), "image/png", "");
        assertEquals(45, made.get("width").asInt());
        assertEquals(45 * 31, made.get("count").asInt());
        assertTrue(made.get("warnings").get(0).asText().startsWith("the mask has 90 x 62 pixels"));
    }

    @Test
    void aSegmentationThatIsOpenedAsAFilmIsSaid() {
        String mask = s.post(201, "/api/v1/films/" + film + "/masks", "{\"source\":\"box:1,1,9,9\"}").get("id")
                .asText();
        JsonNode opened = s.upload(s.get("/api/v1/masks/" + mask + "/mask.dcm"), "");
        assertTrue(opened.get("warnings").toString().contains("this is a segmentation, not a film"), opened::toString);
    }

    @Test
    void draftsAreKeptAndMustFit() throws IOException {
        String path = "/api/v1/films/" + film + "/drafts/edit";
        assertEquals(204, s.send("GET", "/api/v1/films/" + film + "/drafts/keep", null, null).statusCode());
        assertEquals(204, s.send("PUT", path, "image/png", Pngs.of(random())).statusCode());
        assertEquals(random(), Mask.of(TestServer.read(s.get(path))));
        assertEquals(204, s.send("PUT", path, "image/png", Pngs.of(box(1, 1, 2, 2))).statusCode());
        assertEquals(box(1, 1, 2, 2), Mask.of(TestServer.read(s.get(path))));
        assertEquals(422, s.send("PUT", path, "image/png", Pngs.of(Mask.filled(9, 9, true))).statusCode());
        assertEquals(404, s.send("PUT", "/api/v1/films/" + film + "/drafts/..%2F..%2Fx", "image/png", Pngs.of(random()))
                .statusCode());
    }

    @Test
    void cellsAreThoseThatAnEditUses() {
        JsonNode cells = s.post(200, "/api/v1/films/" + film + "/cells",
                "{\"edit_mask\":\"box:0,0,20,31\",\"keep_mask\":\"box:0,0,8,31\",\"fit\":\"stretch\"}");
        int side = s.json("/api/v1/about").at("/model/size").asInt()
                / s.json("/api/v1/about").at("/model/cell").asInt();
        assertEquals(side, cells.get("columns").asInt());
        assertEquals(45.0 / side, cells.get("cell_width").asDouble(), 1e-12);
        assertEquals(31.0 / side, cells.get("cell_height").asDouble(), 1e-12);
        List<Integer> edit = new ArrayList<>();
        List<Integer> keep = new ArrayList<>();
        for (int i = 0; i < side * side; i++) {
            double left = i % side * 45.0 / side; // in the model's square, a pixel is an eighth of a cell
            boolean kept = left < 8; // any pixel of the cell is in the keep mask
            if (kept) {
                keep.add(i);
            } else if (left + 45.0 / side / 16 < 20) { // its first pixel is in the edit mask
                edit.add(i);
            }
        }
        assertEquals(Json.of(keep), cells.get("keep"));
        assertEquals(Json.of(edit), cells.get("edit"));
        JsonNode job = s.done(s.start(TestServer.edit(film).put("edit_mask", "box:0,0,20,31").put("keep_mask",
                "box:0,0,8,31").put("fit", "stretch")));
        JsonNode settings = s.json("/api/v1/jobs/" + job.get("id").asText() + "/results/1/metadata.json");
        assertEquals(keep.size(), settings.get("keep_cells").asInt());
        assertArrayEquals(new int[]{keep.size()}, new int[]{cells.get("keep").size()});
    }

    @Test
    void aDeletedMaskIsGone() {
        String id = words("{\"source\":\"all\"}").get("id").asText();
        assertEquals(204, s.send("DELETE", "/api/v1/masks/" + id, null, null).statusCode());
        assertEquals(404, s.send("GET", "/api/v1/masks/" + id, null, null).statusCode());
        for (JsonNode m : s.json("/api/v1/films/" + film + "/masks")) {
            assertTrue(!m.get("id").asText().equals(id));
        }
    }
}
