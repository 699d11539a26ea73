package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.line;
import static radedit.cli.Outcome.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.diffusion.TorchRandom;
import radedit.imaging.Images;
import radedit.imaging.Picture;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Pictures are made again from their files alone, to the bit; what is missing or differs is named. */
class ReplayCommandTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final Path DICOM = TestData.resource("/cxr/Fake_MONOHR1.dcm");

    /** A picture whose settings are forged. */
    @TempDir
    static Path shared;

    @TempDir
    Path temp;

    private Path film;
    private Path drain;

    @BeforeEach
    void inputs() throws IOException {
        film = Files.copy(TestData.reference("tiny/edit_image.png"), temp.resolve("film.png"));
        Picture p = Images.read(film);
        Picture mask = new Picture(p.width(), p.height(), 1, new byte[p.width() * p.height()]);
        for (int i = 0; i < mask.samples().length / 3; i++) {
            mask.samples()[i] = (byte) 255;
        }
        drain = temp.resolve("drain.png");
        write(drain, mask, Map.of());
    }

    private static void write(Path to, Picture p, Map<String, String> about) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        Images.writePng(png, p, about);
        Files.write(to, png.toByteArray());
    }

    private List<Object> edit(Path output) {
        return List.of("edit", "--image", film, "--edit-mask", "box:20,20,60,60", "--keep-mask", drain, "--prompt",
                "effusion", "--model", MODEL, "--steps", 4, "-o", output);
    }

    private static void make(Object... args) {
        Outcome o = run(args);
        assertEquals(0, o.code(), o.err());
    }

    private static void same(Path file, Object... more) {
        same(file, MODEL, more);
    }

    private static void same(Path file, Path model, Object... more) {
        Outcome o = run(line(List.of("replay", file, "--model", model), more));
        assertEquals(0, o.code(), o.out() + o.err());
        assertTrue(o.out().contains(": same to the bit"), o.out());
    }

    private List<Path> files(String pattern) throws IOException {
        try (Stream<Path> all = Files.walk(temp)) {
            return all.filter(f -> f.getFileName().toString().matches(pattern)).sorted().toList();
        }
    }

    @Test
    void generatedPicturesOfABatch() throws IOException {
        make("generate", "effusion", "Cardiomegaly", "--count", 2, "--model", MODEL, "--steps", 2, "--seed", 7,
                "--guidance", 3, "--negative-prompt", "drain", "-o", temp.resolve("a-{n}.png"));
        make("generate", "effusion", "--count", 2, "--model", MODEL, "--steps", 2, "--seed-per-image", "--rng",
                "torch-cuda", "--seed", -5, "-o", temp.resolve("b-{n}.png"));
        make("generate", "effusion", "--count", 3, "--only", 2, "--model", MODEL, "--steps", 2, "--bits", 16, "--rgb",
                "--size", 64, "-o", temp.resolve("c-{n}.png"));
        List<Path> all = files("[abc]-.\\.png");
        assertEquals(4 + 2 + 1, all.size());
        all.forEach(ReplayCommandTest::same);
    }

    /** What was left out of a generation is in its settings, and is left out again. */
    @ParameterizedTest
    @CsvSource({"--unguided-after 0.5, unguided_after, 0.5",
            "'--guidance-interval 0.2,0.8', guidance_interval, '[0.2,0.8]'",
            "'--guidance-interval 0,0.5 --sampler dpm++2m --deep-cache 3', guidance_interval, '[0.0,0.5]'",
            "--deep-cache 2, deep_cache, 2"})
    void shortenedGenerations(String options, String key, String recorded) throws IOException {
        Path file = temp.resolve("x.png");
        make(Stream.concat(Stream.of("generate", "effusion", "--model", MODEL, "--steps", 6, "-o", file),
                Stream.of(options.split(" "))).toArray());
        same(file);
        JsonNode s = new ObjectMapper().readTree(run("show", file, "--json").out());
        assertEquals(recorded, s.get(key).toString());
        assertFalse(s.get("exact").asBoolean(true));
        String words = s.get("command_line").toString();
        assertTrue(words.contains("\"" + (key.equals("guidance_interval")
                ? recorded.substring(1, recorded.length() - 1)
                : "0.0,1.0") + "\""), words);
        assertTrue(s.get("evaluations").asInt() < 12, s::toString);
        assertTrue(run("show", file).out().contains("exact: false"), run("show", file).out());
    }

    @Test
    void everyFormatOfGeneratedPictures() {
        for (String name : List.of("x.dcm", "x.nii", "x.nii.gz", "x.safetensors")) {
            Path file = temp.resolve(name);
            make("generate", "effusion", "--model", MODEL, "--steps", 1, "-o", file);
            Path again = temp.resolve("again-" + name);
            same(file, "-o", again);
            same(again);
        }
    }

    @Test
    void severalPicturesInOneFile() {
        Path file = temp.resolve("x.safetensors");
        make("generate", "effusion", "drain", "--model", MODEL, "--steps", 2, "-o", file);
        Outcome o = run("replay", file, "--model", MODEL);
        assertEquals(0, o.code(), o.err());
        assertEquals(file + ", picture 1: same to the bit\n" + file + ", picture 2: same to the bit\n", o.out());
    }

    @Test
    void promptLists() throws IOException {
        Path list = Files.writeString(temp.resolve("p.csv"),
                "case_id,prompt,seed,steps,guidance,negative_prompt\nA,effusion,9,3,2,drain\nB,drain,,,,\n");
        Files.createDirectory(temp.resolve("out"));
        make("generate", "--prompts", list, "--model", MODEL, "--steps", 2, "-o", temp.resolve("out"));
        Files.delete(list); // which says nothing that the pictures do not
        same(temp.resolve("out/A.png"));
        same(temp.resolve("out/B.png"));
    }

    /** Given noise is that of a batch, from which a picture takes its own, whatever the seeds. */
    @Test
    void givenNoise() throws IOException {
        Path noise = temp.resolve("n.safetensors");
        SafetensorsWriter w = new SafetensorsWriter().add("noise", DType.F32,
                new TorchRandom(3).randn(Shape.of(4, 4, 8, 8))).add("first_noise", DType.F32,
                        new TorchRandom(4).randn(Shape.of(1, 4, 8, 8)));
        try (var out = Files.newOutputStream(noise)) {
            w.writeTo(out);
        }
        make("generate", "effusion", "drain", "--count", 2, "--seed-per-image", "--noise", noise, "--model", MODEL,
                "--size", 64, "--steps", 2, "-o", temp.resolve("g-{n}.png"));
        for (Path f : files("g-.\\.png")) {
            same(f);
        }
        make(line(edit(temp.resolve("e.png")), "--noise", noise, "--size", 64));
        same(temp.resolve("e.png"));
        Files.delete(noise);
        assertRefused(3, run("replay", temp.resolve("e.png"), "--model", MODEL), "the noise", "is gone", "--search");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--sampler dpm++2m --sigmas karras", "--sampler dpm++2m_sde --sigmas exponential",
            "--sampler unipc --spacing linspace", "--sampler euler --sigmas discrete",
            "--sampler euler_a --rng torch-cuda",
            "--sampler plms", "--sampler lcm --seed-per-image", "--spacing leading"})
    void everySampler(String options) throws IOException {
        make(Stream.concat(Stream.of("generate", "effusion", "drain", "--model", MODEL, "--steps", 3, "-o",
                temp.resolve("s-{n}.png")), Stream.of(options.split(" "))).toArray());
        for (Path f : files("s-.\\.png")) {
            same(f);
        }
        assertEquals(2, files("s-.\\.png").size());
    }

    /** The noise of steps is drawn though the first is given, and with the batch's seed. */
    @Test
    void givenNoiseAndThatOfSteps() throws IOException {
        Path noise = temp.resolve("n.safetensors");
        try (var out = Files.newOutputStream(noise)) {
            new SafetensorsWriter().add("noise", DType.F32, new TorchRandom(3).randn(Shape.of(2, 4, 8, 8)))
                    .writeTo(out);
        }
        for (String option : List.of("--seed-per-image", "--rgb")) {
            make("generate", "effusion", "drain", "--noise", noise, "--model", MODEL, "--size", 64, "--steps", 3,
                    "--sampler", "euler_a", "--seed", 8, option, "--rng", "torch-cuda", "-o",
                    temp.resolve("n-{n}.png"));
            for (Path f : files("n-.\\.png")) {
                same(f);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--mode released", "--skip-ratio 0 --eta 0.5 --weight 3", "--mask-rule any",
            "--mask-rule majority --keep-rule nearest", "--fit pad --resample lanczos", "--fit stretch",
            "--grow-edit-mask 5 --free-band 3", "--invert-edit-mask", "--rng torch-cuda --seed 18446744073709551615",
            "--invert-prompt drain --loader himl", "--prompt second --weight 1 --weight 2.5", "--size 64 --vae-tile 16",
            "--native", "--native --feather 0", "--guidance-interval 0.4,0.9",
            "--deep-cache 2 --guidance-interval 0,0.7", "--emulate-precision fp16"})
    void everyWayToEdit(String options) {
        Path file = temp.resolve("x.png");
        Outcome o = run(Stream.concat(edit(file).stream(), Stream.of(options.split(" "))).toArray());
        assertEquals(0, o.code(), o.err());
        same(file);
    }

    /** The replay rounds as the picture's run did, unless the option says otherwise. */
    @Test
    void emulatedPrecision() {
        Path file = temp.resolve("x.png");
        make(Outcome.line(edit(file), "--emulate-precision", "tf32"));
        String shown = run("show", file).out();
        assertTrue(shown.contains("emulate precision: tf32\n") && shown.contains("exact: false\n"), shown);
        Outcome other = run("replay", file, "--model", MODEL, "--emulate-precision", "none");
        assertEquals(6, other.code(), other.err());
        assertTrue((other.out() + other.err()).contains("--emulate-precision was tf32"), other.out() + other.err());
    }

    /** The seed of the best try is in the file; scores are computed again. */
    @Test
    void tries() throws IOException {
        Path file = temp.resolve("x.png");
        Outcome o = run(line(edit(file), "--model", "demo", "--original-text", "Cardiomegaly", "--min-score", 0.99,
                "--tries", 3));
        assertEquals(6, o.code(), o.err());
        Path again = temp.resolve("y.png");
        same(file, Path.of("demo"), "-o", again);
        JsonNode before = new ObjectMapper().readTree(run("show", file, "--json").out()).get("score");
        JsonNode after = new ObjectMapper().readTree(run("show", again, "--json").out()).get("score");
        assertEquals(3, before.get("tries").size());
        assertEquals(before.get("edit_score"), after.get("edit_score"));
        assertEquals(before.get("image_text_score"), after.get("image_text_score"));
    }

    @Test
    void everyFormatOfEdits() {
        for (String name : List.of("x.dcm", "x.nii", "x.nii.gz", "x.safetensors", "16.png", "rgb.png")) {
            Path file = temp.resolve(name);
            List<Object> line = new ArrayList<>(edit(file));
            line.addAll(name.equals("16.png")
                    ? List.of("--bits", 16)
                    : name.equals("rgb.png")
                            ? List.of("--rgb")
                            : List.of("--native"));
            make(line.toArray());
            same(file, "-o", temp.resolve("again-" + name));
        }
    }

    /** A window and a frame are recorded, and names that were withheld are not needed. */
    @Test
    void dicomFilms() {
        for (List<Object> more : List.of(List.<Object>of("--deidentify"),
                List.<Object>of("--keep-patient", "--native"))) {
            Path file = temp.resolve("x.dcm");
            List<Object> line = new ArrayList<>(List.of(line(edit(file), "--image", DICOM, "--window", "2000,3000")));
            line.addAll(more);
            make(line.toArray());
            Path again = temp.resolve("again.dcm");
            Outcome gone = run("replay", file, "--model", MODEL);
            assertEquals(more.size() == 1 ? 3 : 0, gone.code(), gone.err());
            same(file, "-o", again, "--search", DICOM.getParent(), "--search", temp);
            String text = run("show", again).out();
            assertFalse(text.contains("Fake_MONOHR1") || text.contains("command line"), text);
        }
    }

    /** Inputs are found by their hash, whatever their name is now; a changed one is named. */
    @Test
    void inputsThatMoved() throws IOException {
        Path file = temp.resolve("x.png");
        make(edit(file).toArray());
        Path elsewhere = Files.createDirectories(temp.resolve("else/where"));
        Files.move(film, elsewhere.resolve("other"));
        assertRefused(3, run("replay", file, "--model", MODEL), "the film", "film.png", "SHA-256", "is gone",
                "--search");
        same(file, "--search", temp.resolve("else"));
        Files.writeString(film, "not the film");
        assertRefused(3, run("replay", file, "--model", MODEL), "is not what it was", "film.png differs", "--search");
        same(file, "--search", temp.resolve("else"));
    }

    @Test
    void changedMaskIsNamed() throws IOException {
        Path file = temp.resolve("x.png");
        make(edit(file).toArray());
        Files.copy(drain, temp.resolve("copy.bin"));
        byte[] changed = Files.readAllBytes(drain);
        changed[changed.length - 20] ^= 1;
        Files.write(drain, changed);
        assertRefused(3, run("replay", file, "--model", MODEL), "the keep mask", "drain.png differs");
        same(file, "--search", temp);
        assertRefused(2, run("replay", file, "--model", MODEL, "--search", drain), "is not a folder");
    }

    @Test
    void otherModel() {
        Path file = temp.resolve("x.png");
        make(edit(file).toArray());
        assertRefused(4, run("replay", file), "was made with the model", "--model DIR");
        assertRefused(4, run("replay", file, "--model", "demo"), "other weights", "unet", "--model DIR");
    }

    @Test
    void changedPixelsAreCounted() throws IOException {
        Path file = temp.resolve("x.png");
        make(edit(file).toArray());
        Picture p = Images.read(file);
        int before = p.samples()[5] & 0xFF;
        p.samples()[5] = (byte) (before ^ 1);
        String settings = run("show", file, "--json").out();
        write(file, p, Map.of("radedit", settings));
        Outcome o = run("replay", file, "--model", MODEL);
        assertEquals(6, o.code(), o.err());
        assertTrue(o.out().contains("1 of " + p.samples().length + " pixels differ; largest difference 1, mean"),
                o.out());
        assertTrue(o.err().contains("pixels were probably changed"), o.err());
        JsonNode json = new ObjectMapper().readTree(run("replay", file, "--model", MODEL, "--json").out());
        assertFalse(json.get("same").asBoolean());
        assertEquals(1, json.get("pictures").get(0).get("differing_pixels").asInt());
        assertEquals(1.0, json.get("pictures").get(0).get("largest_difference").asDouble());
    }

    @Test
    void otherBackendsAreSaid() throws IOException {
        Path file = temp.resolve("x.safetensors");
        make("generate", "effusion", "--model", MODEL, "--steps", 1, "-o", file);
        Path out = temp.resolve("y.safetensors");
        Outcome o = run("replay", file, "--model", MODEL, "--backend", "reference", "-o", out);
        assertEquals(6, o.code(), o.err());
        assertTrue(o.err().contains("backend was cpu") && o.err().contains("the likely reason: backend was"), o.err());
        same(out); // the backend of the file is the default
        Outcome strips = run("replay", file, "--model", MODEL, "--vae-tile", 16);
        assertEquals(6, strips.code(), strips.err());
        assertTrue(strips.err().contains("the likely reason: --vae-tile was not used"), strips.err());
        assertTrue(run("show", out).out().contains("backend: reference"));
    }

    /** The replay of a PNG on the same machine is the same file. */
    @Test
    void outputIsTheSameFile() throws IOException {
        Path file = temp.resolve("x.png");
        List<Object> line = new ArrayList<>(edit(file));
        line.subList(line.indexOf("--prompt"), line.indexOf("--prompt") + 2).clear();
        line.addAll(List.of("--prompt=\"x\" --mode=released, 'y' @film.png \\ é", "--prompt", ""));
        make(line.toArray());
        Path out = temp.resolve("y.png");
        same(file, "-o", out);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(out));
        assertRefused(2, run("replay", file, "--model", MODEL, "-o", file), "x.png");
        assertRefused(2, run("replay", file, "--model", MODEL, "-o", temp.resolve("z.dcm")), "must end in .png");
    }

    @Test
    void stressRunsWithControls() throws IOException {
        Path manifest = Files.writeString(temp.resolve("m.csv"), """
                case_id,image,edit_mask,keep_mask,prompt,original_text
                a,film.png,"box:20,20,60,60",drain.png,effusion,Cardiomegaly
                """);
        make("stress", "run", manifest, "--controls", "sham,null,reverse,background,dose=0.5", "--model", "demo",
                "--steps", 4, "-o", temp.resolve("run"));
        List<Path> images = files("a.*\\.png").stream().filter(f -> f.toString().contains("images")).toList();
        assertEquals(6, images.size(), images.toString());
        images.forEach(f -> same(f, Path.of("demo")));
    }

    @Test
    void everyPictureOfTheDemo() throws IOException {
        Path page = temp.resolve("page.html");
        make("demo", "--steps", 4, "--seed", 3, "-o", page);
        Matcher m = Pattern.compile("base64,([^\"]*)\"").matcher(Files.readString(page));
        int pictures = 0;
        while (m.find()) {
            Path file = temp.resolve("p.png");
            Files.write(file, Base64.getDecoder().decode(m.group(1)));
            assertEquals(0, run("show", file).code());
            Outcome o = run("replay", file);
            assertEquals(0, o.code(), o.err());
            assertEquals(file + ": same to the bit\n", o.out());
            pictures++;
        }
        assertEquals(11, pictures);
    }

    private Path forged(String name, Map<String, ?> changes) throws IOException {
        Path honest = shared.resolve("honest.png");
        if (!Files.exists(honest)) {
            make(edit(honest).toArray());
        }
        Path file = temp.resolve("forged-" + name + ".png");
        ObjectMapper json = new ObjectMapper();
        ObjectNode s = (ObjectNode) json.readTree(run("show", honest, "--json").out());
        ((ObjectNode) s.at("/inputs/film")).put("file", "film.png");
        ((ObjectNode) s.at("/inputs/keep_mask/0")).put("source", "drain.png");
        for (Map.Entry<String, ?> e : changes.entrySet()) {
            ObjectNode at = s;
            String[] path = e.getKey().split("/");
            for (int i = 0; i < path.length - 1; i++) {
                at = (ObjectNode) at.get(path[i]);
            }
            at.set(path[path.length - 1], json.valueToTree(e.getValue()));
        }
        write(file, Images.read(honest), Map.of("radedit", s.toString()));
        return file;
    }

    /** A stranger's picture makes the program open no device, no other machine's file, and shows nothing of a file. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "/dev/stdin", "/proc/kmsg", "//host/share/film.png", "\\\\host\\share\\f",
            "http://host/film.png", "/etc/passwd", "../../../../etc/passwd", "\0", ""})
    void strangersPaths(String path) throws IOException {
        Outcome o = run("replay", forged("x", Map.of("inputs/film/file", path)), "--model", MODEL);
        assertRefused(3, o, "the film");
        assertFalse(o.err().contains("root:"), o.err());
        assertEquals(path.endsWith("passwd") && Files.exists(Path.of(path)), o.err().contains("differs"), o.err());
    }

    @Test
    void damagedAndStrangeSettings() throws IOException {
        List<Map<String, ?>> all = List.of(Map.of("steps", 1_000_000_000), Map.of("steps", "x"),
                Map.of("seed", 1.5), Map.of("size", 16), Map.of("size", -1), Map.of("size", "64"),
                Map.of("command", "weights fetch"), Map.of("command", List.of()), Map.of("prompts", List.of()),
                Map.of("prompts", Map.of("a", 1)), Map.of("weights", List.of(1, 2)), Map.of("mode", "--output=/x"),
                Map.of("inputs", 3), Map.of("inputs/film", "x"), Map.of("inputs/film/sha256", "x"),
                Map.of("inputs/edit_mask", "box:1,2,3,4"), Map.of("inputs/edit_mask", List.of(Map.of("source", drain))),
                Map.of("inputs/edit_mask", List.of(Map.of("source", "box:x"))), Map.of("fit/mode", "none"),
                Map.of("inputs/edit_mask", List.of(Map.of("source", "all", "sha256", "0".repeat(64)))),
                Map.of("film/frame", 99), Map.of("noise", "given"), Map.of("noise", "dice"),
                Map.of("probes", List.of("unet")), Map.of("grow_edit_mask", -1), Map.of("window", "a,b"),
                Map.of("inputs/film", Map.of("figure", "no-1")), Map.of("loader", "none"),
                Map.of("guidance_interval", List.of(0.9, 0.1)), Map.of("guidance_interval", List.of(0.5)),
                Map.of("guidance_interval", "0.2,0.8"), Map.of("guidance_interval", List.of("a", "b")),
                Map.of("guidance_interval", List.of("NaN", 1)), Map.of("deep_cache", 0), Map.of("fast_math", "no"));
        int k = 0;
        same(forged("honest", Map.of()));
        same(forged("not-fast", Map.of("fast_math", false)));
        for (Map<String, ?> changes : all) {
            Outcome o = run("replay", forged("" + k++, changes), "--model", MODEL);
            assertEquals(3, o.code(), changes + o.err());
            assertTrue(o.err().startsWith("radedit: ") && o.err().lines().count() <= 2, changes + o.err());
            assertFalse(o.err().contains("internal error") || o.err().contains("is gone"), changes + o.err());
        }
    }

    /** Pictures of earlier versions lack what cannot be guessed. */
    @Test
    void earlierVersions() throws IOException {
        Path file = temp.resolve("x.png");
        make(edit(file).toArray());
        ObjectNode s = (ObjectNode) new ObjectMapper().readTree(run("show", file, "--json").out());
        Picture p = Images.read(file);
        for (String key : List.of("grow_edit_mask", "invert_edit_mask", "free_band", "window", "steps", "seed")) {
            write(file, p, Map.of("radedit", s.deepCopy().without(key).toString()));
            assertRefused(3, run("replay", file, "--model", MODEL), "lack " + key, "earlier versions");
        }
    }

    @Test
    void foreignFiles() throws IOException {
        assertRefused(3, run("replay", film), "holds no settings");
        assertRefused(3, run("replay", DICOM), "holds no settings");
        assertRefused(3, run("replay", Files.writeString(temp.resolve("a.txt"), "text")), "holds no settings");
        assertRefused(3, run("replay", temp.resolve("none.png")), "no such file");
        for (String settings : List.of("{}", "[]", "3", "[1]", "{\"command\":\"demo\"}", "{",
                "{\"command\":\"demo\",\"figure\":\"x\"}", "{\"command\":\"generate\"}",
                new String(new char[5000]).replace("\0", "["))) {
            write(temp.resolve("y.png"), Images.read(film), Map.of("radedit", settings));
            Outcome o = run("replay", temp.resolve("y.png"));
            assertEquals(3, o.code(), settings + o.err());
            assertTrue(o.err().lines().count() <= 2, o.err());
        }
        assertEquals("text", Files.readString(temp.resolve("a.txt"), StandardCharsets.UTF_8));
    }
}
