package radedit.tools.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, patterns and settings with the rules of huggingface_hub. */
class HubNamesTest {
    @TempDir
    Path temp;

    /** Expected values are those of Python's fnmatch.fnmatchcase. */
    @ParameterizedTest
    @CsvSource({"*.json, a/b.json, true", "*.json, a.jsonl, false", "a?c, abc, true", "a?c, ac, false",
            "[ab]x, bx, true", "[!ab]x, bx, false", "[!ab]x, cx, true", "[a-c]x, bx, true", "[]x]y, ]y, true",
            "[x, [x, true", "a[b, a[b, true", "**.bin, x/y.bin, true", "'', a, false", "unet/, unet/a/b, true",
            "unet/, unet, false", "a.b, axb, false", "A*, abc, false", "[a&&b]x, &x, true", "[\\d]x, 1x, false",
            "[^a]x, ^x, true", "[^a]x, bx, false", "(a|b), (a|b), true", "a+, a+, true", "[!, [!, true"})
    void globs(String glob, String name, boolean matches) {
        assertEquals(matches, new Glob(glob).matches(name));
    }

    @Test
    void exactNames() {
        assertEquals("a/b.json", new Glob("a/b.json").exact());
        for (String g : List.of("a/", "*.json", "a?", "[a]")) {
            assertEquals(null, new Glob(g).exact());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"org/name", "microsoft/BiomedVLP-BioViL-T", "a/b.c_d-e", "0/1"})
    void repositories(String name) {
        assertEquals("models--" + name.replace("/", "--"), new RepoId(name).folder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/a", "a/", "a/b/c", "../x", "a/..", "a/b--c", "a--b/c", "-a/b", "a/.b", "a/b.git",
            "a /b", "a/b\n", "a/b.", "ä/b"})
    void noRepositories(String name) {
        assertThrows(IllegalArgumentException.class, () -> new RepoId(name));
    }

    @Test
    void revisions() {
        for (String good : List.of("main", "v1.0", "refs/pr/1", "0".repeat(40), "release+2", "a_b")) {
            assertTrue(Names.isRevision(good), good);
        }
        for (String bad : List.of("", "..", "a/../b", "/a", "a/", "a b", "-x", "a..b", "x.lock", "a\\b",
                "a".repeat(300))) {
            assertFalse(Names.isRevision(bad), bad);
        }
    }

    @Test
    void messagesHoldNothingForTheTerminal() {
        assertEquals("a [31mb c d", Names.clean("a\u001b[31mb\r\nc\u202ed "));
        assertEquals(300, Names.clean("x".repeat(5000)).length());
    }

    private static HubSettings of(String... pairs) throws IOException {
        Map<String, String> env = new java.util.HashMap<>(Map.of("HOME", "/home/u"));
        for (int i = 0; i < pairs.length; i += 2) {
            env.put(pairs[i], pairs[i + 1]);
        }
        return HubSettings.of(env);
    }

