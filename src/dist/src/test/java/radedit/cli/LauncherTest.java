package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import radedit.about.Version;
import radedit.imaging.Images;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** The script radedit, as a user starts it. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("radedit").toAbsolutePath();
    private static final Path MODEL = Fixtures.model(Size.TINY).toAbsolutePath();

    @TempDir
    Path temp;

    private record Outcome(int code, String out, String err) {}

    private ProcessBuilder process(Path launcher, Object... args) {
        List<String> line = new ArrayList<>(List.of(launcher.toString()));
        for (Object a : args) {
            line.add(a.toString());
        }
        ProcessBuilder b = new ProcessBuilder(line).directory(temp.toFile())
                .redirectOutput(temp.resolve("out.log").toFile()).redirectError(temp.resolve("err.log").toFile());
        b.environment().putAll(Map.of("LC_ALL", "C", "XDG_CACHE_HOME", temp.resolve("cache").toString()));
        return b;
    }

    private Outcome finish(Process p) throws IOException, InterruptedException {
        assertTrue(p.waitFor(120, TimeUnit.SECONDS), "ends");
        return new Outcome(p.exitValue(), read("out.log"), read("err.log"));
    }

    private String read(String name) throws IOException {
        return Files.readString(temp.resolve(name), StandardCharsets.UTF_8);
    }

    @Test
    void worksThroughALinkFromAnyFolderWithAnyName() throws Exception {
        Path odd = Files.createDirectories(temp.resolve("a folder, ünïcode"));
        Path link = Files.createSymbolicLink(odd.resolve("rad edit"), LAUNCHER);
        Path out = odd.resolve("fïlm.png");
        Outcome o = finish(process(link, "generate", "Épanchement", "--model", MODEL, "--steps", 1, "-o", out).start());
        assertEquals(
                "radedit: warning: the text encoder does not know 'Épanchement', so the result may show something"
                        + " else; try other words of English radiology reports\n",
                o.err, "no warning of the JVM");
        assertEquals(out + "\n", o.out);
        assertEquals(0, o.code);
        assertEquals(128, Images.read(out).width());
        assertTrue(Files.readString(out, StandardCharsets.ISO_8859_1).contains("\\u00C9panchement"));
    }

    @Test
    void errorsComeThroughWithTheirCode() throws Exception {
        Outcome o = finish(process(LAUNCHER, "generate", "a", "--model", "nowhere", "-o", "x.png").start());
        assertEquals(new Outcome(4, "", "radedit: nowhere: no such model folder\n"), o);
    }

    @Test
    void interruptionLeavesNoHalfFile() throws Exception {
        Path out = temp.resolve("x.png");
        Process p = process(LAUNCHER, "generate", "a", "--model", MODEL, "--steps", 1000, "--count", 8, "-o", out,
                "--progress").start();
        for (int i = 0; i < 600 && !read("err.log").contains("denoising"); i++) {
            Thread.sleep(100);
        }
        assertTrue(read("err.log").contains("denoising"), "is at work");
        new ProcessBuilder("kill", "-INT", Long.toString(p.pid())).start().waitFor();
        assertEquals(130, finish(p).code);
        try (Stream<Path> left = Files.list(temp)) {
            assertFalse(left.anyMatch(f -> f.toString().contains("x.png") || f.toString().endsWith(".part")));
        }
    }

    @Test
    void anInterruptedEditSaysThatNothingIsWritten() throws Exception {
        Path out = temp.resolve("x.png");
        Process p = process(LAUNCHER, "edit", "--image", TestData.reference("tiny/edit_image.png"), "--edit-mask",
                "box:20,20,60,60", "--prompt", "a", "--model", MODEL, "--steps", 1000, "-o", out, "--progress").start();
        for (int i = 0; i < 600 && !read("err.log").contains("inverting"); i++) {
            Thread.sleep(100);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(p.pid())).start().waitFor();
        Outcome o = finish(p);
        assertEquals(130, o.code, o.err);
        assertTrue(o.err.endsWith("radedit: interrupted; nothing is written\n"), o.err);
        assertFalse(Files.exists(out));
    }

    /** A table that does not fit gives the reason, as every other output does. */
    @Test
    void aFullStdoutGivesTheReason() throws Exception {
        String shell = "'" + LAUNCHER + "' score '" + TestData.reference("tiny/edit_image.png")
                + "' --text a --csv --quiet > /dev/full; echo $?";
        Outcome o = finish(new ProcessBuilder("bash", "-c", shell).directory(temp.toFile())
                .redirectOutput(temp.resolve("out.log").toFile()).redirectError(temp.resolve("err.log").toFile())
                .start());
        assertEquals("1\n", o.out, o.err);
        assertEquals("radedit: stdout cannot be written to: No space left on device\n", o.err);
    }

    @Test
    void interruptionKeepsWhatIsDoneAndSaysWhatIsMissing() throws Exception {
        Path out = temp.resolve("x.png");
        Process p = process(LAUNCHER, "generate", "a", "--model", MODEL, "--steps", 20, "--count", 4000, "-o", out,
                "--batch", 2).start();
        for (int i = 0; i < 2400 && !Files.exists(temp.resolve("x-2.png")); i++) {
            Thread.sleep(50);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(p.pid())).start().waitFor();
        Outcome o = finish(p);
        assertEquals(130, o.code, o.err);
        List<String> written = o.out.lines().toList();
        int n = written.size();
        assertTrue(n >= 2 && n < 4000, n + " written");
        for (int k = 1; k <= n; k++) {
            assertEquals(temp.resolve("x-" + k + ".png").toString(), written.get(k - 1));
            assertEquals(128, Images.read(temp.resolve("x-" + k + ".png")).width());
        }
        // One more may have been renamed, but neither counted nor told.
        assertTrue(o.err.matches("radedit: \\d+ of 4000 pictures are written; the same command with --only \\d+-4000"
                + " makes the rest\n"), o.err);
        int told = Integer.parseInt(o.err.replaceAll("(?s)^radedit: (\\d+) of.*", "$1"));
        assertTrue(told == n || told == n - 1, o.err);
        try (Stream<Path> left = Files.list(temp)) {
            assertFalse(left.anyMatch(f -> f.toString().endsWith(".part")));
        }
    }

    /** What stdout is for: a picture to another program, or nothing any more where that has gone. */
    @Test
    void pipes() throws Exception {
        Path file = temp.resolve("x.png");
        assertEquals(0,
                finish(process(LAUNCHER, "generate", "a", "--model", MODEL, "--steps", 1, "-o", file).start()).code);
        String shell = "'" + LAUNCHER + "' generate a --model '" + MODEL + "' --steps 1 -o - | cat > y.png; "
                + "'" + LAUNCHER + "' --help | true; echo ${PIPESTATUS[0]}; "
                + "'" + LAUNCHER + "' film explain '" + file + "' > /dev/full; echo $?";
        Outcome o = finish(new ProcessBuilder("bash", "-c", shell).directory(temp.toFile())
                .redirectOutput(temp.resolve("out.log").toFile()).redirectError(temp.resolve("err.log").toFile())
                .start());
        assertEquals("141\n1\n", o.out, o.err);
        assertEquals("radedit: stdout cannot be written to: No space left on device\n", o.err);
        assertArrayEquals(Images.read(file).samples(), Images.read(temp.resolve("y.png")).samples());
    }

    @Test
    void tooSmallAHeapIsSaidBeforeTheWork() throws Exception {
        ProcessBuilder b = process(LAUNCHER, "generate", "a", "--model", MODEL, "--size", 1024, "-o", "x.png");
        b.environment().put("RADEDIT_JAVA_OPTS", "-Xmx96m -Xlog:disable");
        Outcome o = finish(b.start());
        assertEquals(5, o.code, o.err);
        assertTrue(o.err.startsWith("radedit: too little memory: ") && o.err.lines().count() == 1, o.err);
    }

    /** What a message offers is accepted, and gives a picture. */
    @Test
    void whatIsOfferedFits() throws Exception {
        Outcome refused = generateInSmallHeap("--size", "1024");
        assertEquals(5, refused.code, refused.err);
        Matcher offer = Pattern.compile("; (--.*) fits\n").matcher(refused.err);
        assertTrue(offer.find(), refused.err);
        List<String> offered = new ArrayList<>(List.of(offer.group(1).split(" ")));
        if (!offered.contains("--size")) {
            offered.addAll(List.of("--size", "1024"));
        }
        Outcome o = generateInSmallHeap(offered.toArray(String[]::new));
        assertEquals(0, o.code, () -> offer.group(1) + ": " + o.err);
    }

    private Outcome generateInSmallHeap(String... options) throws Exception {
        ProcessBuilder b = process(LAUNCHER, "generate", "a", "--model", MODEL, "--steps", 1, "-o", "x.png");
        b.command().addAll(List.of(options));
        b.environment().put("RADEDIT_JAVA_OPTS", "-Xmx200m");
        return finish(b.start());
    }

    /**
     * Help starts from an archive of classes that the build made; it says the same without one, and with a useless one.
     */
    @Test
    void helpSaysTheSameWithAnyArchiveOfClasses() throws Exception {
        assertTrue(Files.size(Path.of("target/help.aot")) > 1_000_000, "made by the build");
        StringWriter expected = new StringWriter();
        PrintWriter to = new PrintWriter(expected);
        assertEquals(0, Main.run(new String[]{"edit", "--help"}, to, to));
        Path home = Files.createDirectories(temp.resolve("home"));
        Files.createDirectories(home.resolve("target"));
        Files.createSymbolicLink(home.resolve("target/lib"), Path.of("target/lib").toAbsolutePath());
        Path script = Files.copy(LAUNCHER, home.resolve("radedit"));
        Path aot = home.resolve("target/help.aot");
        byte[] good = Files.readAllBytes(Path.of("target/help.aot"));
        Outcome whole = new Outcome(0, expected.toString(), "");
        assertEquals(whole, finish(process(LAUNCHER, "edit", "--help").start()), "the build's own");
        assertEquals(whole, finish(process(script, "edit", "--help").start()), "none");
        for (byte[] bad : List.of(good, new byte[0], new byte[5000], Arrays.copyOf(good, 700_000))) {
            Files.write(aot, bad);
            assertEquals(whole, finish(process(script, "edit", "--help").start()),
                    bad.length + " bytes, for other jars");
        }
        for (List<String> line : List.of(List.of("help", "edit"), List.of("edit", "film.png", "-h"))) {
            assertEquals(whole, finish(process(LAUNCHER, line.toArray()).start()), line.toString());
        }
        Outcome other = finish(process(LAUNCHER, "edit", "--prompt", "--help").start());
        assertEquals(2, other.code, "no help, but a mistake");
    }

    /** A JDK that says what it is and does nothing, as a folder. */
    private Path jdk(String name, String version) throws IOException {
        Path home = temp.resolve(name);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho this is " + name + "\n");
        java.toFile().setExecutable(true);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private String said(Map<String, String> environment) throws Exception {
        ProcessBuilder b = process(LAUNCHER, "--version");
        b.environment().putAll(environment);
        Outcome o = finish(b.start());
        assertEquals(0, o.code, o.err);
        return o.out.strip();
    }

    /** JAVA_HOME counts where it is new enough; else 25 is taken before others. */
    @Test
    void choosesAJdk() throws Exception {
        String real = "RadEdit " + Version.get();
        String path = System.getenv("PATH");
        for (String version : List.of("25", "25-ea", "25.0.3", "26.0.1", "30", "100.1")) {
            assertEquals("this is " + version, said(Map.of("JAVA_HOME", jdk(version, version).toString())), version);
        }
        Path jdks = temp.resolve(".jdks");
        jdk(".jdks/my 25", "25.0.9");
        for (String version : List.of("24.0.2", "17.0.1", "9", "1.8.0_400", "", "x")) {
            String said = said(Map.of("JAVA_HOME", jdk("old", version).toString(), "HOME", temp.toString()));
            assertTrue(said.equals(real) || said.equals("this is .jdks/my 25"), said);
        }
        String onPath = jdk("newer", "26.0.1").resolve("bin") + File.pathSeparator + path;
        String said = said(Map.of("JAVA_HOME", "", "PATH", onPath, "HOME", temp.toString()));
        assertTrue(said.equals(real) || said.equals("this is .jdks/my 25"), said);
        assertTrue(Files.isDirectory(jdks));
    }
}
