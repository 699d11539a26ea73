package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import radedit.about.Version;
import radedit.imaging.Images;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** The archive that the build makes, unpacked. */
class ArchiveTest {
    private static final String NAME = "radedit-" + Version.get();
    private static final Path LIB = Path.of("target", "lib");

    @TempDir
    static Path folder;
    private static Path home;
    private static Set<PosixFilePermission> launcherMode;

    @TempDir
    Path temp;

    @BeforeAll
    static void unpack() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(Path.of("target", NAME + ".zip"),
                Map.of("enablePosixFileAttributes", true)); Stream<Path> all = Files.walk(zip.getPath("/"))) {
            Path to = Files.createDirectories(folder.resolve("an archive, ünïcode"));
            for (Path p : all.skip(1).toList()) {
                Path copy = to.resolve(zip.getPath("/").relativize(p).toString());
                if (Files.isDirectory(p)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(p, copy);
                }
            }
            launcherMode = Files.getPosixFilePermissions(zip.getPath(NAME, "radedit"));
            home = to.resolve(NAME);
        }
        home.resolve("radedit").toFile().setExecutable(true);
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Sums of all files by their paths. */
    private static Map<String, String> sums(Path folder) throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path p : files.filter(Files::isRegularFile).toList()) {
                all.put(folder.relativize(p).toString(), HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(p))));
            }
        }
        return all;
    }

    private static Map<String, CommandLine> commands() {
        Map<String, CommandLine> all = new TreeMap<>();
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream());
        collect(Main.commandLine(nowhere, nowhere), all);
        return all;
    }

    private static void collect(CommandLine command, Map<String, CommandLine> all) {
        all.put(command.getCommandSpec().qualifiedName("-"), command);
        command.getSubcommands().values().forEach(c -> collect(c, all));
    }

    @Test
    void holdsTheProgramAndWhatBelongsToIt() throws Exception {
        assertEquals(Set.of(NAME), names(home.getParent()));
        assertEquals(new TreeSet<>(Set.of("LICENSE", "README.txt", "THIRD-PARTY.txt", "bom.json", "completion", "lib",
                "licenses", "man", "radedit", "radedit.cmd")), names(home));
        Map<String, String> lib = sums(LIB);
        lib.remove("radedit-tornado.jar");
        assertEquals(lib, sums(home.resolve("lib")));
        assertArrayEquals(Files.readAllBytes(Path.of("radedit")), Files.readAllBytes(home.resolve("radedit")));
        assertTrue(launcherMode.contains(PosixFilePermission.OTHERS_EXECUTE), launcherMode::toString);
        assertTrue(Files.readString(home.resolve("README.txt")).startsWith("RadEdit " + Version.get() + ": "));
    }

    /** The list of components is that of the jars, and so is the list of licences. */
    @Test
    void listsWhatItIsMadeOf() throws Exception {
        JsonNode bom = OutputOptions.JSON.readTree(home.resolve("bom.json").toFile());
        Map<String, String> listed = new TreeMap<>();
        String licences = Files.readString(home.resolve("THIRD-PARTY.txt"));
        for (JsonNode c : bom.get("components")) {
            String name = c.get("name").asText();
            for (JsonNode h : c.get("hashes")) {
                if (h.get("alg").asText().equals("SHA-256")) {
                    listed.put(name + ".jar", h.get("content").asText());
                }
            }
            String licence = c.get("licenses").get(0).get("license").get("id").asText();
            assertTrue(name.startsWith("radedit-") || Pattern.compile("(?m)^" + name + " +"
                    + Pattern.quote(c.get("version").asText()) + " +" + licence + " ").matcher(licences).find(), name);
            Set<String> own = new TreeSet<>();
            try (FileSystem jar = FileSystems.newFileSystem(home.resolve("lib").resolve(name + ".jar"))) {
                own.addAll(names(jar.getPath("META-INF")));
            }
            own.removeIf(n -> !n.matches(".*(LICENSE|NOTICE).*"));
            Path copies = home.resolve("licenses").resolve(name + "-jar");
            if (!name.startsWith("radedit-") && !own.isEmpty()) {
                assertEquals(own, names(copies));
            }
        }
        assertEquals(sums(home.resolve("lib")), listed);
        assertTrue(licences.lines().filter(l -> l.contains("https://")).count() == listed.keySet().stream()
                .filter(n -> !n.startsWith("radedit-")).count(), licences);
    }

    @Test
    void everyCommandHasAManualPage() throws IOException {
        Map<String, CommandLine> commands = commands();
        assertEquals(commands.keySet().stream().map(n -> n + ".1").collect(Collectors.toCollection(TreeSet::new)),
                names(home.resolve("man/man1")));
        for (Map.Entry<String, CommandLine> e : commands.entrySet()) {
            String page = Files.readString(home.resolve("man/man1").resolve(e.getKey() + ".1"));
            assertTrue(
                    page.startsWith(".TH \"" + e.getKey().toUpperCase(Locale.ROOT).replace("-", "\\-") + "\" \"1\" "),
                    page);
            page.lines().filter(l -> l.startsWith(".") || l.startsWith("'"))
                    .forEach(l -> assertTrue(l.matches("\\.(TH|SH|SS) .*|\\.(TP|nf|fi)"), l));
            assertTrue(page.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 127), e.getKey());
            for (OptionSpec o : e.getValue().getCommandSpec().options()) {
                String term = "\\fB" + String.join(", ", o.names()).replace("-", "\\-");
                assertTrue(o.hidden() || page.contains(term), () -> e.getKey() + " " + term);
            }
        }
    }

    /** What man shows is what help says, but for where lines break. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void pagesReadAsHelpDoes() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/groff"))) {
            return; // the form of the pages is checked above
        }
        for (Map.Entry<String, CommandLine> e : commands().entrySet()) {
            Process p = new ProcessBuilder("/usr/bin/groff", "-man", "-Tascii", "-P-cbou", "-ww", "-rLL=500n", "-rHY=0",
                    home.resolve("man/man1").resolve(e.getKey() + ".1").toString()).redirectErrorStream(true).start();
            String shown = new String(p.getInputStream().readAllBytes()).replaceAll("\\s+", " ");
            assertEquals(0, p.waitFor(), shown);
            for (OptionSpec o : e.getValue().getCommandSpec().options()) {
                String first = String.join(" ", o.description()).replaceAll("[$%].*", "").replaceAll("\\s+", " ");
                assertTrue(o.hidden() || shown.contains(first.strip()), () -> e.getKey() + ": " + first + "\n" + shown);
            }
        }
    }

    @Test
    void shellsComplete() throws IOException {
        StringWriter out = new StringWriter();
        Main.run(new String[]{"completion"}, new PrintWriter(out), new PrintWriter(out));
        assertTrue(out.toString().contains("_complete_radedit"), "a script");
        assertEquals(out.toString(), Files.readString(home.resolve("completion/radedit.bash")));
        assertEquals(out.toString(), Files.readString(home.resolve("completion/radedit.zsh")));
    }

    /** That one can only be read here: it passes the flags of the other launcher. */
    @Test
    void windowsLauncherHasTheSameFlags() throws IOException {
        String cmd = Files.readString(home.resolve("radedit.cmd"));
        assertEquals(cmd.lines().count(), cmd.chars().filter(c -> c == '\r').count(), "lines end as Windows wants");
        String sh = Files.readString(home.resolve("radedit"));
        String flags = sh.substring(sh.indexOf("flags=(\n"), sh.indexOf("\n)\n", sh.indexOf("flags=(\n")));
        List<String> expected = words(flags.replaceAll("(?m)#.*$", ""));
        List<String> passed = words(cmd.substring(cmd.indexOf("\"%java%\""), cmd.indexOf("%RADEDIT_JAVA_OPTS%")));
        assertTrue(expected.size() > 10, expected::toString);
        assertEquals(expected, passed);
    }

    private static List<String> words(String text) {
        return Stream.of(text.split("\\s+")).filter(w -> w.startsWith("-")).toList();
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome run(Map<String, String> environment, Object... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(home.resolve("radedit").toString()));
        Stream.of(args).map(Object::toString).forEach(line::add);
        ProcessBuilder b = new ProcessBuilder(line).directory(temp.toFile())
                .redirectOutput(temp.resolve("out.log").toFile()).redirectError(temp.resolve("err.log").toFile());
        Map<String, String> all = new HashMap<>(environment);
        all.put("XDG_CACHE_HOME", temp.resolve("cache").toString());
        b.environment().putAll(all);
        Process p = b.start();
        assertTrue(p.waitFor(120, TimeUnit.SECONDS), "ends");
        return new Outcome(p.exitValue(), Files.readString(temp.resolve("out.log")),
                Files.readString(temp.resolve("err.log")));
    }

    /** From any folder; nothing is built, and nothing changes in the archive. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void runsWhereItLies() throws Exception {
        Map<String, String> before = sums(home);
        assertEquals(new Outcome(0, "RadEdit " + Version.get() + "\n", ""), run(Map.of(), "--version"));
        assertEquals(new Outcome(0, "x.png\n", ""), run(Map.of(), "generate", "a", "--model",
                Fixtures.model(Size.TINY).toAbsolutePath(), "--steps", 1, "-o", "x.png"));
        assertEquals(128, Images.read(temp.resolve("x.png")).width());
        assertEquals(before, sums(home));
    }

    /** The GPU backend is built for one SDK, so it is not here, and that is said. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void saysThatTheGpuBackendNeedsABuild() throws Exception {
        Path sdk = temp.resolve("sdk");
        Files.createFile(Files.createDirectories(sdk.resolve("share/java/tornado"))
                .resolve("tornado-api-5.2.0-jdk" + Runtime.version().feature() + ".jar"));
        Files.writeString(sdk.resolve("tornado-argfile.template"), "-Dfake.sdk=1\n");
        Outcome o = run(Map.of("TORNADOVM_HOME", sdk.toString()), "generate", "a", "--backend", "tornado", "-o",
                "x.png");
        assertEquals(5, o.code, o.err);
        assertEquals(
                "radedit: this build is without the GPU backend, which the launcher of a source checkout builds for"
                        + " the SDK in " + sdk + "\n",
                o.err);
        assertFalse(Files.exists(home.resolve("target")));
    }
}
