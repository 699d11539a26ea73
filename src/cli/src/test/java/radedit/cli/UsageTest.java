package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Parsing of the command line. */
class UsageTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);

    @TempDir
    Path temp;

    /** Every option that takes one value, of every command, is refused when it is given twice. */
    @Test
    void noSingleValueIsOverwritten() {
        CommandLine main = Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err));
        int tried = twice(main, "");
        assertTrue(tried > 150, "options tried: " + tried);
    }

    private static int twice(CommandLine command, String path) {
        int tried = 0;
        for (var option : command.getCommandSpec().options()) {
            if (option.isMultiValue() || option.usageHelp() || option.versionHelp()) {
                continue;
            }
            String value = option.arity().max() == 0 ? "" : " 1";
            String words = path + " " + option.longestName() + value + " " + option.longestName() + value;
            Outcome o = run((Object[]) words.strip().split(" "));
            assertEquals(Exit.USAGE, o.code(), words);
            assertTrue(o.err().contains(option.longestName() + " is given more than once")
                    || o.err().contains("Invalid value for option '" + option.longestName()), words + ": " + o.err());
            tried++;
        }
        for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
            tried += twice(sub.getValue(), path + " " + sub.getKey());
        }
        return tried;
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, -1", "18446744073709551615, -1", "9223372036854775808, -9223372036854775808",
            "-9223372036854775808, -9223372036854775808", "+7, 7", "007, 7"})
    void seedsAreTorchs(String given, long seed) {
        assertEquals(seed, new SeedConverter().convert(given));
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775809", "18446744073709551616", "1e3", "0x10", "''", "seven", "1.0"})
    void otherSeedsAreRefused(String given) {
        assertRefused(Exit.USAGE, run("generate", "x", "-o", temp.resolve("x.png"), "--seed", given), "--seed");
    }

    /** 2^64 - 1 is -1 and 2^63 is 0 to torch, whose generator takes the low 32 bits. */
    @Test
    void seedsOutsideOfLongsGiveTorchsNumbers() {
        Path a = temp.resolve("a.safetensors");
        Path b = temp.resolve("b.safetensors");
        for (List<String> pair : List.of(List.of("18446744073709551615", "-1"), List.of("9223372036854775808", "0"))) {
            assertEquals(0,
                    run("generate", "x", "--model", MODEL, "--steps", 1, "-o", a, "--seed", pair.get(0)).code());
            assertEquals(0,
                    run("generate", "x", "--model", MODEL, "--steps", 1, "-o", b, "--seed", pair.get(1)).code());
            assertArrayEquals(Fixtures.tensors(a).get("image").data(), Fixtures.tensors(b).get("image").data());
        }
    }

    @Test
    void otherProgramsNamesAreKnown() {
        Path out = temp.resolve("x.png");
        assertRefused(2, run("generate", "a", "-o", out, "--cfg-scale", "7"), "--cfg-scale", "--guidance");
        assertRefused(2, run("generate", "a", "-o", out, "--num-inference-steps", "7"), "--steps");
        assertRefused(2, run("generate", "a", "-o", out, "--num_inference_steps=7"), "--steps");
        assertRefused(2, run("generate", "a", "-o", out, "-n", "blurry"), "'-n'", "--negative-prompt");
        assertRefused(2, run("generate", "a", "-o", out, "--step", "7"), "did you mean --steps");
        assertFalse(Files.exists(out));
    }

    /** Options of a sampler that do not fit together are refused before the work; edits know DDIM alone. */
    @Test
    void samplers() {
        Path out = temp.resolve("x.png");
        Object[] generate = {"generate", "a", "--model", MODEL, "-o", out, "--sampler"};
        assertRefused(2, run(Outcome.line(List.of(generate), "heun")), "'heun' is not one of ddim, dpm++2m, ");
        assertRefused(2, run(Outcome.line(List.of(generate), "ddim", "--sigmas", "karras")), "--sigmas karras needs",
                "--sampler dpm++2m");
        assertRefused(2, run(Outcome.line(List.of(generate), "lcm", "--spacing", "leading")), "--spacing",
                "--sampler lcm");
        assertRefused(2, run(Outcome.line(List.of(generate), "unipc", "--sigmas", "karras", "--spacing", "leading")),
                "--spacing has no effect with --sigmas karras");
        assertRefused(2, run(Outcome.line(List.of(generate), "pndm", "--steps", "3")), "--steps must be at least 4",
                "plms");
        assertRefused(2, run(Outcome.line(List.of(generate), "lcm", "--steps", "51")), "--steps must be from 1 to 50");
        assertRefused(2, run(Outcome.line(List.of(generate), "dpm++2m", "--steps", "0")), "--steps must be from 1");
        assertRefused(2, run("generate", "a", "-o", out, "--sampling-method", "euler"), "use --sampler");
        assertRefused(2,
                run("edit", "--image", "x", "--edit-mask", "x", "--prompt", "x", "-o", out, "--sampler", "euler"),
                "'--sampler'", "edits are inverted with DDIM");
        assertFalse(Files.exists(out));
    }

    /** What saves evaluations is refused by name where it is out of range, or contradicts other options. */
    @Test
    void fewerEvaluations() {
        Path out = temp.resolve("x.png");
        Path film = TestData.reference("tiny/edit_image.png");
        Object[] generate = {"generate", "a", "--model", MODEL, "--steps", 5, "-o", out};
        Object[] edit = {"edit", "--image", film, "--edit-mask", "all", "--prompt", "x", "--model", MODEL, "--steps", 5,
                "-o", out};
        for (Object[] command : new Object[][]{generate, edit}) {
            for (String bad : List.of("", "0.2", "0.2,0.5,0.8", "0.2;0.8")) {
                assertRefused(2, run(Outcome.line(List.of(command), "--guidance-interval", bad)), "--guidance-interval",
                        "is not two numbers A,B");
            }
            for (String bad : List.of(",", "a,b", "0.2,", "0.2,x", "10%,90%")) {
                assertRefused(2, run(Outcome.line(List.of(command), "--guidance-interval", bad)), "--guidance-interval",
                        "is not a number");
            }
            for (String bad : List.of("0.8,0.2", "-0.1,1", "0,1.1", "NaN,1", "0,nan", "0,Infinity")) {
                assertEquals(2, run(Outcome.line(List.of(command), "--guidance-interval=" + bad)).code(), bad);
            }
            assertRefused(2, run(Outcome.line(List.of(command), "--guidance-interval", "0.8,0.2")),
                    "--guidance-interval must be two numbers from 0 to 1, the smaller one first, not 0.8,0.2");
            assertRefused(2, run(Outcome.line(List.of(command), "--guidance-interval", "0.21,0.22")),
                    "--guidance-interval 0.21,0.22 has none of the");
        }
        for (String bad : List.of("0", "-0.5", "1.5", "NaN")) {
            assertRefused(2, run(Outcome.line(List.of(generate), "--unguided-after=" + bad)),
                    "--unguided-after must be above 0 and at most 1, not " + bad.replaceFirst("^0$", "0.0"));
        }
        assertRefused(2, run(Outcome.line(List.of(generate), "--unguided-after", "")), "--unguided-after");
        assertRefused(2, run(Outcome.line(List.of(generate), "--guidance", 1, "--guidance-interval", "0,0.5")),
                "--guidance-interval needs a --guidance above 1, not 1.0");
        assertRefused(2, run(Outcome.line(List.of(generate), "--guidance", 1, "--unguided-after", 0.5)),
                "--unguided-after needs a --guidance above 1, not 1.0");
        for (Object[] other : new Object[][]{{"--deep-cache", 2}, {"--no-reuse"}, {"--guidance-interval", "0,0.5"}}) {
            assertRefused(2,
                    run(Outcome.line(List.of(Outcome.line(List.of(generate), "--unguided-after", 0.5)), other)),
                    "--unguided-after and " + other[0] + " exclude each other");
        }
        assertRefused(2, run(Outcome.line(List.of(edit), "--unguided-after", 0.5)), "'--unguided-after'");
        assertFalse(Files.exists(out));
    }

    @Test
    void badPrecisions() {
        Path out = temp.resolve("x.png");
        Object[] line = {"generate", "x", "--model", MODEL, "--steps", 1, "-o", out};
        for (String bad : List.of("foo", "", "fp32", "tf-32", "float16")) {
            assertRefused(2, run(Outcome.line(List.of(line), "--emulate-precision", bad)), "--emulate-precision",
                    "'" + bad + "' is not one of none, tf32, fp16, bf16");
        }
        assertRefused(2, run(Outcome.line(List.of(line), "--emulate-precision", "tf32", "--emulate-precision", "fp16")),
                "--emulate-precision", "more than once");
        assertRefused(2, run(Outcome.line(List.of(line), "--emulate-precision")), "--emulate-precision");
        assertRefused(2, run("audit", "digits-part", "unet", "--inputs", "x", "--emulate-precision", "tf32"),
                "--emulate-precision", "leave it out");
        assertFalse(Files.exists(out));
        assertEquals(0, run(Outcome.line(List.of(line), "--emulate-precision", "NONE")).code());
        assertFalse(run("show", out).out().contains("emulate precision"));
    }

    /** Option values are shown in lower case and accepted in any case. */
    @Test
    void choices() {
        Path out = temp.resolve("x.png");
        Object[] edit = {"edit", "--image", "x", "--edit-mask", "x", "--prompt", "x", "-o", out};
        assertRefused(2, run(Outcome.line(List.of(edit), "--mode", "other")), "'other' is not one of paper, released");
        assertRefused(2, run(Outcome.line(List.of(edit), "--mask-rule", "some")), "not one of nearest, any, majority");
        assertRefused(2, run(Outcome.line(List.of(edit), "--resample", "magic")),
                "not one of bilinear, bicubic, lanczos");
        assertRefused(2, run(Outcome.line(List.of(edit), "--fit", "squeeze")), "not one of resize-crop, pad, stretch");
        assertRefused(2, run(Outcome.line(List.of(edit), "--steps", "many")), "--steps",
                "'many' is not a whole number");
        assertEquals(0, run("generate", "x", "--model", MODEL, "--steps", 1, "-o", out, "--rng", "TORCH-CUDA").code());
    }

    /** The message about a range is the same for every number outside, and correct. */
    @Test
    void rangesAreTold() {
        Object[] line = {"generate", "a", "b", "--count", 3, "--model", MODEL, "--steps", 1, "-o",
                temp.resolve("x.png")};
        for (Object[] c : new Object[][]{{"--batch", 0}, {"--batch", 1025}, {"--batch", -1}}) {
            assertRefused(2, run(Outcome.line(List.of(line), c)), "--batch must be from 1 to 1024, not " + c[1]);
            assertRefused(2, run("bench", c[0], c[1]), "--batch must be from 1 to 1024, not " + c[1]);
        }
        for (int size : new int[]{0, -8, 16385}) {
            assertRefused(2, run(Outcome.line(List.of(line), "--size", size)), "--size must be a multiple",
                    "16384, not "
                            + size);
            assertRefused(2, run("bench", "--size", size), "--size must be a multiple", "16384, not " + size);
        }
        assertRefused(2, run(Outcome.line(List.of(line), "--size", 20)), "a multiple of 8 from 8 to 16384, not 20");
        assertRefused(2, run(Outcome.line(List.of(line), "--size", "99999999999")), "99999999999 is too large");
        for (String only : List.of("2-9", "7", "1234567", "3-99999999999999999999999")) {
            assertRefused(2, run(Outcome.line(List.of(line), "--only", "1," + only)),
                    "pictures of the batch from 1 to 6, not "
                            + only);
        }
        assertRefused(2, run(Outcome.line(List.of(line), "--only", "0")), "'0' is not a range of numbers from 1 on");
        for (int count : new int[]{0, -1, 2049, 2_000_000_000}) {
            assertRefused(2, run(Outcome.line(List.of(line), "--count", count)),
                    "--count must be from 1 to 2048 for 2 prompts, not " + count);
        }
        for (int steps : new int[]{1, 1001}) {
            assertRefused(2, run("demo", "--steps", steps), "--steps must be from 2 to 1000, not " + steps);
        }
        for (int threads : new int[]{-1, 1025}) {
            assertRefused(2, run(Outcome.line(List.of(line), "--threads", threads)),
                    "--threads must be from 0 to 1024, not "
                            + threads);
        }
        assertTrue(run("generate", "--help").out().replaceAll("\\s+", " ")
                .contains("at most 1024 (default: 0, one per"));
    }

    /** Messages about malformed numbers, including decimal commas. */
    @Test
    void numbersAreRead() {
        Object[] line = {"generate", "a", "--model", MODEL, "--steps", 1, "-o", temp.resolve("x.png")};
        assertRefused(2, run(Outcome.line(List.of(line), "--guidance", "7,5")), "'7,5' is not a number", ": 7.5");
        assertRefused(2, run(Outcome.line(List.of(line), "--guidance", "much")), "'much' is not a number\n");
        assertRefused(2, run("edit", "--weight", ",5"), "',5' is not a number", ": .5");
        assertRefused(2, run("weights", "synthesize", "x", "--seed", "1.5"), "'1.5' is not a whole number");
        assertRefused(2, run("weights", "synthesize", "x", "--seed", "9223372036854775808"), "is too large");
    }

    @Test
    void guidanceBeyondSenseIsWarnedOf() {
        Path out = temp.resolve("x.png");
        Path film = TestData.reference("tiny/edit_image.png");
        for (String scale : List.of("1000.5", "-2000")) {
            Outcome o = run("generate", "a", "--model", MODEL, "--steps", 1, "-o", out, "--guidance", scale);
            assertTrue(o.code() == 0 && o.err().contains("warning: --guidance " + Double.valueOf(scale)), o.err());
            o = run("edit", "--image", film, "--edit-mask", "all", "--prompt", "a", "--model", MODEL, "--steps", 4,
                    "-o",
                    out, "--weight", scale);
            assertTrue(o.err().contains("warning: --weight " + Double.valueOf(scale)), o.err());
        }
        assertEquals("", run("generate", "a", "--model", MODEL, "--steps", 1, "-o", out, "--guidance", 1000).err());
        assertRefused(2,
                run("edit", "--image", film, "--edit-mask", "all", "--prompt", "a", "--prompt", "b", "--weight",
                        1, "-o", out),
                "--weight is given once, --prompt 2 times");
    }

    @Test
    void helpIsShown() {
        Outcome o = run("help", "generate");
        assertEquals(0, o.code(), o.err());
        assertEquals(run("generate", "--help"), o);
        assertTrue(o.out().startsWith("Usage: radedit generate"), o.out());
        assertEquals(run("weights", "convert", "--help"), run("help", "weights", "convert"));
        assertEquals(run("--help"), run("help"));
        assertRefused(2, run("help", "nothing"), "'nothing'", "generate");
    }
}
