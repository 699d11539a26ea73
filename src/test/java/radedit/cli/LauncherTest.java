package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

import radedit.Fixtures;
import radedit.imaging.Images;
import radedit.tools.Synthesize.Size;

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
        assertEquals("", o.err, "no warning of the JVM either");
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
        ProcessBuilder b = process(LAUNCHER, "generate", "a", "--model", MODEL, "--steps", 1, "--size", 1024, "-o",
                "x.png");
        b.environment().put("RADEDIT_JAVA_OPTS", "-Xmx200m");
        Outcome refused = finish(b.start());
        assertEquals(5, refused.code, refused.err);
        Matcher offer = Pattern.compile("; (--.*) fits\n").matcher(refused.err);
        assertTrue(offer.find(), refused.err);
        b.command().addAll(List.of(offer.group(1).split(" ")));
        Outcome o = finish(b.start());
        assertEquals(0, o.code, () -> offer.group(1) + ": " + o.err);
    }
}
