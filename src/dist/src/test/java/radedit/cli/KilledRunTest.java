package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import radedit.stress.Manifest;
import radedit.stress.Values;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/**
 * Runs of a stress test whose process ends at any instant, or whose disk is full: the same command ends with the folder of an
 * undisturbed run. {@code -Dkilled.kills=200 -Dkilled.cases=60} is the long form.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledRunTest {
    private static final int KILLS = Integer.getInteger("killed.kills", 2);
    private static final int CASES = Integer.getInteger("killed.cases", 12);
    private static final long SEED = Long.getLong("killed.seed", 1);

    @TempDir
    private static Path temp;

    private Map<String, Object> whole;
    private long length;

    @BeforeAll
    void undisturbed() throws Exception {
        Files.copy(TestData.reference("tiny/edit_image.png"), temp.resolve("a.png")); // 128 x 128
        StringBuilder rows = new StringBuilder("case_id,image,edit_mask,prompt,seed,note\n");
        for (int i = 0; i < CASES; i++) {
            rows.append("c").append(i).append(",a.png,\"box:").append(i).append(",9,60,60\",Cardiomegaly,")
                    .append(i / 3).append(",\"a, b\"\n");
        }
        Files.writeString(temp.resolve("m.csv"), rows.toString());
        long start = System.nanoTime();
        whole = finished("whole");
        length = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private ProcessBuilder run(String folder) {
        return RadEditProcess.of(temp.resolve("home"), "stress", "run", temp.resolve("m.csv"), "-o",
                temp.resolve(folder), "--model", Fixtures.model(Size.TINY), "--steps", 4, "--threads", 1,
                "--quiet").redirectErrorStream(true).redirectOutput(temp.resolve("out").toFile());
    }

    private int finish(ProcessBuilder b) throws IOException, InterruptedException {
        Process p = b.start();
        try {
            assertTrue(p.waitFor(5, TimeUnit.MINUTES), "ends");
            return p.exitValue();
        } finally {
            p.destroyForcibly();
        }
    }

    /** Runs to the end and returns what is in the folder. */
    private Map<String, Object> finished(String folder) throws IOException, InterruptedException {
        int code = finish(run(folder));
        assertEquals(Exit.OK, code, this::said);
        Map<String, Object> content = content(temp.resolve(folder));
        assertEquals(CASES, content.keySet().stream().filter(f -> f.startsWith("images")).count());
        return content;
    }

    private String said() {
        try {
            Path results = temp.resolve("whole/results.csv");
            return Files.readString(temp.resolve("out")) + (Files.exists(results) ? Files.readString(results) : "");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Files by name, without what tells the time. */
    private static Map<String, Object> content(Path root) throws IOException {
        Map<String, Object> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path f : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(f).toString();
                all.put(name, switch (name) {
                    case "results.csv" -> untimed(Manifest.read(f));
                    // who reads the film first depends on the kills; whose case it is does not
                    case "journal.jsonl" -> Files.readAllLines(f).stream()
                            .map(l -> l.replaceFirst("\"evaluations\".*", "")).sorted().toList();
                    default -> new String(Files.readAllBytes(f), StandardCharsets.ISO_8859_1);
                });
            }
        }
        return all;
    }

    private static List<Values> untimed(Manifest results) {
        assertTrue(results.columns().contains("seconds"), results.columns()::toString);
        return results.rows().stream().map(r -> r.without("seconds")).toList();
    }

    private static void assertSame(Map<String, Object> expected, Map<String, Object> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, content) -> assertEquals(content, actual.get(name), name));
    }

    @Test
    void killedAtRandomInstants() throws Exception {
        Random random = new Random(SEED);
        List<String> unfinished = new ArrayList<>();
        int folder = 0;
        for (int kills = 0; kills < KILLS;) {
            Process p = run("killed" + folder).start();
            try {
                if (p.waitFor((long) ((kills + random.nextDouble()) / KILLS * length), TimeUnit.MILLISECONDS)) {
                    assertEquals(Exit.OK, p.exitValue(), this::said);
                    assertSame(whole, finished("killed" + folder));
                    folder++;
                    continue;
                }
            } finally {
                p.destroyForcibly().waitFor();
            }
            kills++;
            unfinished.add(folder + ":" + journal(temp.resolve("killed" + folder)));
        }
        assertSame(whole, finished("killed" + folder));
        System.out.printf("%d kills, cases done at each (folder:cases): %s%n", KILLS, unfinished);
    }

    private static long journal(Path run) throws IOException {
        Path file = run.resolve("journal.jsonl");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    /** No file can become larger than a few blocks of 512 bytes: writing fails, as on a disk that is full. */
    @Test
    void fullDisk() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell's ulimit");
        ProcessBuilder b = run("full");
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 8 && exec \"$@\"", "sh"));
        line.addAll(b.command());
        line.add(line.indexOf("-cp"), "-XX:-UsePerfData"); // the JVM's own file
        b.command(line);
        assertEquals(Exit.FAILED, finish(b), this::said);
        String said = said();
        assertTrue(said.contains(temp.resolve("full") + "/") && said.contains("File too large"), said);
        assertEquals(1, said.lines().filter(l -> l.startsWith("radedit:") && !l.contains("warning")).count(), said);
        assertSame(whole, finished("full"));
    }
}
