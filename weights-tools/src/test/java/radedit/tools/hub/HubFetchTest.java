package radedit.tools.hub;

import radedit.testkit.FakeHub;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.weights.WeightsException;

/** The cache after a fetch, and fetches with existing caches. */
class HubFetchTest {
    static final RepoId REPO = new RepoId("org/name");
    private static final byte[] CONFIG = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WEIGHTS = FakeHub.bytes(200_000, 1);
    private static final byte[] VOCABULARY = FakeHub.bytes(500, 2);

    @TempDir
    Path home;

    private final FakeHub hub = new FakeHub();
    private final Heard heard = new Heard();
    private final Map<String, String> env = new HashMap<>();

    @AfterEach
    void close() {
        hub.close();
    }

    private HubSettings settings() throws IOException {
        env.putIfAbsent("HF_HOME", home.toString());
        env.putIfAbsent("HF_ENDPOINT", hub.endpoint());
        return HubSettings.of(env).withPause(Duration.ofMillis(5));
    }

    private Snapshot fetch(String revision, String... patterns) throws IOException {
        try (RepoFetch f = new RepoFetch(settings(), heard)) {
            return f.fetch(REPO, revision, List.of(patterns));
        }
    }

    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("config.json", CONFIG);
        files.put("unet/model ü+1.safetensors", WEIGHTS);
        files.put("vocab.txt", VOCABULARY);
        files.put("empty", new byte[0]);
        return files;
    }

    private Set<String> everything() throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(Files::isRegularFile).map(p -> home.relativize(p).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void theLayoutIsThatOfHuggingfaceHub() throws IOException {
        String commit = hub.publish("org/name", "main", files());
        Snapshot s = fetch("main");
        Path repo = home.resolve("hub/models--org--name");
        assertEquals(repo.resolve("snapshots").resolve(commit), s.folder());
        assertEquals(commit, Files.readString(repo.resolve("refs/main")));
        Set<String> expected = new TreeSet<>(
                Set.of("hub/CACHEDIR.TAG", "hub/models--org--name/trees/" + commit + ".json",
                        "hub/models--org--name/refs/main"));
        for (Map.Entry<String, byte[]> f : files().entrySet()) {
            String hash = FakeHub.hash(f.getValue());
            Path pointer = s.path(f.getKey());
            assertArrayEquals(f.getValue(), Files.readAllBytes(pointer));
            assertEquals(Path.of(f.getKey().contains("/") ? "../../../blobs" : "../../blobs").resolve(hash),
                    Files.readSymbolicLink(pointer));
            expected.addAll(List.of("hub/models--org--name/blobs/" + hash,
                    "hub/models--org--name/snapshots/" + commit + "/" + f.getKey(),
                    "hub/.locks/models--org--name/" + hash + ".lock"));
        }
        assertEquals(expected, everything());
        assertEquals(List.of(), heard.warnings);
        assertEquals(4, s.fetched());
        assertEquals(heard.lastTotal, heard.lastDone);
        assertTrue(heard.lastTotal > WEIGHTS.length);

        JsonNode tree = new ObjectMapper().readTree(repo.resolve("trees").resolve(commit + ".json").toFile());
        assertEquals(1, tree.path("format_version").asInt());
        JsonNode w = tree.path("files").path("unet/model ü+1.safetensors");
        assertEquals(FakeHub.hash(WEIGHTS), w.path("lfs_sha256").asText());
        assertEquals(WEIGHTS.length, w.path("size").asInt());

        hub.calls.clear();
        assertEquals(0, fetch("main").fetched());
        assertEquals(1, hub.calls.size(), "a branch is looked up, nothing else: " + hub.calls);
    }

    @Test
    void theTokenGoesToTheHubOnly() throws IOException {
        env.put("HF_TOKEN", "hf_secret");
        hub.publish("org/name", "main", files());
        fetch("main");
        assertTrue(hub.calls.stream().anyMatch(FakeHub.Call::cdn), "the other host was asked");
        for (FakeHub.Call c : hub.calls) {
            assertEquals(c.cdn() ? null : "Bearer hf_secret", c.header("authorization"), c.toString());
        }
        assertTrue(hub.calls.stream().anyMatch(c -> c.path().startsWith("/api/resolve-cache")),
                "redirects on the hub keep it");
    }

    @Test
    void theTokenStaysHereWhenTheHubRedirectsItsListing() throws IOException {
        env.put("HF_TOKEN", "hf_secret");
        String commit = hub.publish("org/name", "main", files());
        try (FakeHub other = new FakeHub()) {
            other.publish("org/name", "main", files());
            hub.fault = (e, c) -> {
                FakeHub.redirect(e, 308, other.endpoint() + e.getRequestURI().getRawPath());
                return true;
            };
            assertEquals(commit, fetch("main").commit(), "a mirror may send us to the hub");
            assertFalse(other.calls.isEmpty());
            other.calls.forEach(c -> assertNull(c.header("authorization"), c.toString()));
        }
    }

    @Test
    void somePatterns() throws IOException {
        String commit = hub.publish("org/name", "v1.0", files());
        assertEquals(List.of("config.json"), fetch("v1.0", "*.json").files());
        assertEquals(List.of("unet/model ü+1.safetensors"), fetch("v1.0", "unet/").files());
        assertEquals(List.of("vocab.txt", "config.json"), fetch("v1.0", "vocab.txt", "[bc]onfig*").files());
        assertFalse(Files.exists(home.resolve("hub/models--org--name/trees/" + commit + ".json")),
                "Python takes this file as a promise that nothing is missing");
        WeightsException e = assertThrows(WeightsException.class, () -> fetch("v1.0", "nothing*"));
        assertTrue(e.getMessage().startsWith("org/name: has no file 'nothing*'\nit has config.json, "), e.getMessage());
    }

    @Test
    void aCommitThatIsHereIsNotAskedFor() throws IOException {
        String commit = hub.publish("org/name", "main", files());
        fetch("main", "*.json", "vocab.txt");
        hub.calls.clear();
        assertEquals(0, fetch(commit, "config.json").fetched());
        assertEquals(0, fetch(commit, "*.json", "v*").fetched());
        assertEquals(List.of(), hub.calls);
        assertEquals(2, fetch(commit).fetched(), "the rest is");
        hub.calls.clear();
        assertEquals(4, fetch(commit).files().size());
        assertEquals(List.of(), hub.calls);
    }

    @Test
    void offline() throws IOException {
        String commit = hub.publish("org/name", "main", files());
        env.put("HF_HUB_OFFLINE", "yes");
        WeightsException e = assertThrows(WeightsException.class, () -> fetch("main"));
        assertTrue(
                e.getMessage().contains("HF_HUB_OFFLINE") && e.getMessage().contains("unset it, or copy that folder"),
                e.getMessage());
        env.remove("HF_HUB_OFFLINE");
        fetch("main", "config.json");
        hub.calls.clear();
        env.put("HF_HUB_OFFLINE", "1");
        assertEquals(commit, fetch("main", "*.json").commit());
        assertThrows(WeightsException.class, () -> fetch("main", "vocab.txt"));
        assertThrows(WeightsException.class, () -> fetch("main"), "the list of files is known, and some are missing");
        assertEquals(List.of(), hub.calls);
    }

    @Test
    void whenTheNetworkIsDownTheCacheServes() throws IOException {
        String commit = hub.publish("org/name", "main", files());
        fetch("main");
        hub.close();
        heard.warnings.clear();
        assertEquals(commit, fetch("main").commit());
        assertTrue(heard.warnings.getLast().contains("cannot be reached")
                && heard.warnings.getLast().contains("using what the cache has"), heard.warnings.toString());
        String refused = assertThrows(HubException.class, () -> fetch("other")).getMessage();
        assertTrue(refused.contains("cannot be reached") && refused.contains("endpoint names a mirror"), refused);
    }

    @Test
    void aNewCommitSharesWhatHasNotChanged() throws IOException {
        String first = hub.publish("org/name", "main", files());
        fetch("main");
        Map<String, byte[]> changed = files();
        changed.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
        String second = hub.publish("org/name", "main", changed);
        hub.calls.clear();
        Snapshot s = fetch("main");
        assertEquals(second, s.commit());
        assertEquals("{}", Files.readString(s.path("config.json")));
        assertEquals(List.of(), hub.downloads(), "the large file is here already");
        assertEquals(second, Files.readString(home.resolve("hub/models--org--name/refs/main")));
        assertTrue(Files.exists(home.resolve("hub/models--org--name/snapshots").resolve(first).resolve("config.json")));
    }

    @Test
    void aCacheThatPythonMadeIsUsedAsItIs() throws IOException {
        String commit = hub.publish("org/name", "main", files());
        Path repo = home.resolve("hub/models--org--name");
        Path snapshot = Files.createDirectories(repo.resolve("snapshots").resolve(commit).resolve("unet")).getParent();
        Files.createDirectories(repo.resolve("blobs"));
        Files.createDirectories(repo.resolve("refs"));
        Files.writeString(repo.resolve("refs/main"), commit);
        for (Map.Entry<String, byte[]> f : files().entrySet()) {
            if (!f.getKey().equals("vocab.txt")) {
                Path blob = Files.write(repo.resolve("blobs").resolve(FakeHub.hash(f.getValue())), f.getValue());
                Path at = snapshot.resolve(f.getKey());
                // Python copies files where it cannot link.
                if (f.getKey().equals("config.json")) {
                    Files.move(blob, at);
                } else {
                    Files.createSymbolicLink(at, at.getParent().relativize(blob));
                }
            }
        }
        FileTime before = Files.getLastModifiedTime(snapshot.resolve("unet/model ü+1.safetensors"));
        env.put("HF_HUB_OFFLINE", "1");
        assertEquals(3, fetch("main").files().size(), "what is here, with a warning");
        assertTrue(heard.warnings.getLast().contains("does not know all files"), heard.warnings.toString());
        env.remove("HF_HUB_OFFLINE");
        assertEquals(1, fetch("main").fetched());
        assertEquals(List.of(), hub.downloads());
        assertEquals(before, Files.getLastModifiedTime(snapshot.resolve("unet/model ü+1.safetensors")));
        assertFalse(Files.isSymbolicLink(snapshot.resolve("config.json")));
    }

    @Test
    void whatAnOldPythonLeftUnfinishedIsFinished() throws IOException {
        hub.publish("org/name", "main", files());
        Path blobs = Files.createDirectories(home.resolve("hub/models--org--name/blobs"));
        Path left = blobs.resolve(FakeHub.hash(WEIGHTS) + ".incomplete");
        Files.write(left, java.util.Arrays.copyOf(WEIGHTS, 150_000));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Snapshot s = fetch("main");
        assertEquals(List.of("150000"), hub.downloads());
        assertArrayEquals(WEIGHTS, Files.readAllBytes(s.path("unet/model ü+1.safetensors")));
        assertFalse(Files.exists(left));
    }

    @Test
    void aBlobThatWasCutShortIsFetchedAgain() throws IOException {
        hub.publish("org/name", "main", files());
        Snapshot s = fetch("main");
        Path file = s.path("unet/model ü+1.safetensors");
        Files.write(file.toRealPath(), java.util.Arrays.copyOf(WEIGHTS, 1000));
        assertEquals(1, fetch("main").fetched());
        assertArrayEquals(WEIGHTS, Files.readAllBytes(file));
        assertTrue(heard.warnings.getFirst().contains("has 1000 bytes instead of 200000"), heard.warnings.toString());
    }

    @Test
    void filesOfTheirOwnWhereLinksAreForbidden() throws IOException {
        env.put("HF_HUB_DISABLE_SYMLINKS", "1");
        hub.publish("org/name", "main", files());
        Snapshot s = fetch("main");
        for (Map.Entry<String, byte[]> f : files().entrySet()) {
            assertFalse(Files.isSymbolicLink(s.path(f.getKey())));
            assertArrayEquals(f.getValue(), Files.readAllBytes(s.path(f.getKey())));
        }
        assertEquals(0, fetch("main").fetched());
    }

    @Test
    void aMirrorThatTellsNamesOnly() throws IOException {
        hub.blobs = false;
        String commit = hub.publish("org/name", "main", files());
        assertEquals(4, fetch("main").fetched());
        assertFalse(Files.exists(home.resolve("hub/models--org--name/trees/" + commit + ".json")));
        hub.calls.clear();
        assertEquals(0, fetch(commit).fetched());
        assertEquals(List.of(), hub.calls);
    }

    @Test
    void branchesMayHaveSlashes() throws IOException {
        String commit = hub.publish("org/name", "refs/pr/1", files());
        assertEquals(commit, fetch("refs/pr/1", "config.json").commit());
        assertEquals(commit, Files.readString(home.resolve("hub/models--org--name/refs/refs/pr/1")));
        assertThrows(IllegalArgumentException.class, () -> fetch("../../x"));
    }
}
