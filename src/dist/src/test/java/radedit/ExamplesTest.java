package radedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Images;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel;
import radedit.testkit.Fixtures;

/** The examples of using the library are short, compile against its jars alone, and do what they say. */
class ExamplesTest {
    private static final Path SOURCES = Path.of("examples", "src", "main");

    @TempDir
    static Path classes;

    @TempDir
    Path temp;

    private static String classPath() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target", "lib"))) {
            return jars.map(p -> p.toAbsolutePath().toString()).sorted()
                    .collect(Collectors.joining(java.io.File.pathSeparator));
        }
    }

    @BeforeAll
    static void compile() throws IOException {
        List<String> line = new ArrayList<>(
                List.of("-d", classes.toString(), "-cp", classPath(), "-Xlint:all", "-Werror"));
        try (Stream<Path> files = Files.list(SOURCES.resolve("java/examples"))) {
            files.map(Path::toString).forEach(line::add);
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, line.toArray(String[]::new)));
        Path services = Path.of("META-INF", "services", "radedit.imaging.FilmReader");
        Files.createDirectories(classes.resolve(services).getParent());
        Files.copy(SOURCES.resolve("resources").resolve(services), classes.resolve(services));
    }

    @Test
    void eachIsShort() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve("java/examples"))) {
            for (Path p : files.toList()) {
                assertTrue(Files.readAllLines(p).size() < 45, p.toString());
            }
        }
    }

    /** One after the other: each makes what the next one reads. */
    @Test
    void theyWork() throws Exception {
        String model = Fixtures.model(SyntheticModel.Size.TINY).toAbsolutePath().toString();
        assertEquals("", run("Generate", model, "film.png"));
        Picture film = Images.read(temp.resolve("film.png"));
        StringBuilder pgm = new StringBuilder("P2\n# grey\n" + film.width() + " " + film.height() + "\n255\n");
        for (byte b : film.samples()) {
            pgm.append(b & 0xFF).append('\n');
        }
        Files.writeString(temp.resolve("film.pgm"), pgm);
        assertEquals("", run("Edit", model, "film.pgm", "box:16,16,64,64", "edited.png"));
        Picture edited = Images.read(temp.resolve("edited.png"));
        assertEquals(film.width(), edited.width());
        assertTrue(!film.equals(edited));
        List<String> seen = run("WatchValues", model, "conv_in").lines().toList();
        assertEquals(3, seen.size(), "once a step");
        assertTrue(seen.stream().allMatch(l -> l.matches("\\[2, \\d+, 16, 16], root mean square \\d+[.,]\\d{4}")),
                seen::toString);
        String block = "mid_block.attentions.0.transformer_blocks.0.attn2";
        List<String> shares = run("AttentionMaps", model, "0", block, "Small effusion").lines().toList();
        assertEquals(12, shares.size());
        double sum = shares.stream().mapToDouble(l -> Double.parseDouble(l.replaceAll(".*: ", "").replace(',', '.')))
                .sum();
        assertEquals(1, sum, 1e-3);
        assertTrue(!run("AblateBlock", model, block + ".to_out.0").contains("0.0000"), "the block matters");
        List<String> scores = run("Score", "demo", "film.png", "Normal", "Nodule").lines().toList();
        assertEquals(2, scores.size());
        assertTrue(scores.get(0).endsWith("  Normal") && scores.get(1).endsWith("  Nodule"), scores::toString);
    }

    private String run(String name, String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-cp",
                classes + java.io.File.pathSeparator + classPath(), "examples." + name));
        line.addAll(List.of(args));
        Process p = new ProcessBuilder(line).directory(temp.toFile())
                .redirectError(temp.resolve("err.log").toFile()).redirectOutput(temp.resolve("out.log").toFile())
                .start();
        assertTrue(p.waitFor(120, TimeUnit.SECONDS), "ends");
        assertEquals(0, p.exitValue(), () -> read("err.log"));
        return read("out.log");
    }

    private String read(String name) {
        try {
            return Files.readString(temp.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
