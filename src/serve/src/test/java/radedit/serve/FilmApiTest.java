package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.dicom.SecondaryCapture;
import radedit.testdata.TestData;

class FilmApiTest {
    private static final Path MONOCHROME1 = TestData.resource("/cxr/Fake_MONOHR1.dcm");

    @TempDir
    private static Path folder;
    private static TestServer s;

    @BeforeAll
    static void start() throws IOException {
        s = new TestServer(folder);
    }

    @AfterAll
    static void stop() {
        s.close();
    }

    /** A film of 12 bits, 48 x 20 pixels. */
    private static byte[] dicom() throws IOException {
        int[] values = new int[48 * 20];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 4;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SecondaryCapture(SecondaryCapture.Series.begin(), 1, 48, 20, 1, 12, values).writeTo(out);
        return out.toByteArray();
    }

    private static int[] samples(JsonNode film) {
        byte[] bytes = s.get("/api/v1/films/" + film.get("id").asText() + "/pixels");
        int[] all = new int[bytes.length / 2];
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < all.length; i++) {
            all[i] = b.getShort() & 0xFFFF;
        }
        return all;
    }

    /** The samples give the film's values, and the picture is what the library shows. */
    private static JsonNode roundTrip(byte[] file) throws IOException {
        JsonNode film = s.upload(file, "?name=film");
        Path copy = Files.createTempFile("film", "");
        Files.write(copy, file);
        Film read = Films.read(copy);
        assertEquals(read.columns(), film.get("width").asInt());
        assertEquals(read.rows(), film.get("height").asInt());
        double[] values = read.modality();
        int[] samples = samples(film);
        JsonNode p = film.get("pixels");
        assertTrue(p.get("exact").asBoolean());
        assertEquals(values.length, samples.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], p.get("slope").asDouble() * samples[i] + p.get("intercept").asDouble());
        }
        assertEquals(read.meaning(0).isInverted(), p.get("inverted").asBoolean());
        byte[] png = s.get("/api/v1/films/" + film.get("id").asText() + "/picture.png");
        assertArrayEquals(read.picture(0).samples(), TestServer.read(png).samples());
        Files.delete(copy);
        return film;
    }

    @Test
    void filmsOfEveryKindGiveTheirValues() throws IOException {
        JsonNode png = roundTrip(TestServer.png(TestServer.picture(40, 24)));
        assertEquals("PNG", png.get("format").asText());
        JsonNode dicom = roundTrip(dicom());
        assertEquals("DICOM", dicom.get("format").asText());
        assertEquals(4095, samples(dicom).length * 4 + 255);
        assertEquals("{\"name\":\"window 1\",\"centre\":2048.0,\"width\":4096.0,\"function\":\"linear\"}",
                dicom.get("windows").get(0).toString());
        JsonNode inverted = roundTrip(Files.readAllBytes(MONOCHROME1));
        assertEquals("MONOCHROME1", inverted.get("photometric").asText());
        assertTrue(inverted.get("names_patient").asBoolean());
        assertEquals(0.168, inverted.get("spacing").get("row").asDouble());
    }

    @Test
    void windowsAndLoadersOfThePictureAreTheLibrarys() throws IOException {
        String film = s.film(dicom());
        byte[] narrow = TestServer.read(s.get("/api/v1/films/" + film + "/picture.png?window=1000,100")).samples();
        assertEquals(0, narrow[0]);
        assertEquals(-1, narrow[narrow.length - 1]);
        assertEquals(422, s.send("GET", "/api/v1/films/" + film + "/picture.png?window=7", null, null).statusCode());
        assertEquals(422, s.send("GET", "/api/v1/films/" + film + "/picture.png?loader=x", null, null).statusCode());
    }

    @Test
    void framesAreFilmsOfTheirOwn() throws IOException {
        byte[] gif = Files.readAllBytes(twoFrames());
        JsonNode first = s.upload(gif, "");
        assertEquals(2, first.get("frames").asInt());
        assertEquals(1, first.get("frame").asInt());
        String id = first.get("id").asText();
        JsonNode second = s.post(201, "/api/v1/films/" + id + "/frames/2", "");
        assertEquals(2, second.get("frame").asInt());
        assertFalse(samples(first)[0] == samples(second)[0]);
        assertEquals(422, s.send("POST", "/api/v1/films/" + id + "/frames/3", null, null).statusCode());
        assertEquals(404, s.send("POST", "/api/v1/films/" + id + "/frames/0", null, null).statusCode());
        assertEquals(400, s.send("POST", "/api/v1/films?frame=x", null, gif).statusCode());
    }

    /** A NIfTI file of two slices with different values. */
    private static Path twoFrames() throws IOException {
        ByteBuffer b = ByteBuffer.allocate(352 + 2 * 16 * 16).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0, 348).putShort(40, (short) 3).putShort(42, (short) 16).putShort(44, (short) 16)
                .putShort(46, (short) 2).putShort(70, (short) 2).putShort(72, (short) 8);
        for (int i = 0; i < 8; i++) {
            b.putFloat(76 + 4 * i, 1);
        }
        b.putFloat(108, 352).put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
        for (int i = 0; i < 2 * 256; i++) {
            b.put(352 + i, (byte) (i / 256 * 100 + i % 16));
        }
        Path file = folder.resolve("two.nii");
        Files.write(file, b.array());
        return file;
    }

    @Test
    void namesAreShownAndNeverPaths() {
        byte[] png = TestServer.png(TestServer.picture(16, 16));
        assertEquals("passwd", s.upload(png, "?name=..%2F..%2Fetc%2Fpasswd").get("name").asText());
        assertEquals("a\\u000Ab", s.upload(png, "?name=a%0Ab").get("name").asText());
        assertEquals("film", s.upload(png, "?name=..%5C").get("name").asText());
        assertEquals(400, s.send("POST", "/api/v1/films?name=" + "x".repeat(300), null, png).statusCode());
    }

    @Test
    void aDeletedFilmIsGone() {
        String film = s.film(TestServer.png(TestServer.picture(16, 16)));
        String mask = s.post(201, "/api/v1/films/" + film + "/masks", "{\"source\":\"all\"}").get("id").asText();
        HttpResponse<byte[]> r = s.send("DELETE", "/api/v1/films/" + film, null, null);
        assertEquals(204, r.statusCode());
        for (String p : new String[]{"/api/v1/films/" + film, "/api/v1/films/" + film + "/pixels",
                "/api/v1/masks/" + mask, "/api/v1/masks/" + mask + "/mask.png"}) {
            assertEquals(404, s.send("GET", p, null, null).statusCode(), p);
        }
        assertFalse(Files.exists(folder.resolve("films").resolve(film)));
    }

    @Test
    void headIsGetWithoutABody() {
        String film = s.film(TestServer.png(TestServer.picture(16, 16)));
        HttpResponse<byte[]> r = s.send("HEAD", "/api/v1/films/" + film + "/pixels", null, null);
        assertEquals(200, r.statusCode());
        assertEquals("512", r.headers().firstValue("Content-Length").orElseThrow());
        assertEquals(405, s.send("PUT", "/api/v1/films", null, null).statusCode());
        assertEquals("GET, POST",
                s.send("PUT", "/api/v1/films", null, null).headers().firstValue("Allow").orElseThrow());
    }
}