    @Test
    void whereTheCacheIs() throws IOException {
        assertEquals(Path.of("/home/u/.cache/huggingface/hub"), of().cache());
        assertEquals(Path.of("/x/huggingface/hub"), of("XDG_CACHE_HOME", "/x").cache());
        assertEquals(Path.of("/h/hub"), of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h").cache());
        assertEquals(Path.of("/old"), of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old").cache());
        assertEquals(Path.of("/c"), of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/c").cache());
        assertEquals(Path.of("/home/u/hf/hub"), of("HF_HOME", "~/hf").cache());
        assertEquals(Path.of("/home/u/d/$NO/hub"), of("HF_HOME", "${HOME}/d/$NO").cache());
        assertEquals(Path.of("/home/u/.cache/huggingface/hub"), of("HF_HOME", "", "HF_HUB_CACHE", "").cache());
    }

    @Test
    void otherSettings() throws IOException {
        assertEquals(URI.create("https://huggingface.co"), of().endpoint());
        assertEquals(URI.create("http://m:81/hf"), of("HF_ENDPOINT", "http://m:81/hf/").endpoint());
        assertEquals(URI.create("https://n"), of("HF_ENDPOINT", "http://m").withEndpoint("https://n/").endpoint());
        for (String bad : List.of("m", "ftp://m", "https://", "https://u:p@m", "https://m?x=1", "https://m m")) {
            assertThrows(IllegalArgumentException.class, () -> of("HF_ENDPOINT", bad), bad);
        }
        assertFalse(of("HF_HUB_OFFLINE", "0").offline());
        assertTrue(of("HF_HUB_OFFLINE", "True").offline() && of("TRANSFORMERS_OFFLINE", "1").offline());
        assertEquals(Duration.ofSeconds(30), of().readTimeout());
        assertEquals(Duration.ofSeconds(7), of("HF_HUB_DOWNLOAD_TIMEOUT", "7").readTimeout());
        assertThrows(IllegalArgumentException.class, () -> of("HF_HUB_DOWNLOAD_TIMEOUT", "soon"));
    }

    @Test
    void tokens() throws IOException {
        assertEquals(Optional.empty(), of("HF_HOME", temp.toString()).token());
        Files.writeString(temp.resolve("token"), "hf_file\n");
        assertEquals("hf_file", of("HF_HOME", temp.toString()).token().get());
        assertEquals("hf_old", of("HF_HOME", temp.toString(), "HUGGING_FACE_HUB_TOKEN", "hf_old").token().get());
        assertEquals("hf_new", of("HUGGING_FACE_HUB_TOKEN", "hf_old", "HF_TOKEN", " hf_new\n").token().get());
        assertEquals("hf_file", of("HF_TOKEN_PATH", temp.resolve("token").toString()).token().get());
        assertEquals(Optional.empty(),
                of("HF_HOME", temp.toString(), "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> of("HF_TOKEN", "hf secret"));
        assertFalse(e.getMessage().contains("secret"));
        assertFalse(of("HF_TOKEN", "hf_secret").toString().contains("secret"));
    }

    @Test
    @SuppressWarnings("ObjectToString") // a record would show them
    void proxies() throws IOException {
        HubSettings s = of("HTTPS_PROXY", "http://p:3128", "no_proxy", "localhost, .intern.org,10.0.0.1");
        assertEquals("p:3128", proxy(s, "https://huggingface.co/x"));
        assertEquals("direct", proxy(s, "http://huggingface.co/x"));
        assertEquals("direct", proxy(s, "https://hub.intern.org/x"));
        assertEquals("direct", proxy(s, "https://INTERN.org/x"));
        assertEquals("p:3128", proxy(s, "https://notintern.org/x"));
        assertEquals("direct", proxy(s, "https://10.0.0.1:8443/x"));
        assertEquals("q:80", proxy(of("all_proxy", "q"), "http://a/"));
        assertEquals("direct", proxy(of("all_proxy", "q", "NO_PROXY", "*"), "http://a/"));
        HubSettings own = of("https_proxy", "http://me:secret@p:1");
        assertEquals("p:1", proxy(own, "https://a/"));
        assertFalse(own.toString().contains("secret") || own.network().toString().contains("secret"));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> of("https_proxy", "ftp://me:secret@p:1"));
        assertTrue(e.getMessage().startsWith("HTTPS_PROXY names no usable proxy") && !e.getMessage().contains("secret"),
                e.getMessage());
    }

    private static String proxy(HubSettings s, String address) {
        return s.network().describeProxy(URI.create(address)).map(p -> p.replace("the proxy ", "")).orElse("direct");
    }

    @Test
    void weightsAreChosenFromTheListing() {
        List<String> vae = List.of("README.md", "config.json", "diffusion_pytorch_model.bin",
                "diffusion_pytorch_model.safetensors", "sdxl_vae.safetensors");
        assertEquals("[diffusion_pytorch_model.safetensors] false", choose(vae, "", "diffusion_pytorch_model"));
        List<String> text = List.of("biovil_t_image_model_proj_size_128.pt", "config.json", "pytorch_model.bin",
                "tf_model.h5");
        assertEquals("[pytorch_model.bin] true", choose(text, "", "model"));
        assertEquals("[biovil_t_image_model_proj_size_128.pt] true",
                WeightFiles.imageEncoder(text).map(w -> w.files() + " " + w.pickle()).orElse(""));
        List<String> shards = List.of("unet/d-00001-of-00002.safetensors", "unet/d-00002-of-00002.safetensors",
                "unet/d.safetensors.index.json", "unet/d.fp16.safetensors", "unet/deeper/d.safetensors",
                "d.safetensors");
        assertEquals("[unet/d.safetensors.index.json, unet/d-00001-of-00002.safetensors,"
                + " unet/d-00002-of-00002.safetensors] false", choose(shards, "unet/", "d"));
        assertEquals("[unet/d.fp16.safetensors] false", choose(shards.subList(3, 6), "unet/", "d"));
        assertEquals("[other.safetensors] false",
                choose(List.of("other.safetensors", "pytorch_model.bin"), "", "model"));
        assertEquals("[x.pt] true", choose(List.of("x.pt", "a.safetensors", "b.safetensors"), "", "model"));
        assertEquals("none", choose(List.of("x.pt", "y.pt"), "", "model"));
    }

    private static String choose(List<String> names, String folder, String stem) {
        return WeightFiles.among(names, folder, stem).map(w -> w.files() + " " + w.pickle()).orElse("none");
    }
}
