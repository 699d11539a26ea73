package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import radedit.about.Version;
import radedit.imaging.Images;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/**
 * The script radedit with TornadoVM SDKs of all kinds, none of them real: in a folder of its own, whose mvnw notes that
 * it was called and leaves what a build would.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherSdkTest {
    private static final String MVNW = """
            #!/usr/bin/env bash
            echo "$TORNADOVM_HOME" >>builds
            rm -f target/tornado-argfile target/tornado-sdk
            if [ -d "$TORNADOVM_HOME" ]; then
                file=$TORNADOVM_HOME/tornado-argfile.template
                [ -f "$file" ] || file=$TORNADOVM_HOME/tornado-argfile
                cp "$file" target/tornado-argfile
                { echo "$TORNADOVM_HOME"; cd "$TORNADOVM_HOME/share/java/tornado" && ls tornado-*.jar; cat "$file"; } >target/tornado-sdk
            fi
            """;

    @TempDir
    Path temp;
    private Path home;

    private record Outcome(int code, String out, String err) {}

    /** A built project that was moved there. */
    @BeforeEach
    void project() throws IOException {
        home = Files.createDirectories(temp.resolve("the project, ünïcode"));
        Files.createDirectories(home.resolve("target"));
        Files.copy(Path.of("radedit"), home.resolve("radedit"));
        home.resolve("radedit").toFile().setExecutable(true);
        Files.writeString(home.resolve("mvnw"), MVNW);
        home.resolve("mvnw").toFile().setExecutable(true);
        Files.createDirectory(home.resolve("target/lib"));
        try (Stream<Path> jars = Files.list(Path.of("target", "lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, home.resolve("target/lib").resolve(jar.getFileName()));
            }
        }
    }

    /** A folder that looks like an SDK, whose flags any JVM takes. */
    private Path sdk(String name) throws IOException {
        Path sdk = temp.resolve(name);
        Path jars = Files.createDirectories(sdk.resolve("share/java/tornado"));
        try (ZipOutputStream jar = new ZipOutputStream(
                Files.newOutputStream(jars.resolve("tornado-api-5.2.0-jdk25.jar")))) {
            jar.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            jar.write("Manifest-Version: 1.0\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(sdk.resolve("tornado-argfile.template"), "-Dfake.sdk=1\n");
        return sdk;
    }

    private Outcome run(Object sdk, String... args) throws Exception {
        return run(sdk, Map.of(), args);
    }

    private Outcome run(Object sdk, Map<String, String> more, String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(home.resolve("radedit").toString()));
        line.addAll(List.of(args));
        ProcessBuilder b = new ProcessBuilder(line).directory(temp.toFile())
                .redirectOutput(temp.resolve("out.log").toFile()).redirectError(temp.resolve("err.log").toFile());
        Map<String, String> environment = new HashMap<>(more);
        environment.put("TORNADOVM_HOME", String.valueOf(sdk));
        environment.put("HOME", temp.toString());
        b.environment().putAll(environment);
        if (sdk == null) {
            b.environment().remove("TORNADOVM_HOME");
        }
        Process p = b.start();
        assertTrue(p.waitFor(120, TimeUnit.SECONDS), "ends");
        return new Outcome(p.exitValue(), Files.readString(temp.resolve("out.log"), StandardCharsets.ISO_8859_1),
                Files.readString(temp.resolve("err.log")));
    }

    private List<String> builds() throws IOException {
        Path log = home.resolve("builds");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    @Test
    void buildsAnewForAnotherSdkOnly() throws Exception {
        Path one = sdk("an SDK");
        Path real = one.toRealPath();
        assertEquals(0, run(one, "--version").code);
        assertEquals(List.of(real.toString()), builds());
        assertEquals(0, run(one, "--version").code);
        assertEquals(0, run("an SDK", "--version").code, "a path from here");
        Path link = Files.createSymbolicLink(temp.resolve("current"), one);
        assertEquals(0, run(link, "--version").code, "a link to it");
        assertEquals(1, builds().size(), "nothing has changed");
        Path two = sdk("two");
        Files.delete(link);
        Files.createSymbolicLink(link, two);
        assertEquals(0, run(link, "--version").code);
        assertEquals(2, builds().size(), "the link leads to another");
        Files.writeString(two.resolve("tornado-argfile.template"), "-Dfake.sdk=2\n");
        Files.setLastModifiedTime(two.resolve("tornado-argfile.template"), FileTime.fromMillis(0));
        assertEquals(0, run(two, "--version").code);
        assertEquals(3, builds().size(), "its flags are others, though the file is old");
        Files.move(two.resolve("share/java/tornado/tornado-api-5.2.0-jdk25.jar"),
                two.resolve("share/java/tornado/tornado-api-5.3.0-jdk25.jar"));
        assertEquals(0, run(two, "--version").code);
        assertEquals(4, builds().size(), "it is another version");
        Path three = Files.move(two, temp.resolve("three"));
        assertEquals(0, run(three, "--version").code);
        assertEquals(5, builds().size(), "it has moved");
        assertEquals(0, run(null, "--version").code);
        assertEquals(5, builds().size(), "without one, what was built for one does");
    }

    @Test
    void sdkmansIsFound() throws Exception {
        Path candidates = Files.createDirectories(temp.resolve(".sdkman/candidates/tornadovm"));
        Path sdk = sdk(".sdkman/candidates/tornadovm/5.2.0-opencl");
        Files.createSymbolicLink(candidates.resolve("current"), sdk);
        assertEquals(0, run(null, "--version").code);
        assertEquals(List.of(sdk.toRealPath().toString()), builds());
    }

    /** Each kind of broken SDK: what is said where the GPU is asked for, and that all else works. */
    @Test
    void brokenSdksAreNamed() throws Exception {
        Path empty = Files.createDirectories(temp.resolve("empty/share/java/tornado")).getParent().getParent()
                .getParent();
        Path older = sdk("older");
        Files.move(older.resolve("share/java/tornado/tornado-api-5.2.0-jdk25.jar"),
                older.resolve("share/java/tornado/tornado-api-5.2.0-jdk21.jar"));
        Path bare = sdk("bare");
        Files.delete(bare.resolve("tornado-argfile.template"));
        Path colon = sdk("a:b");
        Path damaged = sdk("damaged");
        Files.writeString(damaged.resolve("tornado-argfile.template"), "--add-modules=tornado.runtime\n");
        Map<Path, String> expected = Map.of(temp.resolve("gone"), "which is not a folder", empty,
                "share/java/tornado holds no tornado-api-*.jar", older, "a TornadoVM SDK for JDK 21", bare,
                "it has neither tornado-argfile.template nor tornado-argfile", colon, "whose path contains ':'",
                damaged,
                "Module tornado.runtime not found");
        for (Map.Entry<Path, String> e : expected.entrySet()) {
            Outcome o = run(e.getKey(), "generate", "x", "--backend", "tornado", "-o", "x.png");
            assertEquals(5, o.code, o.err);
            String said = o.err.lines().filter(l -> !l.contains("building")).reduce((a, b) -> a + "\n" + b).orElse("");
            assertTrue(said.contains(e.getValue()) && said.contains(e.getKey().toString()), said);
            assertEquals(1, said.lines().count(), said);
            Outcome doctor = run(e.getKey(), "doctor");
            assertEquals(0, doctor.code, doctor.err);
            assertTrue(doctor.out.contains("no  tornado    ") && doctor.out.contains(e.getValue()), doctor.out);
            assertTrue(doctor.out.lines().count() <= 5, doctor.out);
            assertEquals("", doctor.err);
        }
    }

    /** What an SDK was built for is needed with it. */
    @Test
    void takesTheJdkThatTheSdkWasBuiltFor() throws Exception {
        Path sdk = sdk("newer");
        Path api = sdk.resolve("share/java/tornado/tornado-api-5.2.0-jdk25.jar");
        Files.move(api, api.resolveSibling("tornado-api-6.0.0-jdk97.jar"));
        Path java = Files.createDirectories(temp.resolve(".jdks/later/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho this is 97\n");
        java.toFile().setExecutable(true);
        Files.writeString(temp.resolve(".jdks/later/release"), "JAVA_VERSION=\"97.0.1\"\n");
        assertEquals("this is 97\n", run(sdk, Map.of("JAVA_HOME", ""), "--version").out);
        assertEquals(1, builds().size());
        assertEquals("RadEdit " + Version.get() + "\n", run(null, Map.of("JAVA_HOME", ""), "--version").out);
        Outcome o = run(sdk, Map.of("JAVA_HOME", System.getProperty("java.home")), "doctor");
        assertTrue(o.out.contains("a TornadoVM SDK for JDK 97, but this is JDK " + Runtime.version().feature()), o.out);
    }

    /**
     * What a driver writes to descriptor 1 does not get among the results, for which the JVM's own log stands in here.
     */
    @Test
    void stdoutIsForResultsAlone() throws Exception {
        Path sdk = sdk("sdk");
        run(sdk, "--version");
        Map<String, String> noisy = Map.of("RADEDIT_JAVA_OPTS", "-Xlog:gc+init:stdout");
        Outcome o = run(sdk, noisy, "devices", "--json");
        assertEquals(0, o.code, o.err);
        assertTrue(o.err.contains("[gc,init]"), o.err);
        assertEquals(3, OutputOptions.JSON.readTree(o.out).get("devices").size(), o.out);
        // A prompt that looks like an option has the launcher prepare for a GPU.
        List<String> line = List.of("bash", "-c", "\"$0\" \"$@\" | cat >x.png; exit ${PIPESTATUS[0]}",
                home.resolve("radedit").toString(), "generate", "--model",
                Fixtures.model(Size.TINY).toAbsolutePath().toString(), "--steps", "1", "--quiet", "--backend",
                "cpu", "-o", "/dev/stdout", "--", "--backend=tornado");
        ProcessBuilder b = new ProcessBuilder(line).directory(temp.toFile())
                .redirectError(temp.resolve("err.log").toFile());
        b.environment().putAll(noisy);
        b.environment().put("TORNADOVM_HOME", sdk.toString());
        Process p = b.start();
        assertTrue(p.waitFor(120, TimeUnit.SECONDS), "ends");
        assertEquals(0, p.exitValue(), Files.readString(temp.resolve("err.log")));
        assertEquals(128, Images.read(temp.resolve("x.png")).width());
    }
}
