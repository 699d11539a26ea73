package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.TimestepSpacing;
import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.pixel.PixelArray;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.testdata.TestData;

class EditApiTest {
    private static final Path MONOCHROME1 = TestData.resource("/cxr/Fake_MONOHR1.dcm");

    @TempDir
    private static Path folder;
    private static TestServer s;
    private static RadEdit library;

    @BeforeAll
    static void start() throws IOException {
        s = new TestServer(folder);
        library = RadEdit.open(TestServer.model().without(Part.IMAGE_ENCODER), TestServer.RUN);
    }

    @AfterAll
    static void stop() {
        library.close();
        s.close();
    }

    /** The value of Patient's Name in an explicit little-endian file. */
    static String patientName(byte[] dicom) {
        String text = new String(dicom, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\u0010\u0000\u0010\u0000PN");
        int length = text.charAt(at + 6) | text.charAt(at + 7) << 8;
        return text.substring(at + 8, at + 8 + length).strip();
    }

    private static Picture result(JsonNode job, int number, String file) throws IOException {
        return TestServer.read(s.get("/api/v1/jobs/" + job.get("id").asText() + "/results/" + number + "/" + file));
    }

    @Test
    void anEditIsTheLibrarysToTheBit() throws IOException {
        byte[] png = TestServer.png(TestServer.picture(60, 40));
        Path file = folder.resolve("film.png");
        Files.write(file, png);
        ObjectNode e = TestServer.edit(s.film(png)).put("seed", 7).put("count", 2).put("keep_mask", "box:30,5,6,6")
                .put("grow_edit_mask", 2);
        JsonNode job = s.done(s.start(e));
        Mask edit = box(60, 40, 8, 8, 16, 16).dilate(2);
        Mask keep = box(60, 40, 30, 5, 6, 6);
        for (int k = 0; k < 2; k++) {
            Result expected = library.edit(new EditRequest(Films.read(file), edit).keepMask(keep)
                    .prompt("No pneumothorax").steps(4).seed(7 + k));
            assertArrayEquals(expected.grey(0).samples(), result(job, k + 1, "result.png").samples());
            assertArrayEquals(expected.grey(0).samples(), result(job, k + 1, "view.png").samples());
            assertArrayEquals(expected.editDetails().film().samples(), result(job, k + 1, "before.png").samples());
            assertEquals(7 + k, job.get("results").get(k).get("seed").asInt());
            JsonNode settings = s.json("/api/v1/jobs/" + job.get("id").asText() + "/results/" + (k + 1)
                    + "/metadata.json");
            assertTrue(settings.get("notice").asText().contains("Research use only"));
            assertEquals(Json.of(expected.settings().getFirst().get("edit_mask_sha256")),
                    settings.get("edit_mask_sha256"));
            assertEquals(Json.of(expected.settings().getFirst().get("keep_mask_sha256")),
                    settings.get("keep_mask_sha256"));
            assertEquals(List.of("edit_mask", "film", "keep_mask"), names(settings.get("inputs")));
        }
    }

    private static List<String> names(JsonNode o) {
        return o.properties().stream().map(java.util.Map.Entry::getKey).sorted().toList();
    }

    private static Mask box(int width, int height, int x, int y, int w, int h) {
        boolean[] in = new boolean[width * height];
        for (int i = 0; i < in.length; i++) {
            in[i] = i % width >= x && i % width < x + w && i / width >= y && i / width < y + h;
        }
        return new Mask(width, height, in);
    }

    @Test
    void aGenerationIsTheLibrarysToTheBit() throws IOException {
        String id = s.post(202, "/api/v1/generations",
                "{\"prompts\":[\"Cardiomegaly\",\"Effusion\"],\"count\":2,\"steps\":3,\"seed\":5}").get("id").asText();
        JsonNode job = s.done(id);
        Result expected = library.generate(new GenerateRequest("Cardiomegaly", "Effusion").count(2).steps(3).seed(5));
        assertEquals(4, job.get("results").size());
        for (int k = 0; k < 4; k++) {
            assertArrayEquals(expected.grey(k).samples(), result(job, k + 1, "result.png").samples());
        }
        assertEquals("Effusion", job.get("results").get(3).get("prompt").asText());
    }

    @Test
    void aNativeEditOfAnInvertedDicomKeepsEveryOtherPixelAndNoName() throws IOException {
        byte[] dicom = Files.readAllBytes(MONOCHROME1);
        String film = s.film(dicom);
        ObjectNode e = TestServer.edit(film).put("edit_mask", "box:400,400,200,200").put("native", true)
                .put("feather", 4).put("steps", 3);
        JsonNode job = s.done(s.start(e));
        JsonNode r = job.get("results").get(0);
        assertTrue(r.get("native").asBoolean());
        assertTrue(r.get("unchanged_outside").asBoolean());
        byte[] written = s.get("/api/v1/jobs/" + job.get("id").asText() + "/results/1/result.dcm");
        Path copy = folder.resolve("result.dcm");
        Files.write(copy, written);
        Film before = Films.read(MONOCHROME1);
        Film after = Films.read(copy);
        Mask near = box(1024, 1024, 400, 400, 200, 200).dilate(4);
        int changed = unchangedOutside(before.pixels(), after.pixels(), near);
        assertTrue(changed > 1000, changed + " pixels changed");
        String name = patientName(dicom);
        assertFalse(name.isEmpty());
        assertFalse(new String(written, StandardCharsets.ISO_8859_1).contains(name));
        assertFalse(job.toString().contains(name));
        samplesAreComparable(film, job.get("id").asText(), r, before.pixels(), after.pixels());
        assertArrayEquals(before.picture(0).samples(), result(job, 1, "before.png").samples());
        assertArrayEquals(after.picture(0).samples(), result(job, 1, "view.png").samples());

        JsonNode kept = s.done(s.start(e.put("patient", "keep")));
        byte[] named = s.get("/api/v1/jobs/" + kept.get("id").asText() + "/results/1/result.dcm");
        assertEquals(name, patientName(named));
        for (String f : List.of("metadata.json", "result.png", "result.nii.gz")) {
            assertFalse(new String(s.get("/api/v1/jobs/" + kept.get("id").asText() + "/results/1/" + f),
                    StandardCharsets.ISO_8859_1).contains(name), f);
        }
        assertEquals(List.of(), s.log);
    }

    /** The page compares samples of film and result, so that both have to mean the same in colour too. */
    @Test
    void samplesOfColourFilmsAreComparable() {
        byte[] rgb = new byte[3 * 60 * 50];
        new Random(5).nextBytes(rgb);
        String film = s.film(TestServer.png(new Picture(60, 50, 3, rgb)));
        JsonNode job = s.done(s.start(TestServer.edit(film).put("native", true).put("feather", 2)));
        JsonNode own = s.json("/api/v1/films/" + film);
        JsonNode result = job.get("results").get(0);
        assertTrue(own.get("colour").asBoolean() && result.get("native").asBoolean());
        for (String k : List.of("slope", "intercept", "inverted")) {
            assertEquals(own.at("/pixels/" + k), result.at("/pixels/" + k), k);
        }
        byte[] before = s.get("/api/v1/films/" + film + "/pixels");
        byte[] after = s.get("/api/v1/jobs/" + job.get("id").asText() + "/results/1/pixels");
        Mask near = box(60, 50, 8, 8, 16, 16).dilate(2);
        int changed = 0;
        for (int i = 0; i < near.pixels().length; i++) {
            boolean same = before[2 * i] == after[2 * i] && before[2 * i + 1] == after[2 * i + 1];
            assertTrue(same || near.pixels()[i], "pixel " + i);
            changed += same ? 0 : 1;
        }
        assertTrue(changed > 50, changed + " pixels changed");
        assertEquals("[\"no NIfTI file of the result: the film is in colour, which NIfTI does not hold; PNG does\"]",
                job.get("warnings").toString());
    }

    private static int unchangedOutside(PixelArray before, PixelArray after, Mask near) {
        int changed = 0;
        for (int i = 0; i < before.size(); i++) {
            boolean same = before.at(i) == after.at(i);
            assertTrue(same || near.pixels()[i], "pixel " + i);
            changed += same ? 0 : 1;
        }
        return changed;
    }

    /** Film and result have samples with one meaning. */
    private static void samplesAreComparable(String film, String job, JsonNode result, PixelArray before,
            PixelArray after) {
        JsonNode own = s.json("/api/v1/films/" + film).get("pixels");
        assertEquals(own.get("slope"), result.at("/pixels/slope"));
        assertEquals(own.get("intercept"), result.at("/pixels/intercept"));
        byte[] a = s.get("/api/v1/films/" + film + "/pixels");
        byte[] b = s.get("/api/v1/jobs/" + job + "/results/1/pixels");
        for (int i = 0; i < before.size(); i++) {
            int difference = (b[2 * i] & 0xFF | (b[2 * i + 1] & 0xFF) << 8)
                    - (a[2 * i] & 0xFF | (a[2 * i + 1] & 0xFF) << 8);
            assertEquals(after.at(i) - before.at(i), difference);
        }
    }

    @Test
    void eventsTellTheWholeStory() {
        String film = s.film(TestServer.png(TestServer.picture(40, 40)));
        // the first job keeps the device busy until the stream of the second is open
        String first = s.start(TestServer.edit(film).put("steps", 60));
        String id = s.start(TestServer.edit(film).put("steps", 6));
        String events = new String(s.get("/api/v1/jobs/" + id + "/events"));
        List<String> names = events.lines().filter(l -> l.startsWith("event: ")).map(l -> l.substring(7)).toList();
        assertEquals("job", names.getFirst());
        assertEquals("job", names.getLast());
        assertTrue(names.contains("progress") && names.contains("preview"), names::toString);
        assertTrue(events.contains("\"state\":\"running\"") && events.contains("\"state\":\"done\""), events);
        assertTrue(events.contains("\"phase\":\"denoising\",\"done\":5,\"total\":5"), events);
        assertTrue(events.contains("\"png\":\"data:image/png;base64,iVBOR"), events);
        assertEquals("done", s.json("/api/v1/jobs/" + first).get("state").asText());
        String late = new String(s.get("/api/v1/jobs/" + id + "/events"));
        assertEquals(1, late.lines().filter(l -> l.startsWith("event: ")).count());
    }

    @Test
    void runningAndWaitingJobsCanBeCancelled() {
        String film = s.film(TestServer.png(TestServer.picture(40, 40)));
        String running = s.start(TestServer.edit(film).put("steps", 1000).put("count", 16));
        String waiting = s.start(TestServer.edit(film));
        String last = s.start(TestServer.edit(film));
        assertEquals(409, s.send("DELETE", "/api/v1/jobs/" + waiting, null, null).statusCode());
        assertTrue(s.json("/api/v1/jobs/" + last).get("position").asInt() >= 1);
        assertEquals("cancelled", s.post(202, "/api/v1/jobs/" + waiting + "/cancel", "").get("state").asText());
        s.post(202, "/api/v1/jobs/" + running + "/cancel", "");
        assertEquals("cancelled", s.await(running).get("state").asText());
        s.done(last);
        assertEquals("done", s.post(202, "/api/v1/jobs/" + last + "/cancel", "").get("state").asText());
        assertEquals(204, s.send("DELETE", "/api/v1/jobs/" + waiting, null, null).statusCode());
        assertEquals(404, s.send("GET", "/api/v1/jobs/" + waiting, null, null).statusCode());
    }

    @Test
    void aResultBecomesAFilm() throws IOException {
        byte[] png = TestServer.png(TestServer.picture(40, 40));
        JsonNode job = s.done(s.start(TestServer.edit(s.upload(png, "?name=chest.png").get("id").asText())));
        JsonNode film = s.post(201, "/api/v1/jobs/" + job.get("id").asText() + "/results/1/film", "");
        assertEquals("chest-1.png", film.get("name").asText());
        byte[] pixels = s.get("/api/v1/films/" + film.get("id").asText() + "/pixels");
        assertArrayEquals(s.get("/api/v1/jobs/" + job.get("id").asText() + "/results/1/pixels"), pixels);
        s.done(s.start(TestServer.edit(film.get("id").asText())));
    }

    @Test
    void aPictureSaysHowItIsMadeAgain() {
        byte[] png = TestServer.png(TestServer.picture(44, 40));
        String film = s.film(png);
        String mask = s.post(201, "/api/v1/films/" + film + "/masks", "{\"source\":\"box:8,8,20,20\",\"grow\":3}")
                .get("id").asText();
        JsonNode job = s.done(s.start(TestServer.edit(film).put("edit_mask", mask).put("seed", 9).put("native", true)));
        byte[] result = s.get("/api/v1/jobs/" + job.get("id").asText() + "/results/1/result.png");
        JsonNode again = Json.parse(s.send("POST", "/api/v1/reproduce", "image/png", result).body());
        assertEquals("edit", again.get("kind").asText());
        assertEquals("[]", again.get("missing").toString());
        assertEquals(film, again.at("/request/film").asText());
        assertEquals(mask, again.at("/request/edit_mask/0").asText());
        JsonNode second = s.done(s.start((ObjectNode) again.get("request")));
        assertArrayEquals(result, s.get("/api/v1/jobs/" + second.get("id").asText() + "/results/1/result.png"));
        assertTrue(s.upload(result, "").get("has_settings").asBoolean());
        assertFalse(s.upload(png, "").get("has_settings").asBoolean());
        HttpResponse<byte[]> other = s.send("POST", "/api/v1/reproduce", "image/png", png);
        assertEquals(422, other.statusCode());
        assertEquals(
                "the picture: holds no settings; only PNG, DICOM, NIfTI and safetensors files written by radedit do",
                Json.parse(other.body()).get("error").asText());
    }

    private static JsonNode reproduced(byte[] picture) {
        return Json.parse(s.send("POST", "/api/v1/reproduce", "image/png", picture).body());
    }

    /** Sampler, noise levels, timesteps and deep features are the library's, and come back from the picture. */
    @Test
    void samplersAreTheLibrarysAndComeBack() throws IOException {
        ObjectNode g = Json.object().put("sampler", "euler").put("sigmas", "discrete").put("spacing", "trailing")
                .put("deep_cache", 2).put("steps", 5).put("guidance_interval", "0.3,1.0").put("bits", 16);
        g.putArray("prompts").add("Cardiomegaly");
        JsonNode job = s.done(s.post(202, "/api/v1/generations", g.toString()).get("id").asText());
        Result expected = library
                .generate(new GenerateRequest("Cardiomegaly").steps(5).deepCache(2).guidanceInterval(0.3, 1).sampler(
                        new SamplerChoice(SamplerMethod.EULER, SigmaSpacing.DISCRETE, TimestepSpacing.Rule.TRAILING)));
        assertArrayEquals(expected.grey(0).samples(), result(job, 1, "view.png").samples());
        byte[] png = s.get("/api/v1/jobs/" + job.get("id").asText() + "/results/1/result.png");
        Path file = folder.resolve("sixteen.png");
        Files.write(file, png);
        PixelArray pixels = Films.read(file).pixels();
        for (int i = 0; i < pixels.size(); i++) {
            assertEquals(expected.samples16(0, false)[i], pixels.at(i));
        }
        JsonNode again = reproduced(png);
        g.fieldNames().forEachRemaining(f -> assertEquals(g.get(f), again.at("/request/" + f), f));
        assertEquals("[]", again.get("notes").toString());
        JsonNode without = s.done(s.post(202, "/api/v1/generations",
                "{\"prompts\":[\"x\"],\"sampler\":\"unipc\",\"unguided_after\":0.5}").get("id").asText());
        assertEquals(0.5, reproduced(s.get("/api/v1/jobs/" + without.get("id").asText() + "/results/1/result.png"))
                .at("/request/unguided_after").asDouble());
        assertEquals(SamplerMethod.UNIPC.defaultSteps(), s.json("/api/v1/jobs/" + without.get("id").asText()
                + "/results/1/metadata.json").get("steps").asInt());

        byte[] film = TestServer.png(TestServer.picture(40, 40));
        Path source = folder.resolve("deep.png");
        Files.write(source, film);
        JsonNode edit = s.done(s.start(TestServer.edit(s.film(film)).put("steps", 8).put("deep_cache", 3)));
        assertArrayEquals(library.edit(new EditRequest(Films.read(source), box(40, 40, 8, 8, 16, 16))
                .prompt("No pneumothorax").steps(8).deepCache(3)).grey(0).samples(),
                result(edit, 1, "result.png").samples());
        assertEquals(3, reproduced(s.get("/api/v1/jobs/" + edit.get("id").asText() + "/results/1/result.png"))
                .at("/request/deep_cache").asInt());
    }

    /** What a request may not have is left out and said: settings may be those of other programs, or a stranger's. */
    @Test
    void settingsThatRequestsLackAreSaid() {
        JsonNode r = reproduced(
                TestServer.withSettings(
                        "{\"prompt\":\"x\",\"deep_cache\":300,\"steps\":5000,\"guidance_interval\":[5,\"a\"],\"size\":128,"
                                + "\"sampler_chosen\":{\"sampler\":\"heun\",\"sigmas\":[1]},\"noise\":\"given\",\"image\":20,\"images\":40}"));
        List<String> notes = new ArrayList<>();
        r.get("notes").forEach(n -> notes.add(n.asText()));
        for (String start : List.of(
                "deep_cache must be a whole number from 1 to 100, not '300', so it is not taken over;",
                "guidance_interval is not of the expected form, two numbers from 0 to 1", "steps must be",
                "sampler must be one of ddim,", "count must be a whole number from 1 to 16, not '40'",
                "its noise was read from a file, which")) {
            assertEquals(1, notes.stream().filter(n -> n.startsWith(start)).count(), start + " " + notes);
        }
        assertEquals("{\"prompts\":[\"x\"],\"size\":128}", r.get("request").toString());
        JsonNode e = reproduced(
                TestServer.withSettings(
                        "{\"prompts\":[\"x\"],\"unguided_after\":0.5,\"loader\":\"other\",\"mode\":\"paper\"}"));
        assertEquals("{\"prompts\":[{\"text\":\"x\",\"weight\":7.5}],\"mode\":\"paper\"}", e.get("request").toString());
        assertTrue(e.at("/notes/0").asText().startsWith("loader must be one of standard,"), e::toString);
    }

    @Test
    void commandsAreThoseOfTheJob() {
        String film = s.upload(TestServer.png(TestServer.picture(40, 40)), "?name=chest.png").get("id").asText();
        ObjectNode e = TestServer.edit(film);
        String command = s.post(200, "/api/v1/commands", Json.object().set("edit", e).toString()).get("command")
                .asText();
        assertEquals(command, s.done(s.start(e)).get("command").asText());
        assertTrue(command.contains("\"film\":\"chest.png\"") && command.contains("[\"box:8,8,16,16\"]"), command);
        s.post(422, "/api/v1/commands", "{}");
        s.post(422, "/api/v1/commands", "{\"edit\":{}}");
        s.post(422, "/api/v1/commands", "{\"other\":{}}");
    }

    @Test
    void filesOfResultsAreOnlyThoseThatAreNamed() {
        String film = s.film(TestServer.png(TestServer.picture(40, 40)));
        JsonNode job = s.done(s.start(TestServer.edit(film)));
        String path = "/api/v1/jobs/" + job.get("id").asText() + "/results/";
        for (JsonNode f : job.get("results").get(0).get("files")) {
            assertTrue(s.get(path + "1/" + f.asText()).length > 0);
        }
        for (String f : List.of("1/samples", "1/..%2F..%2Fjob.json", "1/../../job.json", "2/result.png", "0/result.png",
                "-1/result.png", "1/result.png%00", "99999999999/result.png", "1/.")) {
            assertEquals(404, s.send("GET", path + f, null, null).statusCode(), f);
        }
        HttpResponse<byte[]> r = s.send("GET", path + "1/result.dcm?download=1", null, null);
        assertTrue(r.headers().firstValue("Content-Disposition").orElseThrow()
                .startsWith("attachment; filename=\"radedit-"));
    }
}
