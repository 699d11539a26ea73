package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Pictures of a batch: which are computed, their file names, when they are written. */
class BatchOutputTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);

    @TempDir
    Path temp;

    private Outcome generate(Object... more) {
        return run(Outcome.line(List.of("generate", "--model", MODEL, "--steps", 2), more));
    }

    private List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void onePictureOfABatchIsTheSameAlone() throws IOException {
        assertEquals(0, generate("a", "b", "--count", 3, "-o", temp.resolve("all.png")).code());
        assertEquals(0,
                generate("a", "b", "--count", 3, "-o", temp.resolve("some-{n}.png"), "--only", "2,5-6", "--only",
                        "5", "--batch", 1).code());
        Outcome one = generate("a", "b", "--count", 3, "-o", temp.resolve("one.png"), "--only", 4, "--json");
        assertEquals(0, one.code(), one.err());
        for (int k : new int[]{2, 5, 6}) {
            assertArrayEquals(pixels("all-" + k), pixels("some-" + k), "picture " + k);
        }
        assertArrayEquals(pixels("all-4"), pixels("one"));
        assertFalse(Arrays.equals(pixels("all-3"), pixels("one")));
        JsonNode settings = new ObjectMapper().readTree(one.out()).get("images").get(0);
        assertEquals("4 of 6", settings.get("picture").asText());
        assertEquals("b", settings.get("prompt").asText());
        assertEquals(9 + 1, files(temp).size(), files(temp).toString());
        Path tensors = temp.resolve("t.safetensors");
        Path latents = temp.resolve("l.safetensors");
        assertEquals(0, generate("a", "--count", 5, "-o", tensors, "--latents", latents, "--only", "2-3").code());
        assertEquals(2, Fixtures.tensors(tensors).get("image").shape().dim(0));
        assertEquals(2, Fixtures.tensors(latents).get("latent").shape().dim(0));
    }

    private byte[] pixels(String name) throws IOException {
        return Images.read(temp.resolve(name + ".png")).samples();
    }

    @ParameterizedTest
    @CsvSource({"0", "5", "2-1", "1-", "-1", "a", "''", "1;2", "4-5", "99999999"})
    void onlyWhatThereIs(String only) throws IOException {
        assertRefused(Exit.USAGE, generate("a", "--count", 4, "-o", temp.resolve("x.png"), "--only", only), "--only");
        assertEquals(List.of(), files(temp));
    }

    @Test
    void patterns() throws IOException {
        assertEquals(0, generate("Large effusion, left!", "b", "--seed", 7, "--seed-per-image", "-o",
                temp.resolve("f-{seed}-{n:03}-{prompt}.png")).code());
        assertEquals(List.of("f-7-001-Large-effusion-left.png", "f-8-002-b.png"), files(temp));
        assertEquals(0, generate("a", "b", "-o", temp.resolve("same-{seed}.png")).code());
        assertTrue(files(temp).containsAll(List.of("same-0-1.png", "same-0-2.png")), files(temp).toString());
        assertEquals(0, generate("a", "b", "-o", temp.resolve("t{n}.safetensors")).code());
        assertEquals(1, Fixtures.tensors(temp.resolve("t2.safetensors")).get("image").shape().dim(0));
        assertEquals(0, generate("../../x/y", "-o", temp.resolve("{prompt}.png")).code());
        assertTrue(Files.exists(temp.resolve("x-y.png")), files(temp).toString());
        for (String bad : List.of("{name}", "{N}", "{n:x}", "{n:}", "{n:0}", "{n:-3}", "{n:100}", "{}", "{ n}",
                "{prompt:05}", "{n:03d}", "{n ", "n}", "{n}}", "{{n}", "{film:3}", "{{{n}}", "{seed", "}")) {
            assertRefused(2, generate("a", "-o", temp.resolve(bad + ".png")), bad, "{n}, {seed}, {prompt}",
                    "{{ and }}");
            assertRefused(2, generate("a", "b", "-o", temp.resolve(bad + ".safetensors")), bad, "{n}, {seed}");
        }
        assertRefused(2, generate("a", "-o", temp.resolve("{film}.png")), "{film} is for edits");
        assertEquals(0, generate("a", "-o", temp.resolve("w{{{n:3}}}-{{n}}-{seed:02}.png")).code());
        assertTrue(Files.exists(temp.resolve("w{001}-{n}-00.png")));
        assertEquals(0, generate("a", "b", "-o", temp.resolve("v{{n}}.safetensors")).code());
        assertTrue(Files.exists(temp.resolve("v{n}.safetensors")), "no number, so one file");
        assertRefused(2, generate("a", "-o", temp.resolve("{film}.png")), "{film}", "edit");
        Path film = TestData.reference("tiny/edit_image.png");
        assertEquals(0, run("edit", "--model", MODEL, "--steps", 2, "--image", film, "--edit-mask",
                TestData.reference("tiny/edit_edit_mask.png"), "--prompt", "a", "-o",
                temp.resolve("{film}-{seed}.png")).code());
        assertTrue(Files.exists(temp.resolve("edit_image-0.png")), files(temp).toString());
    }

    @Test
    void aFolderKeepsWhatItHas() throws IOException {
        for (int i = 0; i < 2; i++) {
            assertEquals(0, generate("a", "-o", temp).code());
        }
        assertEquals(List.of("radedit-2.png", "radedit.png"), files(temp));
        assertEquals(0, generate("a", "--count", 2, "-o", temp).code());
        assertEquals(List.of("radedit-2.png", "radedit-3.png", "radedit-4.png", "radedit.png"), files(temp));
        byte[] first = Files.readAllBytes(temp.resolve("radedit.png"));
        assertEquals(0, generate("b", "--seed", 3, "-o", temp, "--overwrite", "yes").code());
        assertEquals(4, files(temp).size());
        assertFalse(Arrays.equals(first, Files.readAllBytes(temp.resolve("radedit.png"))));
    }

    /** The rest of an interrupted batch is added to the folder, under the numbers it would have had. */
    @Test
    void theRestOfABatchInAFolder() throws IOException {
        assertEquals(0, generate("a", "--count", 4, "--only", "1-2", "-o", temp).code());
        assertEquals(0, generate("a", "--count", 4, "--only", "3-4", "-o", temp).code());
        assertEquals(List.of("radedit-1.png", "radedit-2.png", "radedit-3.png", "radedit-4.png"), files(temp));
    }

    @Test
    void namesAreOverwrittenUnlessSaidOtherwise() throws IOException {
        Path x = temp.resolve("x.png");
        assertEquals(0, generate("a", "-o", x).code());
        byte[] first = Files.readAllBytes(x);
        assertRefused(2, generate("b", "-o", x, "--overwrite", "no"), "x.png: exists already", "--overwrite yes");
        assertArrayEquals(first, Files.readAllBytes(x));
        assertEquals(0, generate("b", "--seed", 1, "-o", x).code());
        assertFalse(Arrays.equals(first, Files.readAllBytes(x)));
        Files.writeString(temp.resolve("y-2.png"), "mine");
        assertRefused(2, generate("a", "b", "-o", temp.resolve("y.png"), "--overwrite", "no"), "y-2.png");
        Path latents = Files.writeString(temp.resolve("l.safetensors"), "mine");
        assertRefused(2, generate("a", "-o", temp.resolve("z.png"), "--latents", latents, "--overwrite", "no"),
                "l.safetensors");
        assertEquals("mine", Files.readString(latents));
    }

    /** A numbered name may be an input too. */
    @Test
    void noPictureOverwritesAnInput() throws IOException {
        Path noise = temp.resolve("x-2.safetensors");
        Files.copy(TestData.reference("tiny/generate.safetensors"), noise);
        byte[] before = Files.readAllBytes(noise);
        assertRefused(2, generate("a", "b", "-o", temp.resolve("x-{n}.safetensors"), "--noise", noise), "x-2",
                "is an input");
        assertArrayEquals(before, Files.readAllBytes(noise));
    }

    @Test
    void stdoutTakesOnePicture() {
        assertRefused(2, generate("a", "--count", 2, "-o", "-"), "-o -", "one picture");
        assertRefused(2, generate("a", "-o", "-", "--json"), "--json");
    }

    /** The first picture is passed on before the rest is computed. */
    @Test
    void eachPictureIsWrittenWhenItIsReady() {
        List<Integer> seen = new ArrayList<>();
        try (RadEdit radEdit = RadEdit.open(MODEL)) {
            GenerateRequest r = new GenerateRequest("a").count(9).steps(1);
            IllegalStateException stop = assertThrows(IllegalStateException.class,
                    () -> radEdit.generate(r, Listener.NONE, (k, result) -> {
                        seen.add(k);
                        assertEquals(1, result.count());
                        if (k == 3) {
                            throw new IllegalStateException("enough");
                        }
                    }));
            assertEquals("enough", stop.getMessage());
            assertEquals(List.of(1, 2, 3), seen);
            assertEquals(9, radEdit.generate(r).count());
        }
    }

    @Test
    void numbersAreToldInRanges() {
        assertEquals("1,4-6,9", BatchReport.ranges(new TreeSet<>(List.of(1, 4, 5, 6, 9))));
        assertEquals("7", BatchReport.ranges(new TreeSet<>(List.of(7))));
        assertEquals("2-3", BatchReport.ranges(new TreeSet<>(List.of(3, 2))));
    }

    @Test
    void aFileAppearsOnce() throws IOException {
        Path file = temp.resolve("x.txt");
        OutputFile.create(file, out -> out.write('a'));
        try {
            OutputFile.create(file, out -> out.write('b'));
            throw new AssertionError("overwritten");
        } catch (java.nio.file.FileAlreadyExistsException e) {
            assertTrue(e.getMessage().contains("x.txt"));
        }
        assertEquals("a", Files.readString(file));
        assertEquals(List.of("x.txt"), files(temp));
    }
}
