package radedit.tools.hub;

import radedit.testkit.PublishedModel;
import radedit.testkit.FakeHub;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** The command as a process: alone, beside another one, and killed. */
class HubProcessesTest {
    private static final byte[] CONFIG = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WEIGHTS = FakeHub.bytes(5_000_000, 1);

    @TempDir
    Path temp;

    private final FakeHub hub = new FakeHub();
    private final Map<String, String> env = new HashMap<>();

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void publish() {
        env.put("HF_HOME", temp.resolve("hf").toString());
        env.put("HF_ENDPOINT", hub.endpoint());
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("config.json", CONFIG);
        files.put("w.safetensors", WEIGHTS);
        hub.publish("org/name", "main", files);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private Process start(String... args) throws IOException {
        List<String> line = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "radedit.cli.Main"));
        line.addAll(List.of(args));
        ProcessBuilder b = new ProcessBuilder(line).directory(temp.toFile())
                .redirectOutput(temp.resolve("out.log").toFile()).redirectError(temp.resolve("err.log").toFile());
        b.environment().keySet()
                .removeIf(k -> k.startsWith("HF_") || k.startsWith("RADEDIT_")
                        || k.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        b.environment().put("XDG_CACHE_HOME", temp.resolve("cache").toString());
        b.environment().putAll(env);
        return b.start();
    }

    private Outcome finish(Process p) throws IOException, InterruptedException {
        assertTrue(p.waitFor(120, TimeUnit.SECONDS), "ends");
        return new Outcome(p.exitValue(), Files.readString(temp.resolve("out.log")).strip(), Files
                .readString(temp.resolve("err.log")).replaceAll("WARNING: Using incubator modules.*\n", "").strip());
    }

    private Outcome run(String... args) throws IOException, InterruptedException {
        return finish(start(args));
    }

    /** Collects warnings. */
    private record Warnings(List<String> all) implements FetchListener {
        Warnings() {
            this(new CopyOnWriteArrayList<>());
        }

        @Override
        public void warning(String message) {
            all.add(message);
        }

        @Override
        public void progress(String what, long done, long total) {
            // not of interest here
        }
    }

    private Snapshot fetchHere(Warnings warnings) throws IOException {
        try (RepoFetch f = new RepoFetch(HubSettings.of(env).withPause(Duration.ofMillis(5)), warnings)) {
            return f.fetch(new RepoId("org/name"), "main", List.of());
        }
    }

    private Path partial() {
        return temp.resolve(
                "hf/hub/models--org--name/blobs/" + FakeHub.hash(WEIGHTS) + ".radedit.incomplete");
    }

    /** Waits until this much has come. */
    private void await(long bytes) throws IOException, InterruptedException {
        for (int i = 0; i < 3000 && !(Files.exists(partial()) && Files.size(partial()) >= bytes); i++) {
            Thread.sleep(10);
        }
        assertTrue(Files.size(partial()) >= bytes);
    }

    @Test
    void aKilledFetchGoesOnWhereItWas() throws Exception {
        hub.slowness = 50;
        Process p = start("weights", "fetch", "org/name", "--quiet");
        await(400_000);
        p.destroyForcibly().waitFor();
        long kept = Files.size(partial());
        assertTrue(kept < WEIGHTS.length);
        hub.slowness = 0;
        hub.calls.clear();
        Outcome o = run("weights", "fetch", "org/name", "w.safetensors", "--progress");
        assertEquals(0, o.code, o.err);
        assertEquals(List.of(Long.toString(kept)), hub.downloads());
        assertArrayEquals(WEIGHTS, Files.readAllBytes(Path.of(o.out)));
        assertTrue(o.err.contains("org/name kB " + kept / 1000 + "/5000")
                && o.err.contains("org/name kB 5000/5000"), o.err);
        assertFalse(Files.exists(partial()));
    }

    @Test
    void twoProcessesAtOnceFetchOnce() throws Exception {
        hub.slowness = 20;
        Process p = start("weights", "fetch", "org/name", "--json");
        await(200_000);
        Warnings heard = new Warnings();
        Snapshot s = fetchHere(heard);
        assertArrayEquals(WEIGHTS, Files.readAllBytes(s.path("w.safetensors")));
        assertTrue(heard.all().getFirst().contains("another process is at org/name, w.safetensors"),
                heard.all().toString());
        Outcome o = finish(p);
        assertEquals(0, o.code, o.err);
        JsonNode json = new ObjectMapper().readTree(o.out);
        assertEquals(s.folder().toString(), json.get("folder").asText());
        assertEquals(s.commit(), json.get("commit").asText());
        assertEquals(WEIGHTS.length, json.get("files").get(1).get("bytes").asInt());
        assertEquals(List.of("0"), hub.downloads());
    }

    @Test
    void aProcessThatWaitsTakesOverFromOneThatIsKilled() throws Exception {
        hub.slowness = 50;
        Process p = start("weights", "fetch", "org/name");
        await(400_000);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Warnings heard = new Warnings();
            Future<Snapshot> mine = threads.submit(() -> fetchHere(heard));
            for (int i = 0; i < 1000 && heard.all().isEmpty(); i++) {
                Thread.sleep(10);
            }
            hub.slowness = 0;
            p.destroyForcibly().waitFor();
            assertArrayEquals(WEIGHTS, Files.readAllBytes(mine.get(30, TimeUnit.SECONDS).path("w.safetensors")));
        }
        assertEquals(2, hub.downloads().size());
        assertTrue(Long.parseLong(hub.downloads().getLast()) >= 400_000);
    }

    @Test
    void severalThreadsAtOnceFetchOnce() throws Exception {
        hub.slowness = 1;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Snapshot> fetch = () -> fetchHere(new Warnings());
            for (Future<Snapshot> f : threads.invokeAll(List.of(fetch, fetch, fetch, fetch))) {
                assertArrayEquals(WEIGHTS, Files.readAllBytes(f.get().path("w.safetensors")));
                assertArrayEquals(CONFIG, Files.readAllBytes(f.get().path("config.json")));
            }
        }
        assertEquals(List.of("0"), hub.downloads());
    }

    @Test
    void exitCodesAndMessages() throws Exception {
        Outcome o = run("weights", "fetch", "org/other");
        assertEquals("4: radedit: org/other: does not exist, or is private: Repository not found\n"
                + "its page would be " + hub.endpoint()
                + "/org/other; set HF_TOKEN to a token of an account that may see it", o.code + ": " + o.err);
        hub.close();
        o = run("weights", "fetch", "org/name");
        assertEquals(1, o.code);
        assertTrue(o.err.lines().toList().getLast().startsWith("radedit: 127.0.0.1 cannot be reached ("), o.err);
    }

    @Test
    void theModelIsFetchedByItsNameAndUsed() throws Exception {
        PublishedModel.publish(hub, Fixtures.model(Size.TINY).toAbsolutePath(), true);
        Outcome o = run("weights", "fetch", "radedit");
        assertEquals("0: ", o.code + ": " + o.err);
        assertEquals(temp.resolve("cache/radedit/models/radedit").toString(), o.out);
        hub.close();
        Path inputs = TestData.reference("tiny/text_encoder.safetensors").toAbsolutePath();
        o = run("audit", "run", "text-encoder", "--inputs", inputs.toString(), "--outputs", "o.safetensors", "--model",
                "radedit", "--backend", "reference");
        assertEquals(0, o.code, o.err);
        assertTrue(Files.size(temp.resolve("o.safetensors")) > 0);
    }
}
