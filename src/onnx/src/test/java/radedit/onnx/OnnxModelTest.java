package radedit.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.imaging.Mask;
import radedit.undertest.GreyFilm;
import radedit.undertest.ImageFeatures;
import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ModelOptions;
import radedit.undertest.ModelProbes;
import radedit.undertest.ModelUnderTest;
import radedit.undertest.ModelsUnderTest;
import radedit.undertest.Output;
import radedit.undertest.Preprocessing;
import radedit.undertest.ProbeReport;

/** Models of src/test/resources/onnx/make.py, which has onnxruntime's own results. */
class OnnxModelTest {
    private static final Path MODELS = Path.of("src/onnx/src/test/resources/onnx");
    private static final ModelOptions OPTIONS = new ModelOptions(1, 3, Duration.ofSeconds(60));
    private static final String GREY = "'input': {'size': '4x3', 'range': [0, 1]}";
    private static final String LOGITS = "'output': {'values': 'logits', 'activation': 'sigmoid', 'classes': ['a', 'b', 'c']}";

    @TempDir
    Path temp;

    /** As film in make.py. */
    static GreyFilm film(int width, int height, long seed) {
        char[] levels = new char[width * height];
        long state = seed;
        for (int i = 0; i < levels.length; i++) {
            state = (state * 1103515245 + 12345) % (1L << 31);
            levels[i] = (char) ((state >> 16) % 256);
        }
        return new GreyFilm(width, height, 8, levels);
    }

