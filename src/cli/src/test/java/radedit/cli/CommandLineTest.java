package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.imaging.Picture;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** The contract of the command line: options, outputs, messages, exit codes. */
class CommandLineTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final Path FILM = TestData.reference("tiny/edit_image.png");
    private static final Path EDIT = TestData.reference("tiny/edit_edit_mask.png");
    private static final Path KEEP = TestData.reference("tiny/edit_keep_mask.png");

    @TempDir
    Path temp;

    @BeforeAll
    static void noScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    private Outcome generate(Object... more) {
        return run(Outcome.line(List.of("generate", "--model", MODEL, "--steps", 2), more));
    }

    private Outcome edit(Object... more) {
        return run(Outcome.line(List.of("edit", "--model", MODEL, "--steps", 4, "--image", FILM), more));
    }

    private static Object[] join(Object[] a, Object[] b) {
        return Stream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    /** Checks for a refusal with this code, in one or two lines that contain these words, without output files. */
    private void assertRefused(int code, Outcome o, String... words) throws IOException {
        assertEquals(code, o.code(), o.err());
        assertEquals("", o.out());
        List<String> lines = o.err().lines().toList();
        assertTrue(lines.size() <= 2 && lines.getFirst().startsWith("radedit: "), o.err());
        for (String w : words) {
            assertTrue(o.err().contains(w), "'" + w + "' in: " + o.err());
        }
        assertFalse(o.err().contains("Exception"), o.err());
        try (Stream<Path> left = Files.list(temp)) {
            assertEquals(List.of(), left.filter(p -> p.toString().endsWith(".part")).toList());
        }
    }

    @Test
    void generateWritesAGreyPngThatSaysHowItWasMade() throws IOException {
        Path png = temp.resolve("x.png");
        Outcome o = generate("-o", png, "--seed", 5, "Cardiomegaly \u00e9");
        assertEquals(0, o.code(), o.err());
        assertEquals(png + "\n", o.out());
        Picture p = Images.read(png);
        assertEquals("128 x 128 x 1", p.width() + " x " + p.height() + " x " + p.channels());
        String raw = Files.readString(png, StandardCharsets.ISO_8859_1);
        String json = raw.substring(raw.indexOf("tEXtradedit\0") + 12);
        JsonNode settings = new ObjectMapper()
                .readTree(json.substring(0, json.indexOf("}}") < 0 ? 0 : json.lastIndexOf('}') + 1));
        assertEquals("Cardiomegaly \u00e9", settings.get("prompt").asText());
        assertEquals(5, settings.get("seed").asInt());
        assertEquals(2, settings.get("steps").asInt());
        assertEquals(64, settings.get("model").get("sha256").get("unet").asText().length());
        assertTrue(settings.get("notice").asText().contains("not for clinical use"));
    }

    /** Strips of the VAE change nothing visible, and are recorded in the settings. */
    @Test
    void theVaeWorksInStrips() throws IOException {
        Path whole = temp.resolve("whole.safetensors");
        Path strips = temp.resolve("strips.safetensors");
        assertEquals(0, generate("-o", whole, "a").code());
        Outcome o = generate("-o", strips, "a", "--vae-tile", 24, "--progress", "--json");
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("memory  "), o.err());
        assertEquals(24, new ObjectMapper().readTree(o.out()).get("images").get(0).get("vae_tile").asInt());
        double[] a = Fixtures.tensors(whole).get("image").data();
        double[] b = Fixtures.tensors(strips).get("image").data();
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - b[i]));
        }
        System.out.printf("--vae-tile 24 differs by at most %.5f grey levels%n", 255 * worst);
        assertTrue(255 * worst < 0.01);
        assertRefused(2, generate("-o", whole, "a", "--vae-tile", 0), "--vae-tile");
        assertRefused(2, generate("-o", whole, "a", "--fast-math"), "--fast-math", "tornado");
    }

    @Test
    void severalPicturesAreNumbered() throws IOException {
        Path json = temp.resolve("n.png");
        Outcome o = generate("-o", json, "--count", 2, "a", "b", "--json", "--rgb");
        assertEquals(0, o.code(), o.err());
        JsonNode document = new ObjectMapper().readTree(o.out());
        assertEquals(4, document.get("outputs").size());
        assertEquals("b", document.get("images").get(2).get("prompt").asText());
        for (int k = 1; k <= 4; k++) {
            assertEquals(3, Images.read(temp.resolve("n-" + k + ".png")).channels());
        }
        Path folder = Files.createDirectory(temp.resolve("folder"));
        assertEquals(0, generate("-o", folder, "--count", 2, "a").code());
        assertTrue(Files.exists(folder.resolve("radedit-1.png")) && Files.exists(folder.resolve("radedit-2.png")));
    }

    @Test
    void tensorsInAndOut() {
        Path image = temp.resolve("i.safetensors");
        Path latent = temp.resolve("l.safetensors");
        Path noise = temp.resolve("noise.safetensors");
        Tensor given = Fixtures.random(Shape.of(2, 4, 16, 16), 1);
        write(noise, Map.of("in.noise", given));
        assertEquals(0, generate("-o", image, "--latents", latent, "--noise", noise, "a", "b").code());
        assertEquals(Shape.of(2, 3, 128, 128), Fixtures.tensors(image).get("image").shape());
        assertEquals(Shape.of(2, 4, 16, 16), Fixtures.tensors(latent).get("latent").shape());
    }

    @Test
    void seedPerImageGivesEachPictureTheNumbersOfItsOwnSeed() {
        Path two = temp.resolve("2.safetensors");
        Path one = temp.resolve("1.safetensors");
        assertEquals(0, generate("-o", two, "--count", 2, "--seed", 6, "--seed-per-image", "a").code());
        assertEquals(0, generate("-o", one, "--seed", 7, "a").code());
        double[] both = Fixtures.tensors(two).get("image").data();
        assertEquals(Arrays.hashCode(Fixtures.tensors(one).get("image").data()),
                Arrays.hashCode(Arrays.copyOfRange(both, both.length / 2, both.length)));
    }

    @Test
    void editSaysWhatItDidToTheMasks() throws IOException {
        Path small = mask(32, 32, (x, y) -> x > 8);
        Path out = temp.resolve("e.png");
        Outcome o = edit("--edit-mask", small, "--keep-mask", KEEP, "--prompt", "effusion", "-o", out);
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("warning: the edit mask has 32 x 32 pixels, the film 128 x 128"), o.err());
        assertTrue(o.err().contains("overlap") && o.err().contains("keep wins"), o.err());
        Outcome released = edit("--edit-mask", EDIT, "--keep-mask", KEEP, "--prompt", "a", "--mode", "released", "-o",
                out);
        assertTrue(released.code() == 0 && released.err().contains("ignores the keep mask"), released.err());
        Outcome quiet = edit("--edit-mask", small, "--prompt", "a", "-o", out, "--quiet");
        assertEquals(new Outcome(0, "", ""), quiet);
    }

    @Test
    void aPromptThatIsTooLongIsCutAndSaidSo() {
        Outcome o = generate("-o", temp.resolve("x.png"), "effusion ".repeat(200));
        assertEquals(0, o.code());
        assertTrue(o.err().contains("74 tokens too long"), o.err());
    }

    @Test
    void progressGoesToStderrWhenAsked() {
        Outcome o = generate("-o", temp.resolve("x.png"), "a", "--progress");
        assertTrue(o.err().contains("denoising  2/2") && o.err().contains("decoding   1/1"), o.err());
    }

    @Test
    void wrongUsage() throws IOException {
        Path film = Files.copy(FILM, temp.resolve("film.png"));
        assertRefused(Exit.USAGE, run("score", "--model", MODEL, "--image", film, "--text", "a", "--map", film),
                "film.png: is an input");
        assertRefused(Exit.USAGE, edit("--image", film, "--edit-mask", EDIT, "--prompt", "a", "-o", film),
                "film.png: is an input");
        assertRefused(Exit.USAGE, generate("a", "-o", temp.resolve("x.png"), "--latents", temp.resolve("x.png")),
                "another output");
        assertEquals(-1, Files.mismatch(FILM, film));
        assertRefused(Exit.WEIGHTS, generate("a", "-o", temp.resolve("x.png"), "--scheduler", temp.resolve("none")),
                "none: no such folder");
        assertRefused(Exit.USAGE, run("bench", "--model", MODEL, "--size", "7", "--json"), "multiple of 8");
        assertRefused(Exit.USAGE, generate("a", "-o", temp.resolve("x.png"), "--count", "1000000000"),
                "--count must be from 1 to 4096");
        Path out = temp.resolve("x.png");
        assertRefused(2, run("generate"), "--help");
        assertRefused(2, run("nonsense"), "nonsense");
        assertRefused(2, generate("-o", out, "a", "--steps", "many"), "--steps");
        assertRefused(2, generate("-o", out, "a", "--steps", "0"), "--steps must be from 1 to 1000");
        assertRefused(2, generate("-o", out, "a", "--steps", "1001"), "--steps must be from 1 to 1000");
        assertRefused(2, generate("-o", out, "a", "--size", "100"), "multiple of 8");
        assertRefused(2, generate("-o", out, "a", "--count", "0"), "count");
        assertRefused(2, generate("-o", out, "a", "--rng", "dice"), "torch, torch-cuda");
        assertRefused(2, generate("-o", temp.resolve("x.bmp"), "a"), ".png, .dcm, .nii, .nii.gz or .safetensors");
        assertRefused(2, generate("-o", out, "a", "--guidance", "NaN"), "--guidance must");
        assertRefused(2, generate("-o", out, "a", "--size", "0"), "--size must be a multiple", "not 0");
        assertRefused(2, generate("-o", out, "a", "--batch", "0"), "--batch must be from 1 to 1024, not 0");
        assertRefused(2, generate("-o", out, "a", "--latents", temp.resolve("l.png")), "--latents", ".safetensors");
        assertRefused(2, generate("-o", temp.resolve("dir.png") + "/", "a"), "dir.png/' is not an existing folder");
        assertRefused(2, generate("-o", "", "a"), "'--output': an empty name");
        assertRefused(2, generate("-o", out, "a", "--threads", "-1"), "threads");
        assertRefused(2, generate("-o", out, "a", "--batch", "-1"), "batch");
        assertRefused(2, edit("--edit-mask", EDIT, "-o", out), "--prompt");
        assertRefused(2, edit("--edit-mask", EDIT, "-o", out, "--prompt", "a", "--skip-ratio", "1"),
                "--skip-ratio must");
        assertRefused(2, edit("--edit-mask", EDIT, "-o", out, "--prompt", "a", "--skip-ratio", "-0.1"), "skip-ratio");
        assertRefused(2, edit("--edit-mask", EDIT, "-o", out, "--prompt", "a", "--eta", "2"), "--eta must");
        assertRefused(2, edit("--edit-mask", EDIT, "-o", out, "--prompt", "a", "--mode", "other"), "--mode");
        assertRefused(2, edit("--edit-mask", EDIT, "-o", out, "--prompt", "a", "--weight", "1", "--prompt", "b"),
                "--weight is given once, --prompt 2 times");
        assertRefused(2, run("audit", "run", "toes", "--inputs", FILM, "--outputs", out, "--model", MODEL), "toes");
        assertRefused(2, run("weights", "synthesize", MODEL), "exists already");
        assertFalse(Files.exists(out));
    }

    @Test
    void badInputs() throws IOException {
        assertRefused(Exit.FAILED, generate("a", "-o", temp.resolve("x.png"), "--guidance", "3e38"),
                "not a finite number");
        byte[] jpeg = Files.readAllBytes(TestData.resource("/cxr/16747_3_1.jpg"));
        Path cut = Files.write(temp.resolve("half.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        assertRefused(Exit.INPUT, edit("--image", cut, "--edit-mask", EDIT, "--prompt", "a", "-o",
                temp.resolve("x.png")), "half.jpg", "damaged");
        assertRefused(Exit.INPUT, edit("--image", mask(500, 9, (x, y) -> x > y), "--edit-mask", EDIT, "--prompt", "a",
                "-o", temp.resolve("x.png")), "500 x 9");
        assertRefused(Exit.INPUT, edit("--edit-mask", temp, "--prompt", "a", "-o", temp.resolve("x.png")),
                temp + ": is not a regular file");
        Path out = temp.resolve("x.png");
        Path none = temp.resolve("none.png");
        assertRefused(3,
                run("edit", "--model", MODEL, "--image", none, "--edit-mask", EDIT, "--prompt", "a", "-o", out),
                none.toString(), "no such file");
        Path text = Files.writeString(temp.resolve("text.png"), "not a picture");
        assertRefused(3, edit("--edit-mask", text, "--prompt", "a", "-o", out), "text.png", "unknown format");
        byte[] film = Files.readAllBytes(FILM);
        Path half = Files.write(temp.resolve("half.png"), Arrays.copyOf(film, film.length / 2));
        assertRefused(3,
                run("edit", "--model", MODEL, "--image", half, "--edit-mask", EDIT, "--prompt", "a", "-o", out),
                "half.png", "damaged");
        assertRefused(3, edit("--edit-mask", mask(128, 128, (x, y) -> false), "--prompt", "a", "-o", out), "mask.png",
                "edit mask is empty");
        Path speck = mask(128, 128, (x, y) -> x == 3 && y == 3);
        assertRefused(3, edit("--edit-mask", speck, "--prompt", "a", "-o", out), "edit mask is empty", "--mask-rule");
        assertEquals(0, edit("--edit-mask", speck, "--prompt", "a", "-o", out, "--mask-rule", "any").code());
        Files.delete(out);
        Path noise = temp.resolve("noise.safetensors");
        write(noise, Map.of("noise", Tensor.zeros(Shape.of(1, 4, 8, 8))));
        assertRefused(3, generate("-o", out, "a", "--noise", noise), "'noise' has shape [1, 4, 8, 8], [1, 4, 16, 16]");
        assertRefused(3, edit("--edit-mask", EDIT, "--prompt", "a", "-o", out, "--noise", noise), "first_noise");
        assertRefused(3, generate("-o", out, "a", "--noise", text), "text.png", "not a safetensors file");
        assertRefused(3, run("audit", "run", "unet", "--inputs", noise, "--outputs", out, "--model", MODEL),
                "'sample'");
        write(noise, Map.of("sample", Tensor.zeros(Shape.of(4, 8, 8)), "timestep", Tensor.of(Shape.of(1), 1),
                "encoder_hidden_states", Tensor.zeros(Shape.of(1, 7, 48))));
        assertRefused(3, run("audit", "run", "unet", "--inputs", noise, "--outputs", out, "--model", MODEL), "4 axes");
        write(noise, Map.of("input_ids", Tensor.of(Shape.of(1, 2), 5, 9999), "attention_mask",
                Tensor.of(Shape.of(1, 2), 1, 1)));
        assertRefused(3, run("audit", "run", "text-encoder", "--inputs", noise, "--outputs", out, "--model", MODEL),
                "9999", "vocabulary");
        assertFalse(Files.exists(out));
    }

    @Test
    void badModels() throws IOException {
        Path out = temp.resolve("x.png");
        assertRefused(4, run("generate", "a", "-o", out, "--model", temp.resolve("none")), "none",
                "no such model folder");
        Path m = temp.resolve("m");
        SyntheticModel.write(m, Size.TINY, 2, DType.F32, (d, t) -> {});
        Object[] line = {"generate", "a", "-o", out, "--model", m, "--steps", 1};
        assertEquals(0, run(line).code());
        Files.delete(out);

        Path unet = m.resolve("unet/diffusion_pytorch_model.safetensors");
        byte[] good = Files.readAllBytes(unet);
        Files.write(unet, Arrays.copyOf(good, good.length - 100));
        assertRefused(4, run(line), unet.toString(), "truncated");
        Files.write(unet, replace(good, "conv_in.bias", "conv_on.bias"));
        assertRefused(4, run(line), "tensor 'conv_in.bias' [32] is missing");
        Files.write(unet, replace(good, "\"conv_in.bias\":{\"dtype\":\"F32\",\"shape\":[32]",
                "\"conv_in.bias\":{\"dtype\":\"F16\",\"shape\":[64]"));
        assertRefused(4, run(line), "tensor 'conv_in.bias' has shape [64], the configuration demands [32]");
        Files.delete(unet);
        assertRefused(4, run(line), "no weights found");
        Files.write(unet, good);

        Path config = m.resolve("unet/config.json");
        String settings = Files.readString(config);
        for (Map.Entry<String, String> e : Map.of("\"sample_size\" : 16", "\"sample_size\" : \"x\"",
                "\"in_channels\" : 4",
                "\"in_channels\" : 9", "UNet2DConditionModel", "SD3Transformer2DModel", "\"attention_head_dim\" : 8",
                "\"attention_head_dim\" : 7", "\"cross_attention_dim\" : 48",
                "\"cross_attention_dim\" : 48, \"class_embed_type\" : \"timestep\"", "\"out_channels\" : 4",
                "\"out_channels\" : 4, \"frobnicate\" : true").entrySet()) {
            Files.writeString(config, settings.replace(e.getKey(), e.getValue()));
            String wrong = e.getValue().replaceAll(".*\"(\\w+)\" : .*", "$1");
            assertRefused(4, run(line),
                    wrong.equals("in_channels")
                            ? "latent channels"
                            : wrong.replace("SD3", "_class_name"
                                    .substring(0, 0) + "SD3"));
        }
        Files.writeString(config, "{");
        assertRefused(4, run(line), config.toString(), "not valid JSON");
        Files.delete(config);
        assertRefused(4, run(line), config.toString(), "missing");
        Files.writeString(config, settings);
        Files.delete(m.resolve("tokenizer/vocab.txt"));
        assertRefused(4, run(line), "vocab.txt");
        assertFalse(Files.exists(out));
    }

    @Test
    void partsFromDifferentFolders() throws IOException {
        Path out = temp.resolve("x.png");
        Outcome o = run("generate", "a", "-o", out, "--steps", 1, "--unet", MODEL.resolve("unet"), "--vae",
                MODEL.resolve("vae"), "--text-encoder", MODEL.resolve("text_encoder"), "--tokenizer",
                MODEL.resolve("tokenizer"));
        assertEquals(0, o.code(), o.err());
        Files.delete(out);
        assertRefused(4, run("generate", "a", "-o", out, "--unet", MODEL.resolve("unet")), "--vae");
        assertRefused(4, run("generate", "a", "-o", out, "--model", MODEL, "--unet",
                Fixtures.model(Size.VARIANT).resolve("vae")), "AutoencoderKL");
    }

    @Test
    void halfPrecisionWeightsAreReadAsTheyAre() throws IOException {
        for (DType type : List.of(DType.F16, DType.BF16)) {
            Path m = temp.resolve(type.name());
            SyntheticModel.write(m, Size.TINY, 1, type, (d, t) -> {});
            Outcome o = run("generate", "a", "-o", temp.resolve("h.png"), "--model", m, "--steps", 1);
            assertEquals(0, o.code(), o.err());
        }
    }

    @Test
    void outputsThatCannotBe() throws IOException {
        assertRefused(2, generate("-o", temp.resolve("no/such/x.png"), "a"),
                "no/such' is not an existing folder; make it");
        Path inFile = Files.writeString(temp.resolve("m.png"), "").resolve("x.png");
        for (Object[] line : new Object[][]{{"generate", "a", "-o", inFile},
                {"generate", "a", "-o", temp.resolve("y.png"), "--latents", inFile.resolve("x.safetensors")},
                {"mask", "all", "--size", "9x9", "-o", inFile}, {"demo", "-o", inFile}, {"demo", "--pictures", inFile},
                {"score", "x.png", "--text", "a", "-o", inFile}, {"weights", "synthesize", inFile},
                {"weights", "phantom", inFile},
                {"film", "read", "x", "-o", inFile.resolveSibling("m.png/x.safetensors")},
                {"audit", "run", "unet", "--inputs", "x", "--outputs", inFile.resolve("x.safetensors")}}) {
            assertRefused(2, run(line), "m.png is a file, not a folder; choose another name");
        }
        Path folder = Files.createDirectory(temp.resolve("x.safetensors"));
        assertRefused(2, generate("-o", temp.resolve("x.png"), "--latents", folder, "a"), "is a folder");
        Path full = Path.of("/dev/full");
        if (Files.exists(full)) {
            assertRefused(1, generate("-o", full, "a"), "No space left");
            assertTrue(Files.exists(full) && !Files.isRegularFile(full), "a device stays a device");
        }
    }

    @Test
    void aFileThatFailsHalfwayLeavesTheOldOneAlone() throws IOException {
        Path file = Files.writeString(temp.resolve("x.txt"), "old");
        try {
            OutputFile.write(file, out -> {
                out.write(1);
                throw new IOException("disk full");
            });
        } catch (IOException e) {
            assertEquals(file + ": disk full", e.getMessage());
        }
        assertEquals("old", Files.readString(file));
        try (Stream<Path> all = Files.list(temp)) {
            assertEquals(List.of(file), all.toList());
        }
    }

    @Test
    void tooLittleMemoryIsKnownBeforeTheWork() throws IOException {
        assertRefused(5, generate("-o", temp.resolve("x.png"), "a", "--size", 8192), "too little memory", " fits");
        assertRefused(2, run("generate", "a", "-o", temp.resolve("x.png"), "--model", MODEL, "--backend", "gpu"),
                "'gpu' is not one of auto, cpu, reference, tornado");
    }

    @Test
    void auditRunTraceAndCompare() throws IOException {
        Path in = TestData.reference("tiny/unet_1x16x24.safetensors");
        Path out = temp.resolve("o.safetensors");
        Path trace = temp.resolve("t.safetensors");
        Outcome o = run("audit", "run", "unet", "--inputs", in, "--outputs", out, "--model", MODEL, "--trace", trace,
                "--match",
                "attn1\\.to_q$");
        assertEquals(0, o.code(), o.err());
        assertEquals(16, Fixtures.tensors(trace).size());
        Outcome good = run("audit", "compare", out, in, "--exact", in);
        assertEquals(0, good.code(), good.err());
        assertTrue(good.out().startsWith("eps"), good.out());
        Outcome json = run("audit", "compare", out, in, "--exact", in, "--json", "--factor", "0.01");
        assertEquals(Exit.CHECK, json.code());
        assertFalse(new ObjectMapper().readTree(json.out()).get("holds").asBoolean());
        for (String bound : List.of("--tolerance", "--factor")) {
            for (String value : List.of("NaN", "-1")) {
                assertRefused(2, run("audit", "compare", out, in, bound, value), bound + " must be at least 0, not");
            }
        }
        assertRefused(2, run("audit", "compare", out, in, "--exact", in, "--prefix", "torch.,exact.,other."),
                "--prefix takes one or two prefixes", "not 3");
        Outcome local = run("audit", "local", "unet", "--inputs", in, "--model", MODEL, "--top", "3");
        assertEquals(0, local.code(), local.err());
        assertEquals(5, local.out().lines().count(), local.out());
        assertTrue(local.out().contains("share") && !local.out().contains("cumulative"), local.out());
        Outcome strict = run("audit", "local", "unet", "--inputs", in, "--model", MODEL, "--json", "--tolerance",
                "1e-8", "--cumulative");
        assertEquals(Exit.CHECK, strict.code());
        assertTrue(strict.err().contains("of 490 operations exceed --tolerance 1.0E-8"), strict.err());
        assertFalse(strict.err().contains("exceed the bound"), strict.err());
        for (JsonNode row : new ObjectMapper().readTree(strict.out()).get("operations")) {
            assertFalse(row.get("beyond").asBoolean(), row.toString());
            assertEquals(row.get("error").asDouble() <= 1e-8, row.get("holds").asBoolean(), row.toString());
            assertTrue(row.get("cumulative").asDouble() < 1e-5, row.toString());
            assertTrue(row.get("share").asDouble() <= 1, row.toString());
            assertTrue(row.get("error").asDouble() <= row.get("bound").asDouble(), row.toString());
            assertTrue(row.get("estimate").asDouble() <= row.get("bound").asDouble(), row.toString());
        }
        assertRefused(2, run("audit", "local", "unet", "--inputs", in, "--model", MODEL, "--tolerance", "NaN"),
                "--tolerance");
        assertRefused(2, run("audit", "local", "unet", "--inputs", in, "--model", MODEL, "--top", 0), "--top");
        assertEquals(490, new ObjectMapper().readTree(strict.out()).get("operations").size());
    }

    private static Outcome score(Object... more) {
        return run(Outcome.line(List.of("score", "--model", MODEL, "--text-encoder", Fixtures.jointTextEncoder(),
                "--image", FILM, "--text", "Cardiomegaly"), more));
    }

    @Test
    void scoreOfFilmEditAndPair() throws IOException {
        Path map = temp.resolve("map.png");
        Path values = temp.resolve("map.safetensors");
        Outcome o = score("--json", "--embeddings", "--map", map, "--edit-mask", EDIT);
        assertEquals(0, o.code(), o.err());
        JsonNode report = new ObjectMapper().readTree(o.out());
        double plain = report.get("image_text_score").asDouble();
        assertEquals(128, report.get("embeddings").get("image").size());
        assertTrue(report.get("map").has("positive_in_edit_mask"));
        Picture drawn = Images.read(map);
        assertTrue(drawn.channels() == 3 && drawn.height() == 128 && drawn.width() > 128);
        assertEquals(0, score("--map", values, "--map-interpolation", "bilinear").code());
        assertEquals(Shape.of(128, 128), Fixtures.tensors(values).get("similarity").shape());
        JsonNode edited = new ObjectMapper().readTree(
                score("--json", "--original", TestData.resource("/score/tall.png"), "--original-text", "Effusion")
                        .out());
        assertEquals(plain, edited.get("image_text_score").asDouble());
        assertTrue(Math.abs(edited.get("edit_score").asDouble()) <= 1);
        JsonNode pair = new ObjectMapper()
                .readTree(score("--json", "--previous", TestData.resource("/score/tall.png")).out());
        assertTrue(pair.get("image_text_score").asDouble() != plain);
    }

    @Test
    void scoreRefusesAndFails() throws IOException {
        Outcome low = score("--min", "1");
        assertEquals(Exit.CHECK, low.code());
        assertTrue(low.err().matches("radedit: the image-text score -?0\\.\\d{4} is below --min 1.0\n"), low.err());
        assertTrue(low.out().matches("image-text score -?0\\.\\d{4}\n"), low.out());
        Outcome json = score("--min", "1", "--json");
        assertFalse(new ObjectMapper().readTree(json.out()).get("passed").asBoolean(), json.out());
        assertTrue(json.code() == Exit.CHECK && json.err().contains("below --min"), json.err());
        assertEquals(0, score("--min", "-1").code());
        assertRefused(Exit.USAGE, score("--original", FILM), "--original-text");
        assertRefused(Exit.USAGE, score("--min", "2"), "--min");
        assertRefused(Exit.USAGE, score("--map", temp.resolve("x.txt")), "--map", ".png");
        assertRefused(Exit.USAGE, score("--embeddings"), "--json");
        assertRefused(Exit.USAGE, score("--text", "?!", "--text", " "), "empty");
        Path constant = mask(64, 64, (x, y) -> true);
        assertRefused(Exit.INPUT, score("--image", constant), "mask.png", "same value");
        assertRefused(Exit.INPUT, score("--previous", constant), "mask.png", "same value");
        assertRefused(Exit.INPUT, score("--image", mask(20, 64, (x, y) -> x > 3)), "mask.png", "20 x 64");
        assertRefused(Exit.WEIGHTS, score("--image-encoder", temp.resolve("none")), "none", "weights convert");
        assertRefused(Exit.WEIGHTS, run("score", "--model", MODEL, "--image", FILM, "--text", "x"),
                "do not match");
        assertEquals(List.of("mask.png"), Arrays.stream(temp.toFile().list()).toList());
    }

    @Test
    void editsAreJudged() throws IOException {
        Path png = temp.resolve("x.png");
        Object[] judged = {"--edit-mask", EDIT, "--prompt", "Cardiomegaly", "--text-encoder",
                Fixtures.jointTextEncoder(), "--original-text", "Effusion", "-o", png, "--json"};
        Outcome o = edit(join(judged, new Object[]{"--min-score", "1", "--tries", "2"}));
        assertEquals(Exit.CHECK, o.code(), o.err());
        assertTrue(o.err().contains("do not rely"), o.err());
        JsonNode score = new ObjectMapper().readTree(o.out()).get("images").get(0).get("score");
        assertFalse(score.get("passed").asBoolean());
        assertEquals(2, score.get("tries").size());
        assertTrue(Files.exists(png), "the best is kept");
        assertEquals(0, edit(join(judged, new Object[]{"--min-score", "-1", "--tries", "2"})).code());
        Files.delete(png);
        assertRefused(Exit.USAGE, edit(join(judged, new Object[]{"--tries", "2"})), "min-score");
        assertRefused(Exit.WEIGHTS, edit(join(judged, new Object[]{"--image-encoder", temp.resolve("none")})), "none");
    }

    @Test
    void fetchWithoutSense() throws IOException {
        assertRefused(2, run("weights", "fetch"), "NAME");
        assertRefused(2, run("weights", "fetch", "dog"), "'dog' is neither a repository (ORG/NAME) nor one of radedit");
        assertRefused(2, run("weights", "fetch", "a/b/c"), "'a/b/c'", "ORG/NAME");
        assertRefused(2, run("weights", "fetch", "a/b", "--revision", "../x"), "--revision '../x'");
        assertRefused(2, run("weights", "fetch", "a/b", "--endpoint", "hub"), "--endpoint 'hub'", "https://");
        assertRefused(2, run("weights", "fetch", "radedit", "--revision", "v1"), "as a whole");
        assertRefused(2, run("weights", "fetch", "radedit", "config.json"), "as a whole");
        assertRefused(4, run("generate", "a", "-o", temp.resolve("x.png"), "--model", "spaniel"),
                "spaniel: no such model folder");
    }

    @Test
    void wordsThatAreNotUnderstood() throws IOException {
        assertRefused(2, run("generat", "a"), "unexpected argument 'generat'; did you mean generate?");
        assertRefused(2, run("generate", "a", "--step", "3", "-o", temp.resolve("x.png")),
                "unknown option '--step'",
                "--steps");
    }

    @Test
    void aFilmIsNotOverwrittenByWhatIsReadOfIt() throws IOException {
        Path film = Files.copy(TestData.resource("/cxr/dicom/ts_rle.dcm"), temp.resolve("film.dcm"));
        byte[] before = Files.readAllBytes(film);
        Path link = Files.createSymbolicLink(temp.resolve("link.safetensors"), film);
        assertRefused(2, run("film", "read", film, "-o", film), "choose another name");
        assertRefused(2, run("film", "read", film, "-o", link), "choose another name");
        assertRefused(2, run("film", "read", film, "-o", temp.resolve("other.dcm")), ".safetensors");
        assertTrue(Arrays.equals(before, Files.readAllBytes(film)));
    }

    @Test
    void helpAndVersion() {
        for (List<String> command : List.of(List.<String>of(), List.of("generate"), List.of("edit"), List.of("audit"),
                List.of("audit", "run"), List.of("audit", "local"), List.of("score"), List.of("weights"),
                List.of("weights", "synthesize"),
                List.of("weights", "fetch"), List.of("film"), List.of("film", "read"), List.of("film", "explain"))) {
            List<Object> line = new ArrayList<>(command);
            line.add("--help");
            Outcome o = run(line.toArray());
            assertTrue(o.code() == 0 && o.out().startsWith("Usage: radedit"), o.out());
        }
        assertTrue(run("--version").out().startsWith("RadEdit "));
    }

    private interface Pixel {
        boolean at(int x, int y);
    }

    private Path mask(int width, int height, Pixel set) throws IOException {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (set.at(i % width, i / width) ? 255 : 0);
        }
        Path file = temp.resolve("mask.png");
        OutputFile.write(file, o -> Images.writePng(o, new Picture(width, height, 1, samples), Map.of()));
        return file;
    }

    private static void write(Path file, Map<String, Tensor> tensors) {
        SafetensorsWriter w = new SafetensorsWriter();
        tensors.forEach((name, t) -> w.add(name, DType.F32, t));
        try {
            OutputFile.write(file, w::writeTo);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The file with one piece of its header exchanged for another of the same length. */
    private static byte[] replace(byte[] file, String from, String to) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from) && from.length() == to.length());
        return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }
}
