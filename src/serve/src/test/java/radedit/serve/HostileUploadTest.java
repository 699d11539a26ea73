package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.testdata.TestData;

/** Files and documents that were made to harm get an answer that says why they are refused, and leave nothing behind. */
class HostileUploadTest {
    @TempDir
    private static Path folder;
    private static TestServer s;
    private static String film;

    @BeforeAll
    static void start() throws IOException {
        s = new TestServer(folder);
        film = s.film(TestServer.png(TestServer.picture(32, 32)));
    }

    @AfterAll
    static void stop() throws IOException {
        try (var all = Files.list(folder.resolve("films"))) {
            assertEquals(List.of(film), all.map(p -> p.getFileName().toString()).toList(), "nothing is left behind");
        }
        assertEquals(List.of(), s.log);
        s.close();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(8).putInt(data.length).put(name).array());
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** A PNG that claims a size, of zeros. */
    private static byte[] png(int width, int height, long zeros) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[]{(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 0).array());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream z = new DeflaterOutputStream(packed)) {
            byte[] block = new byte[1 << 16];
            for (long n = zeros; n > 0; n -= block.length) {
                z.write(block, 0, (int) Math.min(n, block.length));
            }
        }
        chunk(out, "IDAT", packed.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static String refused(String path, byte[] body, int... statuses) {
        HttpResponse<byte[]> r = s.send("POST", path, "application/octet-stream", body);
        assertTrue(Arrays.stream(statuses).anyMatch(x -> x == r.statusCode()),
                () -> r.statusCode() + TestServer.text(r));
        String error = Json.parse(r.body()).get("error").asText();
        assertFalse(error.contains(folder.toString()) || error.contains(".part"), error);
        assertTrue(error.lines().count() <= 2 && !error.contains("Exception"), error);
        return error;
    }

    private static void everywhere(byte[] body, int... statuses) {
        refused("/api/v1/films", body, statuses);
        refused("/api/v1/films/" + film + "/masks", body, statuses);
        refused("/api/v1/reproduce", body, statuses);
    }

    @Test
    void hugeDimensions() throws IOException {
        everywhere(png(60000, 60000, 1000), 413, 422);
        everywhere(png(Integer.MAX_VALUE, Integer.MAX_VALUE, 1000), 413, 422);
        assertTrue(refused("/api/v1/films", png(2049, 2048, 2050L * 2048), 413).contains("more than the 4194304"));
    }

    @Test
    void bombs() throws IOException {
        byte[] bomb = png(16384, 16384, 16385L * 16384);
        assertTrue(bomb.length < 1 << 20);
        refused("/api/v1/films", bomb, 413);
        refused("/api/v1/films/" + film + "/masks", bomb, 413);
        // a small picture with endless data behind it
        HttpResponse<byte[]> r = s.send("POST", "/api/v1/films", null, png(16, 16, 200_000_000));
        if (r.statusCode() == 201) {
            s.send("DELETE", "/api/v1/films/" + Json.parse(r.body()).get("id").asText(), null, null);
        } else {
            assertEquals(422, r.statusCode());
        }
    }

    @Test
    void truncatedAndDamagedFiles() throws IOException {
        byte[] png = TestServer.png(TestServer.picture(64, 64));
        byte[] dicom = Files.readAllBytes(TestData.resource("/cxr/Fake_MONOHR1.dcm"));
        for (byte[] whole : List.of(png, dicom)) {
            everywhere(Arrays.copyOf(whole, whole.length / 2), 422);
            everywhere(Arrays.copyOf(whole, 140), 422);
            everywhere(Arrays.copyOf(whole, 5), 422);
        }
        Random random = new Random(1);
        for (int k = 0; k < 30; k++) {
            byte[] noise = new byte[random.nextInt(2000) + 1];
            random.nextBytes(noise);
            refused("/api/v1/films", noise, 422);
            byte[] damaged = dicom.clone();
            for (int i = 0; i < 20; i++) {
                damaged[random.nextInt(2000)] = (byte) random.nextInt();
            }
            HttpResponse<byte[]> r = s.send("POST", "/api/v1/films", null, damaged);
            if (r.statusCode() == 201) {
                s.send("DELETE", "/api/v1/films/" + Json.parse(r.body()).get("id").asText(), null, null);
            } else {
                assertTrue(r.statusCode() == 422 || r.statusCode() == 413, () -> TestServer.text(r));
            }
        }
        everywhere(new byte[0], 400);
    }

    @Test
    void headersThatNameOtherFiles() {
        for (String name : List.of("/etc/passwd", "../../../../etc/passwd", "film.raw", "film", "LIST",
                "film%d.raw 1 2 1")) {
            String error = refused("/api/v1/films",
                    ("ObjectType = Image\nNDims = 2\nDimSize = 8 8\nElementType = MET_UCHAR\n"
                            + "ElementDataFile = " + name + "\n").getBytes(),
                    422);
            assertFalse(error.contains("root:"), error);
            refused("/api/v1/films",
                    ("NRRD0004\ntype: uchar\ndimension: 2\nsizes: 8 8\nencoding: raw\ndata file: " + name
                            + "\n\n").getBytes(),
                    422);
        }
    }

    @Test
    void bodiesThatAreTooLong() {
        byte[] long1 = new byte[(int) TestServer.LIMITS.uploadBytes() + 1];
        assertEquals(413, s.send("POST", "/api/v1/films", null, long1).statusCode());
        assertEquals(413, s.send("POST", "/api/v1/reproduce", null, long1).statusCode());
        assertEquals(413, s.send("PUT", "/api/v1/films/" + film + "/drafts/edit", "image/png", long1).statusCode());
        byte[] json = ("{\"film\":\"" + "x".repeat((int) Services.DOCUMENT) + "\"}").getBytes();
        assertEquals(413, s.send("POST", "/api/v1/edits", "application/json", json).statusCode());
    }

    /** A length that is not that of the body: the connection is closed, and nothing is kept. */
    @Test
    void wrongLengths() throws IOException {
        String head = "POST /api/v1/films HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ";
        assertTrue(GuardTest.raw(s, head + "99999999999999\r\n\r\nshort").startsWith("HTTP/1.1 413"));
        assertTrue(GuardTest.raw(s, head + "-5\r\n\r\nshort").startsWith("HTTP/1.1 4"));
        assertTrue(GuardTest.raw(s, head + "x\r\n\r\nshort").startsWith("HTTP/1.1 4"));
        try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(),
                s.server.address().getPort())) {
            socket.getOutputStream().write((head + "5000\r\n\r\nshort").getBytes());
            socket.getOutputStream().flush();
        }
        assertEquals(200, s.send("GET", "/api/v1/about", null, null).statusCode());
    }

    @Test
    void documentsThatAreNoRequests() {
        for (String json : List.of("", "x", "[]", "\"x\"", "1", "null", "{", "{\"film\":1}{}",
                "{\"steps\":1,\"steps\":2}",
                "[".repeat(100_000), "{\"a\":".repeat(1000), "{\"seed\":" + "9".repeat(1000) + "}",
                "{\"seed\":1e999999999}")) {
            for (String path : List.of("/api/v1/edits", "/api/v1/generations", "/api/v1/scores", "/api/v1/commands",
                    "/api/v1/films/" + film + "/cells", "/sdapi/v1/img2img", "/api/v1/session")) {
                int status = s.post(path, json).statusCode();
                assertTrue(status == 400 || status == 422 || status == 413, path + " " + status + " "
                        + json.substring(0, Math.min(40, json.length())));
            }
        }
        assertEquals(415, s.send("POST", "/api/v1/edits", "text/plain", "{}".getBytes()).statusCode());
    }

    @Test
    void settingsOfStrangers() throws IOException {
        for (String settings : List.of("{}", "[]", "[1]", "{\"prompts\":[]}",
                "{\"prompts\":[{}],\"weights\":3,\"inputs\":7}",
                "{\"prompts\":[\"x\"],\"inputs\":{\"film\":{\"sha256\":7},\"edit_mask\":[{\"source\":\"/etc/passwd\"},3]}}",
                "{\"prompt\":{}}", "{\"prompt\":\"x\",\"images\":\"many\"}")) {
            HttpResponse<byte[]> r = s.send("POST", "/api/v1/reproduce", "image/png",
                    TestServer.withSettings(settings));
            assertEquals(200, r.statusCode(), () -> settings + TestServer.text(r));
            assertFalse(TestServer.text(r).contains("root:"));
            assertTrue(Json.parse(r.body()).at("/request/edit_mask").isMissingNode());
        }
    }
}