    private static List<GreyFilm> films(int width, int height) {
        List<GreyFilm> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(film(width, height, i));
        }
        return all;
    }

    private Preprocessing preprocessing(String... parts) throws IOException {
        Path file = temp.resolve("p.json");
        Files.writeString(file, ("{'task': 'classification', " + String.join(", ", parts) + "}").replace('\'', '"'));
        return Preprocessing.of(file.toString());
    }

    private ModelUnderTest open(String name, String... parts) throws IOException {
        return ModelsUnderTest.open(MODELS.resolve(name + ".onnx"), preprocessing(parts), OPTIONS);
    }

    private static double[][] expected(String name) throws IOException {
        JsonNode rows = new ObjectMapper().readTree(MODELS.resolve("expected.json").toFile()).get(name);
        return rows.valueStream().map(r -> r.valueStream().mapToDouble(JsonNode::doubleValue).toArray())
                .toArray(double[][]::new);
    }

    private String refused(String name, String... parts) {
        ModelException e = assertThrows(ModelException.class, () -> {
            try (ModelUnderTest m = open(name, parts)) {
                m.runFilms(films(4, 3));
            }
        });
        assertTrue(e.getMessage().startsWith(MODELS.resolve(name + ".onnx") + ": "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().length() < 400, e.getMessage());
        return e.getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "linear-opset9", "linear-opset21", "double", "half", "fixed1", "fixed4", "nhwc",
            "sigmoid", "sigmoid-twice", "softmax", "uint8", "rank3", "flat", "several", "external"})
    void classifiersEqualOnnxruntime(String name) throws IOException {
        boolean bytes = name.equals("uint8");
        boolean probabilities = name.equals("flat") || name.startsWith("s") && !name.equals("several");
        String input = bytes
                ? "'input': {'range': [0, 255], 'type': 'uint8'}"
                : name.equals("nhwc") ? "'input': {'range': [0, 1], 'layout': 'NHWC'}" : GREY;
        String output = probabilities
                ? "'output': {'values': 'probabilities', 'activation': 'sigmoid', 'classes': ['a', 'b', 'c']}"
                : LOGITS;
        double[][] expected = expected(name.equals("fixed4") ? "fixed1" : name);
        try (ModelUnderTest m = open(name, input,
                output.replace("{'v", (name.equals("several") ? "{'name': 'scores', 'v" : "{'v")))) {
            List<Output> all = m.runFilms(films(4, 3));
            double worst = 0;
            for (int i = 0; i < 5; i++) {
                double[] raw = ((Output.Scores) all.get(i)).raw();
                assertEquals(expected[i].length, raw.length);
                for (int c = 0; c < raw.length; c++) {
                    worst = Math.max(worst, Math.abs(raw[c] - expected[i][c]) / Math.max(1, Math.abs(expected[i][c])));
                    if (!probabilities) {
                        assertEquals(1 / (1 + Math.exp(-raw[c])), ((Output.Scores) all.get(i)).probabilities()[c]);
                    }
                }
            }
            System.out.println(name + ": " + worst);
            assertTrue(worst <= 1e-6, name + ": " + worst);
            assertEquals(name.equals("fixed1") ? 1 : name.equals("fixed4") ? 4 : 3, m.batch());
        }
    }

    @Test
    void oneScoreAFilm() throws IOException {
        try (ModelUnderTest m = open("one-score", GREY, LOGITS.replace("'a', 'b', 'c'", "'a'"))) {
            assertEquals(expected("one-score")[4][0], ((Output.Scores) m.runFilms(films(4, 3)).get(4)).logits()[0],
                    1e-6);
        }
    }

    @Test
    void namesAndSizesOfTheFile() throws IOException {
        String unnamed = "'output': {'values': 'logits', 'activation': 'sigmoid'}";
        try (ModelUnderTest m = open("linear", "'input': {'range': [0, 1]}", unnamed)) {
            assertEquals(List.of("Effusion", "Edema", "Mass"), m.names());
            assertEquals("linear.onnx", m.description().source());
            assertTrue(m.description().runtime().matches("ONNX Runtime 1\\.\\d+\\.\\d+, CPU"),
                    m.description().runtime());
            String text = m.description().toMap().toString();
            assertTrue(text.contains("size=4x3") && text.contains("threads=1") && text.contains("output_tensor=scores"),
                    text);
            try (ModelUnderTest other = open("linear-opset9", GREY, LOGITS)) {
                assertNotEquals(m.description().sha256(), other.description().sha256());
                assertNotEquals(m.description().hash(), other.description().hash());
            }
        }
        try (ModelUnderTest m = open("nhwc", "'input': {'range': [0, 1], 'layout': 'NHWC'}", unnamed)) {
            assertEquals(List.of("Effusion", "Edema", "Mass"), m.names());
        }
        assertTrue(refused("double", GREY, unnamed).contains("does not name its outputs; list them as output.classes"));
    }

    @Test
    void segmenters() throws IOException {
        GreyFilm film = film(8, 8, 3);
        double[] logits = expected("segment")[3];
        String input = "'input': {'size': 8, 'range': [0, 1]}";
        String json = "{'task': 'segmentation', " + input + ", 'output': {'values': '%s', 'structures': %s}}";
        Path file = temp.resolve("s.json");
        Files.writeString(file,
                json.formatted("logits', 'activation': 'sigmoid", "['bright', 'dark']").replace('\'', '"'));
        try (ModelUnderTest m = ModelsUnderTest.open(MODELS.resolve("segment.onnx"), Preprocessing.of(file.toString()),
                OPTIONS)) {
            Output.Masks masks = (Output.Masks) m.runFilms(List.of(film(9, 5, 1), film)).get(1);
            for (int s = 0; s < 2; s++) {
                // Corners are those of the output's corner pixels.
                assertEquals(logits[s * 16] >= 0, masks.masks().get(s).pixels()[0]);
                assertEquals(logits[s * 16 + 3] >= 0, masks.masks().get(s).pixels()[7]);
                assertEquals(logits[s * 16 + 15] >= 0, masks.masks().get(s).pixels()[63]);
            }
            assertEquals(new Output.Region(0, 0, 8, 8), masks.seen());
        }
        Files.writeString(file, json.formatted("labels", "{'dark': 1, 'bright': 0}").replace('\'', '"'));
        double[] labels = expected("segment-labels")[3];
        try (ModelUnderTest m = ModelsUnderTest.open(MODELS.resolve("segment-labels.onnx"),
                Preprocessing.of(file.toString()), OPTIONS)) {
            List<Mask> masks = ((Output.Masks) m.runFilms(List.of(film)).getFirst()).masks();
            for (int i = 0; i < 64; i++) {
                assertEquals(labels[i / 16 * 4 + i % 8 / 2] == 1, masks.get(0).pixels()[i], "pixel " + i);
                assertEquals(!masks.get(0).pixels()[i], masks.get(1).pixels()[i]);
            }
        }
    }

    @Test
    void features() throws IOException {
        Path file = temp.resolve("p.json");
        Files.writeString(file, ("{" + GREY + "}").replace('\'', '"'));
        try (ImageFeatures f = ModelsUnderTest.openFeatures(MODELS.resolve("several.onnx"),
                Preprocessing.inputOf(file.toString()), "features", OPTIONS)) {
            float[][] all = f.features(films(4, 3));
            assertEquals(5, all.length);
            GreyFilm last = film(4, 3, 4);
            for (int i = 0; i < 12; i++) {
                assertEquals(last.levels()[i] / 255f, all[4][i]);
            }
            assertTrue(f.description().toMap().containsKey("output_tensor"));
        }
        for (String[] c : new String[][]{
                {"", "has the outputs label INT64[?], scores FLOAT[?, 3], features FLOAT[?, 12]"},
                {"map", "one vector is expected"}, {"none", "has no output 'none'"}}) {
            ModelException e = assertThrows(ModelException.class, () -> {
                try (ImageFeatures f = ModelsUnderTest.openFeatures(MODELS.resolve("several.onnx"),
                        Preprocessing.inputOf(file.toString()), c[0], OPTIONS)) {
                    f.features(films(4, 3));
                }
            });
            assertTrue(e.getMessage().contains(c[1]), e.getMessage());
        }
    }

    @Test
    void batchesThreadsAndRepetitionChangeNothing() throws Exception {
        List<Output> one;
        try (ModelUnderTest m = open("fixed1", GREY, LOGITS)) {
            one = m.runFilms(films(4, 3));
        }
        try (ModelUnderTest m = ModelsUnderTest.open(MODELS.resolve("linear.onnx"), preprocessing(GREY, LOGITS),
                new ModelOptions(2, 5, Duration.ofSeconds(60)));
                ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Callable<List<Output>>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(() -> m.runFilms(films(4, 3)));
            }
            for (Future<List<Output>> f : executor.invokeAll(calls)) {
                for (int i = 0; i < 5; i++) {
                    assertArrayEquals(((Output.Scores) one.get(i)).raw(), ((Output.Scores) f.get().get(i)).raw(), 1e-6);
                }
            }
        }
    }

    @Test
    void probesSeeWhatIsWrong() throws IOException {
        String probabilities = LOGITS.replace("logits", "probabilities");
        for (String[] c : new String[][]{{"linear", LOGITS, ""}, {"sigmoid", probabilities, ""},
                {"sigmoid-twice", probabilities, "second-sigmoid"}, {"sigmoid", LOGITS, "second-sigmoid"},
                {"constant", LOGITS, "constant"}, {"linear", probabilities, "out-of-range"},
                {"sigmoid", probabilities.replace("'sigmoid'", "'softmax'"), "softmax-sum"},
                {"softmax", probabilities.replace("'sigmoid'", "'softmax'"), ""}}) {
            try (ModelUnderTest m = open(c[0], GREY, c[1])) {
                ProbeReport r = ModelProbes.run(m, films(40, 30));
                assertEquals(c[2].isEmpty(), r.passed(), c[0] + ": " + r.findings());
                assertTrue(c[2].isEmpty() || r.findings().getFirst().code().equals(c[2]), c[0] + ": " + r.findings());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "linear | 'input': {'size': 5, 'range': [0, 1]} | takes tensors of shape [?, 1, 3, 4], but input.size of the preprocessing is 5x5",
            "nhwc | 'input': {'size': '4x3', 'range': [0, 1]} | set input.layout to \"NHWC\" in the preprocessing",
            "linear | 'input': {'size': '4x3', 'range': [0, 1], 'channels': 3} | set input.channels to 1 in the preprocessing",
            "dynamic | 'input': {'size': '4x3', 'range': [0, 1]} | set input.channels to 3 in the preprocessing",
            "dynamic | 'input': {'range': [0, 1], 'channels': 3} | input.size of the preprocessing has to say",
            "dynamic | 'input': {'size': 7, 'range': [0, 1], 'channels': 3} | the model returns 2 values a film, but 3 names are given",
            "uint8 | 'input': {'size': '4x3', 'range': [0, 1]} | takes uint8; set input.type to \"uint8\"",
            "linear | 'input': {'size': '4x3', 'range': [0, 255], 'type': 'uint8'} | takes floating-point numbers",
            "linear | 'input': {'name': 'y', 'range': [0, 1]} | has no input 'y', but x; see input.name",
            "two-inputs | 'input': {'range': [0, 1]} | has the inputs x, y; only models with one",
            "sequence | 'input': {'range': [0, 1]} | is a ONNX_TYPE_SEQUENCE; a tensor of numbers is expected",
            "flat | 'input': {'range': [0, 1]} | all values of a film in a row, so input.size of the preprocessing has to say",
            "flat | 'input': {'size': 4, 'range': [0, 1]} | a film of input.size 4x4 and 1 channel(s) has 16 values",
            "segment | 'input': {'range': [0, 1]} | output 'logits' has the shape [2, 4, 4] a film, one value a class",
            "huge | 'input': {'range': [0, 1]} | huge.onnx",
    })
    void contradictionsAreRefused(String name, String input, String message) {
        String m = refused(name, input, LOGITS);
        assertTrue(m.contains(message), m);
    }

    /** Values are in the order of the keys: of numbers 2, 10, 30, of names a, b, c. */
    @ParameterizedTest
    @CsvSource({"maps-of-numbers, 1, 0, 2", "maps-of-names, 1, 2, 0"})
    void mapsOfScikitLearn(String name, int first, int second, int third) throws IOException {
        String output = "'output': {'values': 'probabilities', 'classes': ['a', 'b', 'c']}";
        double[][] expected = expected("flat");
        try (ModelUnderTest m = open(name, GREY, output)) {
            List<Output> all = m.runFilms(films(4, 3));
            for (int i = 0; i < 5; i++) {
                double[] e = {expected[i][first], expected[i][second], expected[i][third]};
                assertArrayEquals(e, ((Output.Scores) all.get(i)).raw(), 1e-6);
            }
        }
    }

    @Test
    void namesInTheOrderOfTheModel() {
        assertTrue(refused("maps-of-names", GREY, "'output': {'values': 'probabilities', 'classes': ['c', 'b', 'a']}")
                .contains("the model's own order of classes is a, b, c"));
    }

    @Test
    void outputsByName() {
        assertTrue(refused("several", GREY, LOGITS).contains("has the outputs label INT64[?], scores FLOAT[?, 3], "));
        assertTrue(refused("several", GREY, LOGITS.replace("{'v", "{'name': 'x', 'v")).contains("has no output 'x'"));
        assertTrue(
                refused("linear", GREY, LOGITS.replace(", 'c'", "")).contains("returns 3 values a film, but 2 names"));
    }

    @Test
    void filesOutsideOfTheFolderAreRefused() throws IOException {
        assertTrue(refused("external-parent", GREY, LOGITS)
                .contains("refers to the file 'data/../../outside.bin' outside of its own folder"));
        assertTrue(refused("external-absolute", GREY, LOGITS).contains("refers to the file '/etc/hostname' outside"));
        assertTrue(refused("external-branch", GREY, LOGITS).contains("refers to the file '../secret.bin' outside"));
        Path copy = Files.copy(MODELS.resolve("external.onnx"), temp.resolve("external.onnx"));
        Preprocessing p = preprocessing(GREY, LOGITS);
        ModelException e = assertThrows(ModelException.class, () -> ModelsUnderTest.open(copy, p, OPTIONS));
        assertTrue(e.getMessage().contains("needs the file 'external.bin' in its folder, which is missing"),
                e.getMessage());
        Files.createSymbolicLink(temp.resolve("external.bin"), MODELS.resolve("external.bin").toAbsolutePath());
        ModelException f = assertThrows(ModelException.class, () -> ModelsUnderTest.open(copy, p, OPTIONS));
        assertTrue(f.getMessage().contains("a link that leads out of its folder"), f.getMessage());
        Files.delete(temp.resolve("external.bin"));
        Files.write(temp.resolve("external.bin"), new byte[10]);
        ModelException g = assertThrows(ModelException.class, () -> ModelsUnderTest.open(copy, p, OPTIONS));
        assertTrue(g.getMessage().contains("ONNX Runtime does not load it"), g.getMessage());
    }

    @Test
    void damagedFilesAreRefusedByName() throws IOException {
        byte[] whole = Files.readAllBytes(MODELS.resolve("linear.onnx"));
        Preprocessing p = preprocessing(GREY, LOGITS);
        Path file = temp.resolve("bad model é.onnx");
        int refused = 0;
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (ModelUnderTest m = ModelsUnderTest.open(file, p, OPTIONS)) {
                // Cut at a field's end: metadata was lost at most.
                assertEquals(5, m.runFilms(films(4, 3)).size());
            } catch (ModelException e) {
                refused++;
                assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().lines().count() == 1,
                        e.getMessage());
            }
        }
        assertTrue(refused >= whole.length / 7 - 3, "refused " + refused);
        Files.writeString(file, "<html>not found</html>");
        ModelException e = assertThrows(ModelException.class, () -> ModelsUnderTest.open(file, p, OPTIONS));
        assertEquals(file + ": is damaged, incomplete or not an ONNX model", e.getMessage());
        Files.write(file, whole);
        try (ModelUnderTest m = ModelsUnderTest.open(file, p, OPTIONS)) {
            assertEquals(5, m.runFilms(films(4, 3)).size(), "names with blanks and accents");
        }
    }

    @Test
    void deepSubgraphsAreRefused() throws IOException {
        Path file = temp.resolve("deep.onnx");
        byte[] node = new byte[0];
        for (int i = 0; i < 3000; i++) {
            node = field(1, field(5, field(6, node)));
        }
        Files.write(file, field(7, node));
        Preprocessing p = preprocessing(GREY, LOGITS);
        ModelException e = assertThrows(ModelException.class, () -> ModelsUnderTest.open(file, p, OPTIONS));
        assertTrue(e.getMessage().contains("subgraphs nested more than 64 deep"), e.getMessage());
    }

    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        int length = content.length;
        while (length > 127) {
            out.write(length & 127 | 128);
            length >>= 7;
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    @Test
    void timeIsLimited() throws IOException {
        long start = System.nanoTime();
        ModelException e = assertThrows(ModelException.class, () -> {
            try (ModelUnderTest m = ModelsUnderTest.open(MODELS.resolve("slow.onnx"), preprocessing(GREY, LOGITS),
                    new ModelOptions(1, 3, Duration.ofMillis(300)))) {
                m.runFilms(films(4, 3));
            }
        });
        assertTrue(e.getMessage().endsWith("slow.onnx: takes longer than 0.3 s for a batch of 3"), e.getMessage());
        assertEquals(Reason.RUN, e.reason());
        assertTrue(System.nanoTime() - start < 20_000_000_000L);
    }

    @Test
    void otherSuffixes() throws IOException {
        Path file = Files.writeString(temp.resolve("model.pt"), "");
        Preprocessing p = preprocessing(GREY, LOGITS);
        ModelException e = assertThrows(ModelException.class, () -> ModelsUnderTest.open(file, p, OPTIONS));
        assertTrue(
                e.getMessage().contains("export it as .onnx (such as with torch.onnx.export), serve it at an http://"),
                e.getMessage());
        ModelException f = assertThrows(ModelException.class,
                () -> ModelsUnderTest.open(temp.resolve("none.ONNX"), p, OPTIONS));
        assertTrue(f.getMessage().endsWith("none.ONNX: is not a file, or missing"), f.getMessage());
    }

    @Test
    void machinesWithoutTheLibrary() {
        String m = NativeRuntime.explain(new ExceptionInInitializerError(new UnsatisfiedLinkError(
                "/tmp/x.so: libstdc++.so.6: cannot open shared object file")), "Linux amd64");
        assertTrue(m.startsWith("ONNX Runtime cannot be loaded on Linux amd64: /tmp/x.so: libstdc++"), m);
        assertTrue(m.contains("glibc") && m.lines().count() == 2, m);
        String n = NativeRuntime.explain(new UnsatisfiedLinkError("failed to map segment from shared object"), "Linux");
        assertTrue(n.contains("java.io.tmpdir"), n);
    }
}
