package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Images;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Commands of a stress test: from a table to results. */
class StressCommandTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final Path FILM = TestData.reference("tiny/edit_image.png");

    @TempDir
    Path temp;
    private Path manifest;

    @BeforeEach
    void table() throws IOException {
        Files.createDirectories(temp.resolve("films \u00e9"));
        Files.copy(FILM, temp.resolve("films \u00e9/a.png"));
        manifest = write("m.csv", """
                case_id,image,edit_mask,prompt,weight,seed,ward
                one,films \u00e9/a.png,"box:10,10,50,60",Edema,,,n
                two,films \u00e9/a.png,all,Edema,3,9,s
                """);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    private Outcome stress(Path table, String folder, Object... more) {
        return run(Outcome.line(
                List.of("stress", "run", table, "--model", MODEL, "--steps", 3, "-o", temp.resolve(folder)), more));
    }

    @Test
    void aRowIsWhatEditMakesOfIt() throws IOException {
        Outcome o = stress(manifest, "run");
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("2 cases: 2 done, 0 rejected, 0 failed; "), o.err());
        Path film = temp.resolve("films \u00e9/a.png");
        Outcome alone = run("edit", "--model", MODEL, "--steps", 3, "--image", film, "--edit-mask", "all", "--prompt",
                "Edema", "--weight", 3, "--seed", 9, "-o", temp.resolve("two.png"));
        assertEquals(0, alone.code(), alone.err());
        assertArrayEquals(Images.read(temp.resolve("two.png")).samples(),
                Images.read(temp.resolve("run/images/two.png")).samples());
        Outcome again = stress(manifest, "run", "--json");
        assertTrue(again.out().contains("\"evaluations\" : 0"), "nothing is done twice: " + again.out());
        assertRefused(2, stress(manifest, "run", "--seed", 5), "case one (row 1)");
    }

    /** Settings of the model and strips of the VAE change pictures, so that a run goes on with the same only. */
    @Test
    void aRunGoesOnWithTheSameSettingsOfTheModel() throws IOException {
        assertEquals(0, stress(manifest, "run").code());
        Files.delete(temp.resolve("run/images/two.png"));
        Path scheduler = Files.createDirectory(temp.resolve("scheduler"));
        String config = Files.readString(MODEL.resolve("scheduler/scheduler_config.json"));
        Files.writeString(scheduler.resolve("scheduler_config.json"), config.replace("0.02", "0.019"));
        assertRefused(2, stress(manifest, "run", "--scheduler", scheduler), "other settings of the model");
        assertRefused(2, stress(manifest, "run", "--vae-tile", 16), "other strips of the VAE (none, now 16)");
        assertRefused(2, stress(manifest, "run", "--image-encoder", otherEncoder()), "another image encoder");
        assertEquals(0, stress(manifest, "run").code());
        assertEquals(0, stress(manifest, "strips", "--vae-tile", 16).code());
        assertRefused(2, stress(manifest, "strips"), "other strips of the VAE (16, now none)");
        assertRefused(2, run("stress", "merge", temp.resolve("run"), temp.resolve("strips"), "-o", temp.resolve("all")),
                "is of another run");
    }

    /** The model's image encoder with another weight. */
    private Path otherEncoder() throws IOException {
        Path other = Files.createDirectory(temp.resolve("image_encoder"));
        try (Stream<Path> files = Files.list(MODEL.resolve("image_encoder"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (file.toString().endsWith(".safetensors")) {
                    bytes[bytes.length - 4] ^= 1;
                }
                Files.write(other.resolve(file.getFileName()), bytes);
            }
        }
        return other;
    }

    /** A column that has the name of an option of the whole run would change nothing, and this is said. */
    @Test
    void optionsOfTheRunAreNoColumns() throws IOException {
        Path table = write("run.csv", """
                case_id,image,edit_mask,prompt,emulate_precision,ward
                one,films \u00e9/a.png,all,Edema,bf16,n
                """);
        Outcome o = stress(table, "run");
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("column emulate_precision is carried through as your own and changes no edit"),
                o.err());
        assertEquals(1, o.err().split("carried through", -1).length - 1, o.err());
    }

    /** A row's interval is that of edit, and a run goes on with the same only. */
    @Test
    void fewerEvaluations() throws IOException {
        Path table = write("fewer.csv", """
                case_id,image,edit_mask,prompt,guidance_interval,deep_cache
                one,films \u00e9/a.png,all,Edema,"0.5,1",
                two,films \u00e9/a.png,all,Edema,,2
                """);
        Outcome o = stress(table, "run", "--skip-ratio", 0, "--json");
        assertEquals(0, o.code(), o.err());
        assertTrue(o.out().contains("\"evaluations\" : " + (2 + 2 * 2 + 1 + 2 * 2)), "inverted once: " + o.out());
        Path film = temp.resolve("films \u00e9/a.png");
        assertEquals(0, run("edit", "--model", MODEL, "--steps", 3, "--skip-ratio", 0, "--image", film, "--edit-mask",
                "all", "--prompt", "Edema", "--guidance-interval", "0.5,1", "-o", temp.resolve("one.png")).code());
        assertArrayEquals(Images.read(temp.resolve("one.png")).samples(),
                Images.read(temp.resolve("run/images/one.png")).samples());
        assertTrue(run("show", temp.resolve("run/images/one.png")).out().contains("guidance interval"),
                run("show", temp.resolve("run/images/one.png")).out());
        Outcome other = stress(table, "run", "--skip-ratio", 0, "--guidance-interval", "0.2,0.8");
        assertRefused(2, other, "case two (row 2)", "guidance_interval was", "0.2,0.8");
    }

    /** How many are made together is no setting of a run: it can be continued with another number. */
    @Test
    void togetherChangesNothing() throws IOException {
        assertEquals(0, stress(manifest, "alone").code());
        Outcome o = stress(manifest, "run", "--together", 2);
        assertEquals(0, o.code(), o.err());
        for (String file : List.of("images/one.png", "images/two.png", "settings.json", "cases.jsonl")) {
            assertArrayEquals(Files.readAllBytes(temp.resolve("alone").resolve(file)),
                    Files.readAllBytes(temp.resolve("run").resolve(file)), file);
        }
        Files.delete(temp.resolve("run/images/one.png"));
        Outcome again = stress(manifest, "run", "--together", "auto");
        assertEquals(0, again.code(), again.err());
        assertArrayEquals(Files.readAllBytes(temp.resolve("alone/images/one.png")),
                Files.readAllBytes(temp.resolve("run/images/one.png")));
    }

    @Test
    void everyFaultIsSaidBeforeAnythingIsDone() throws IOException {
        Path bad = write("bad.csv", """
                case_id,image,edit_mask,prompt,weight,steps,mode,invert_edit_mask
                a,gone.png,all,X,,,,
                b,films \u00e9/a.png,"box:1,2",X,,,,
                c,films \u00e9/a.png,all,,heavy,,,
                d,films \u00e9/a.png,gone.png#label=1,X,,0,,perhaps
                e,films \u00e9/a.png,all,X,,,odd,
                """);
        Outcome o = stress(bad, "none");
        assertEquals(3, o.code(), o.err());
        for (String s : List.of("row 1, column image: gone.png: no such file", "row 2, column edit_mask: box:1,2: four",
                "row 3, column prompt: is missing", "row 4, column edit_mask: ",
                "row 4, column invert_edit_mask: 'perhaps' is neither true nor false", "row 5, column mode: ")) {
            assertTrue(o.err().contains(s), s + " in " + o.err());
        }
        assertTrue(Files.notExists(temp.resolve("none")));
    }

    @Test
    void usageThatMakesNoSense() throws IOException {
        assertRefused(2, run("stress", "run", "-o", temp.resolve("x")), "MANIFEST");
        assertRefused(2, stress(manifest, "x", "--images", FILM), "not both");
        assertRefused(2, stress(manifest, "x", "--controls", "shame"), "--controls", "shame");
        assertRefused(2, stress(manifest, "x", "--shard", "3/2"), "3/2");
        for (String n : List.of("0", "65", "-1", "many", "99999999999")) {
            assertRefused(2, stress(manifest, "x", "--together", n), "--together", n, "from 1 to 64");
        }
        assertRefused(3, stress(manifest, "x", "--controls", "reverse"), "original_text");
        assertRefused(3, stress(temp.resolve("gone.csv"), "x"), "gone.csv");
        assertRefused(2, run("stress", "evaluate", temp.resolve("films \u00e9"), "--scores", manifest), "holds no run");
        assertRefused(2, run("stress", "merge", temp, "-o", temp.resolve("x")), "holds no run");
        assertRefused(2, run("stress", "tune", manifest, "--model", MODEL, "-o", temp.resolve("x")), "--min-score");
        Files.createDirectories(temp.resolve("full"));
        write("full/mine.txt", "x");
        assertRefused(2, stress(manifest, "full"), "is not empty");
        assertEquals("x", Files.readString(temp.resolve("full/mine.txt")));
    }

    @Test
    void aFilmThatIsNoFilmFailsAlone() throws IOException {
        write("films \u00e9/b.png", "no film");
        Path table = write("t.csv", """
                case_id,image,edit_mask,prompt
                bad,films \u00e9/b.png,all,X
                good,films \u00e9/a.png,all,X
                """);
        Outcome o = stress(table, "run");
        assertEquals(1, o.code(), o.err());
        String results = Files.readString(temp.resolve("run/results.csv"));
        assertTrue(results.contains("bad,films \u00e9/b.png,,,,,,failed,"), results);
        assertTrue(results.contains("b.png: "), results);
        assertTrue(results.contains("good,films \u00e9/a.png,,,,,,done,"), results);
    }

    @Test
    void scoresOfAModelElsewhereBecomeAReport() throws IOException {
        Outcome made = stress(write("t.csv", """
                case_id,patient_id,image,edit_mask,prompt,role,target
                x,p,films \u00e9/a.png,all,A,add,edema
                y,q,films \u00e9/a.png,all,B,add,edema
                """), "run");
        assertEquals(0, made.code(), made.err());
        String original;
        try (var films = Files.list(temp.resolve("run/originals"))) {
            original = films.findFirst().orElseThrow().getFileName().toString().replace(".png", "");
        }
        Path scores = write("s.csv", "case_id,edema\nx,0.9\ny,0.2\noriginal-" + original + ",0.1\n");
        Outcome o = run("stress", "evaluate", temp.resolve("run"), "--scores", scores);
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("flips from no    0.500"), o.err());
        assertTrue(Files.readString(temp.resolve("run/evaluation/results.json")).contains("\"accuracy_after\""));
        assertTrue(Files.readString(temp.resolve("run/evaluation/report.html")).contains("edema"));
        Path some = write("some.csv", "case_id,edema\nx,0.9\n");
        assertRefused(3, run("stress", "evaluate", temp.resolve("run"), "--scores", some), "some.csv");
        assertRefused(2, run("stress", "evaluate", temp.resolve("run"), "--scores", scores, "--threshold", "2"),
                "--threshold");
        assertRefused(2, run("stress", "evaluate", temp.resolve("run"), "--scores", scores, "--by", "ward"), "ward");
    }
}
