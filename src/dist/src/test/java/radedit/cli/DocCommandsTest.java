package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.FakeHub;
import radedit.testkit.Fixtures;
import radedit.testkit.PublishedModel;

/**
 * Every shell block of README, CONTRIBUTING and docs/ runs in bash, in a folder of its page's own, and succeeds. There,
 * {@code ./radedit} and {@code ./mvnw} lead to a {@link CommandServer}; the hub is a {@link FakeHub} with tiny weights;
 * and files that a reader would bring are there.
 */
@DisabledOnOs(OS.WINDOWS)
class DocCommandsTest {
    private static final int MOST_NOT_RUN = 5;
    private static final String STUB = """
            #!/usr/bin/env bash
            exec 3<>"/dev/tcp/127.0.0.1/$DOCS_PORT"
            printf '%s\\0' "$(($# + 1))" "${0##*/}" "$@" >&3
            read -r code <&3
            cat "$DOCS_ANSWERS/out"
            cat "$DOCS_ANSWERS/err" >&2
            exit "$code"
            """;

    @TempDir
    static Path temp;

    private static final FakeHub HUB = new FakeHub();
    private static Path folder;
    private static Map<String, String> environment;
    private static Process server;

    @BeforeAll
    static void start() throws IOException {
        PublishedModel.publish(HUB, Fixtures.model(Size.TINY), true);
        folder = Files.createDirectories(temp.resolve("work"));
        Path answers = Files.createDirectories(temp.resolve("answers"));
        ProcessBuilder b = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", "-Xmx2g", "-cp",
                System.getProperty("java.class.path"), CommandServer.class.getName(), answers.toString(),
                Path.of("").toAbsolutePath().toString()).directory(folder.toFile())
                .redirectError(temp.resolve("server.log").toFile());
        b.environment().keySet().removeIf(k -> k.startsWith("HF_") || k.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        b.environment().putAll(Map.of("HF_ENDPOINT", HUB.endpoint(), "HF_HOME", temp.resolve("hf").toString(),
                "RADEDIT_HOME", temp.resolve("home").toString()));
        server = b.start();
        String port = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
        environment = Map.of("DOCS_PORT", port, "DOCS_ANSWERS", answers.toString(), "LC_ALL", "C.UTF-8");
    }

    @AfterAll
    static void end() {
        server.destroy();
        HUB.close();
    }

    @Test
    void theyWork() throws Exception {
        int run = 0;
        for (Markdown page : Markdown.pagesWithCommands()) {
            List<Markdown.Block> blocks = page.blocks().stream().filter(x -> x.isShell() && x.notRun() == null)
                    .toList();
            if (!blocks.isEmpty()) {
                prepare();
            }
            for (Markdown.Block b : blocks) {
                run(page, b);
                run++;
            }
        }
        assertTrue(run > 20, run + " blocks");
    }

    /** A misspelt option, a missing file, a failing line before a good one, a test and a module that do not exist. */
    @Test
    void mistakesAreNoticed() throws IOException {
        prepare();
        Markdown page = Markdown.read(Path.of("README.md"));
        for (String text : List.of("./radedit generate a --stepz 3 -o a.png", "./radedit film read none.png",
                "./radedit film read none.png\n./radedit doctor", "./mvnw test -Dtest=NoSuchTest",
                "./mvnw test -pl src/none")) {
            assertThrows(AssertionError.class, () -> run(page, new Markdown.Block(1, "sh", text, null)), text);
        }
    }

    /** What is not run is little, and says why. */
    @Test
    void exceptionsAreFew() {
        List<Markdown.Block> all = Markdown.pagesWithCommands().stream().flatMap(p -> p.blocks().stream())
                .filter(b -> b.notRun() != null).toList();
        assertTrue(all.size() <= MOST_NOT_RUN, all.toString());
        all.forEach(b -> assertTrue(b.isShell() && b.notRun().split(" ").length >= 4, b.toString()));
    }

    /** An empty folder with the two programs, and the files that readers have. */
    private static void prepare() throws IOException {
        try (Stream<Path> old = Files.walk(folder)) {
            for (Path p : old.sorted(Comparator.reverseOrder()).filter(p -> !p.equals(folder)).toList()) {
                Files.delete(p);
            }
        }
        for (String name : List.of("radedit", "mvnw")) {
            assertTrue(Files.writeString(folder.resolve(name), STUB).toFile().setExecutable(true));
        }
        copy(TestData.resource("/cxr/Fake_MONOHR1.dcm"), "film.dcm");
        copy(TestData.resource("/cxr/masks/seg_binary.dcm"), "seg.dcm");
        Files.writeString(folder.resolve("chexmask.csv"),
                "Image Index,Left Lung,Height,Width\nfilm.png,700 9 828 9,128,128\n");
        copy(TestData.resource("/pickle/two.pt"), "training.ckpt");
        copy(TestData.reference("tiny/unet_1x16x24.safetensors"), "unet-inputs.safetensors");
        copy(TestData.reference("tiny/unet_1x16x24.safetensors"), "unet-results.safetensors");
    }

    private static void copy(Path from, String name) throws IOException {
        Files.copy(from, folder.resolve(name));
    }

    private static void run(Markdown page, Markdown.Block block) throws IOException, InterruptedException {
        Path log = temp.resolve("block.log");
        ProcessBuilder b = new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", block.text())
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        b.environment().putAll(environment);
        Process p = b.start();
        String what = page.file() + ":" + block.line() + "\n" + block.text();
        if (!p.waitFor(180, TimeUnit.SECONDS)) {
            p.destroyForcibly();
            throw new AssertionError("does not end: " + what);
        }
        assertEquals(0, p.exitValue(), () -> what + read(log));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
