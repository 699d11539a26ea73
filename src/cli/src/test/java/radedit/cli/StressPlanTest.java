package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.stress.Controls;
import radedit.stress.Manifest;
import radedit.stress.Plan;
import radedit.stress.Values;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** What is said about a stress test before anything is edited. */
class StressPlanTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final String MANIFEST = "case_id,image,edit_mask,prompt\na,a.png,all,Edema\n";

    @TempDir
    private Path temp;

    @BeforeEach
    void film() throws IOException {
        Files.copy(TestData.reference("tiny/edit_image.png"), temp.resolve("a.png")); // 128 x 128
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    private Outcome stress(Path table, Object... more) {
        return run(Outcome.line(
                List.of("stress", "run", table, "--model", MODEL, "--steps", 3, "-o", temp.resolve("run")), more));
    }

    @Test
    void allThatIsWrongWithARowIsSaidAtOnce() throws IOException {
        Outcome o = stress(write("m.csv", """
                case_id,image,edit_mask,prompt,steps,skip_ratio,eta,min_score,guidance_interval,deep_cache
                a,a.png,all,X,ten,1.5,7,2,"0.8,0.2",0
                b,a.png,all,,,1.5,,,0.5,
                """));
        assertEquals(Exit.INPUT, o.code());
        for (String said : List.of("row 1, column steps: ", "row 1, column skip_ratio: must be",
                "row 1, column eta: must be", "row 1, column min_score: must be", "row 2, column prompt: is missing",
                "row 2, column skip_ratio: must be",
                "row 1, column guidance_interval: must be two numbers", "row 1, column deep_cache: must be",
                "row 2, column guidance_interval: ")) {
            assertTrue(o.err().contains(said), said + " is not in " + o.err());
        }
    }

    @Test
    void masksThatLieOutsideOfTheirFilms() throws IOException {
        Outcome o = stress(write("m.csv", """
                case_id,image,edit_mask,keep_mask,prompt,invert_edit_mask,truth_mask
                a,a.png,"box:128,0,9,9",,X,,
                b,a.png,"box:100,100,90,90","polygon:130,1 140,1 140,9",X,,
                c,a.png,rle:16380 10,,X,,
                d,a.png,all,,X,true,
                e,a.png,none,,X,,
                f,a.png,none,,X,true,"box:-9,-9,9,9"
                g,a.png,all,none,X,,
                h,a.png,"polygon:0,0 20,1 4,30",,X,,
                i,a.png,rle:,,X,,
                j,a.png,rle:,,X,true,"rle: "
                k,a.png,"box:0,0,128,128",,X,yes,
                l,a.png,"box:0,0,128,127",,X,yes,
                m,a.png,"polygon:-1,-1 128,0 128,128 0,128",,X,yes,
                n,a.png,rle:1 16384,,X,yes,
                o,a.png,"polygon:0,0 128,0 0,128",,X,yes,
                """));
        assertEquals(Exit.INPUT, o.code(), o.err());
        for (String s : List.of("row 1, column edit_mask: box:128,0,9,9: holds no pixel of a film of 128 x 128",
                "row 2, column keep_mask: polygon:130,1", "row 3, column edit_mask: rle:16380 10: a run of 10",
                "row 4, column edit_mask: all, inverted, is an empty mask",
                "row 5, column edit_mask: none is an empty mask", "row 6, column truth_mask: box:-9",
                "row 7, column keep_mask: none is an empty mask", "row 9, column edit_mask: rle: is an empty mask",
                "row 10, column truth_mask: rle: is an empty mask",
                "row 11, column edit_mask: box:0,0,128,128, inverted, is an empty mask: it covers the film of 128 x 128",
                "row 13, column edit_mask: polygon", "row 14, column edit_mask: rle:1 16384, inverted")) {
            assertTrue(o.err().contains(s), s + " in " + o.err());
        }
        assertEquals(12, o.err().lines().count(), o.err());
        assertTrue(Files.notExists(temp.resolve("run")));
    }

    @Test
    void masksNamedAfterTheirFilms() throws IOException {
        Files.copy(temp.resolve("a.png"), temp.resolve("b.c.png"));
        Path masks = Files.createDirectory(temp.resolve("masks"));
        Files.copy(TestData.reference("tiny/edit_edit_mask.png"), masks.resolve("a-lung.png"));
        String mask = masks.resolve("{film}-lung.png").toString();
        Outcome o = run("stress", "run", "--images", temp.resolve("*.png"), "--edit-mask", mask, "--prompt", "X",
                "--keep-mask", "box:0,0,9,9", "--model", MODEL, "--steps", 3, "-o", temp.resolve("run"));
        assertEquals(Exit.INPUT, o.code());
        assertTrue(o.err().contains("row 2, column edit_mask: " + masks.resolve("b.c-lung.png")), o.err());
        assertEquals(1, o.err().lines().count(), o.err());
        Files.copy(masks.resolve("a-lung.png"), masks.resolve("b.c-lung.png"));
        Path table = write("m.csv", "image,prompt,edit_mask\nb.c.png,X,\na.png,X,\"box:9,9,60,60\"\n");
        Outcome done = run("stress", "run", table, "--edit-mask", "masks/{film}-lung.png", "--model", MODEL, "--steps",
                3,
                "-o", temp.resolve("run"));
        assertEquals(Exit.OK, done.code(), done.err());
        String cases = Files.readString(temp.resolve("run/cases.jsonl"));
        assertTrue(cases.contains("\"edit_mask\":[\"masks/b.c-lung.png\"]")
                && cases.contains("\"edit_mask\":[\"box:9,9,60,60\"]"), cases);
    }

    @Test
    void controlsThatAMaskLeavesNothingFor() throws IOException {
        assertRefused(Exit.INPUT, stress(write("m.csv", MANIFEST), "--controls", "background"),
                "row 1, column edit_mask", "background");
        Path inverted = write("i.csv", "image,edit_mask,prompt,invert_edit_mask\na.png,\"box:0,0,9,9\",X,yes\n");
        assertRefused(Exit.INPUT, stress(inverted, "--controls", "background"), "row 1, column invert_edit_mask");
    }

    @Test
    void tenThousandRowsArePlannedInSeconds() throws IOException {
        StringBuilder rows = new StringBuilder("case_id,image,edit_mask,keep_mask,prompt\n");
        for (int i = 0; i < 10_000; i++) {
            rows.append("c").append(i).append(",a.png,\"box:").append(i % 100).append(",3,9,9\",\"polygon:")
                    .append(i % 90).append(",1 99,4 3,80\",Edema ").append(i).append('\n');
        }
        Manifest m = Manifest.read(write("m.csv", rows.toString()));
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Plan plan = Plan.of(m, new Values(Map.of()), Controls.NONE, new ManifestRows(), w -> {
        });
        double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
        assertEquals(10_000, plan.cases().size());
        assertTrue(seconds < 5, seconds + " s of processor time");
    }

    @Test
    void aColumnOfPatientsUnderAnotherName() throws IOException {
        for (String name : List.of("PatientID", "patient", "Subject ID", "MRN")) {
            Path m = write("m.csv", "image,edit_mask,prompt," + name + "\na.png,all,,p1\n");
            Outcome o = stress(m);
            assertTrue(o.err().contains("column " + name + " is not taken for the patient")
                    && o.err().contains("call it patient_id"), o.err());
            assertFalse(o.err().contains("did you mean"), o.err());
        }
        Outcome both = stress(write("m.csv", "image,edit_mask,prompt,patient_id,patient\na.png,all,,p1,x\n"));
        assertFalse(both.err().contains("is not taken"), both.err());
    }

    @Test
    void aTuningNeedsDifferentValuesAndEdits() throws IOException {
        Path m = write("m.csv", MANIFEST);
        for (String[] twice : new String[][]{{"--weights", "5,7.5,5.0"}, {"--skip-ratios", "0.1,.1"},
                {"--grows", "1,2,1"}, {"--weights", "0,-0"}}) {
            assertRefused(Exit.USAGE, run("stress", "tune", m, "--model", MODEL, "--min-score", 0.1, "-o",
                    temp.resolve("t"), twice[0], twice[1]), twice[0] + " has ", " twice");
        }
        write("a.png", "no film");
        Outcome o = run("stress", "tune", m, "--model", MODEL, "--min-score", 0.1, "-o", temp.resolve("t"),
                "--steps", 3, "--weights", 5, "--skip-ratios", 0.1);
        assertEquals(Exit.FAILED, o.code(), o.err());
        assertTrue(o.out().contains("0/0") && o.err().contains("1 of 1 edits failed; ")
                && o.err().contains("results.csv says why"), o.err());
    }

    @Test
    void helpSaysWhatARequiredScoreDoesHere() {
        for (String command : List.of("run", "tune")) {
            String help = run("stress", command, "--help").out();
            assertFalse(help.contains("code 6"), help);
            assertTrue(help.replaceAll("\\s+", " ").contains("rejected: recorded, and not evaluated"), help);
        }
        assertTrue(run("edit", "--help").out().contains("exit with code 6"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stress run M -o", "stress tune M -o", "stress merge M -o", "stress evaluate M --scores",
            "stress evaluate M --masks", "stress evaluate M --validation", "stress evaluate M --model-under-test",
            "stress evaluate M --scores M --preprocess", "stress evaluate M --features",
            "stress evaluate M --scores M --by", "stress evaluate M --scores M --threshold",
            "stress evaluate M --scores M -o", "stress template report -o", "stress export M --format images -o",
            "stress import M --format radcf -o", "stress run M -o x --noise", "generate --prompts", "edit --image",
            "generate a -o x.png --noise", "edit --preview", "show"})
    void emptyNames(String line) {
        Object[] words = (line + " ").replace("M", temp.resolve("a.png").toString()).split(" ", -1);
        Outcome o = run(words);
        assertEquals(Exit.USAGE, o.code(), o.err());
        String option = words[words.length - 2].toString();
        assertTrue(o.err().contains(option.equals("-o") ? "'--output'" : option.startsWith("-") ? option : "(F)"),
                o.err());
        assertTrue(o.err().contains("an empty name"), o.err());
    }

    @Test
    void anEmptyNameIsNoFolder() {
        assertRefused(Exit.USAGE, run("stress", "run", "--images", "", "--edit-mask", "all", "--prompt", "x", "-o",
                temp.resolve("run")), "a film's name is empty");
        assertRefused(Exit.USAGE, run("score", "", "--text", "x"), "empty");
    }

    @Test
    void picturesOfAListMakeTheirFolder() throws IOException {
        Path list = write("p.csv", "case_id,prompt\nA,x\nB,y\n");
        Path made = temp.resolve("new/films");
        Outcome o = run("generate", "--prompts", list, "--model", MODEL, "--steps", 1, "-o", made);
        assertEquals(0, o.code(), o.err());
        assertTrue(Files.isRegularFile(made.resolve("A.png")) && Files.isRegularFile(made.resolve("B.png")));
        assertEquals(0, run("generate", "--prompts", list, "--model", MODEL, "--steps", 1, "-o",
                temp.resolve("slash") + "/").code());
        assertEquals(Exit.INPUT, run("generate", "--prompts", list, "--model", MODEL, "--steps", 0, "-o",
                temp.resolve("none")).code());
        assertTrue(Files.notExists(temp.resolve("none")), "no folder without pictures");
        assertRefused(Exit.USAGE, run("generate", "x", "--model", MODEL, "-o", temp.resolve("none")), "must end in");
    }
}
