package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import radedit.about.Version;

/** What the pages say, as far as it can be checked without running commands. {@link DocCommandsTest} runs those. */
class DocsTest {
    private static final Set<String> LANGUAGES = Set.of("sh", "java", "python", "text", "xml");
    /** What a snippet without imports may use. */
    private static final List<String> PACKAGES = List.of("java.nio.file", "java.util", "java.util.concurrent.locks",
            "radedit.audit", "radedit.checkpoint", "radedit.checkpoint.ModelFolder", "radedit.diffusion",
            "radedit.exec",
            "radedit.graph", "radedit.imaging", "radedit.imaging.mask", "radedit.pipeline", "radedit.tensor",
            "radedit.weights");

    @TempDir
    Path temp;

    private static String at(Markdown page, int line) {
        return page.file() + ":" + line + ": ";
    }

    @Test
    void linksLeadSomewhere() {
        int checked = 0;
        for (Markdown page : Markdown.allPages()) {
            for (Markdown.Line link : page.links()) {
                if (link.text().matches("[a-z]+:.*")) {
                    continue;
                }
                String[] parts = link.text().split("#", 2);
                Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
                assertTrue(Files.exists(target), () -> at(page, link.number()) + link.text());
                assertTrue(parts.length == 1 || Markdown.read(target).anchors().contains(parts[1]),
                        () -> at(page, link.number()) + "no heading for " + link.text());
                checked++;
            }
        }
        assertTrue(checked > 60, checked + " links");
    }

    @Test
    void tableCellsAreShort() {
        for (Markdown page : Markdown.allPages()) {
            for (Markdown.Line cell : page.cells()) {
                assertTrue(cell.text().length() <= 100, () -> at(page, cell.number()) + cell.text());
            }
        }
    }

    /** The picture and the first command come before anything has to be scrolled. */
    @Test
    void readmeIsShort() {
        Markdown readme = Markdown.read(Path.of("README.md"));
        assertTrue(readme.lines() < 120, readme.lines() + " lines");
        assertTrue(readme.prose().stream().anyMatch(l -> l.number() < 15 && l.text().contains("![](")), "picture");
        List<Markdown.Block> first = readme.blocks().subList(0, 2);
        assertEquals("./radedit generate \"Large left-sided pleural effusion\" -o film.png\n", first.get(0).text());
        assertEquals("./mvnw verify\n", first.get(1).text());
        assertTrue(first.get(0).line() < 25, "quick start");
    }

    /** Every page of docs/ is linked from the README. */
    @Test
    void readmeLinksAllPages() throws IOException {
        Set<String> linked = Markdown.read(Path.of("README.md")).links().stream().map(Markdown.Line::text)
                .collect(Collectors.toSet());
        try (Stream<Path> pages = Files.list(Path.of("docs"))) {
            pages.filter(p -> p.toString().endsWith(".md"))
                    .forEach(p -> assertTrue(linked.contains("docs/" + p.getFileName()), p.toString()));
        }
    }

    /** No command hides from {@link DocCommandsTest}: blocks are fenced and name their language. */
    @Test
    void blocksAreFencedAndNamed() {
        for (Markdown page : Markdown.pagesWithCommands()) {
            page.blocks().forEach(b -> assertTrue(LANGUAGES.contains(b.language()), at(page, b.line()) + b.language()));
            page.prose().forEach(l -> assertFalse(l.text().startsWith("    "), at(page, l.number()) + l.text()));
        }
    }

    @Test
    void dependencyIsTheCurrentVersion() {
        String xml = Markdown.read(Path.of("docs/library.md")).blocks().stream().filter(b -> b.language().equals("xml"))
                .findFirst().orElseThrow().text();
        assertTrue(xml.contains("<version>" + Version.get() + "</version>"), xml);
    }

    /** The page about the command line describes every option of every command, and no others. */
    @Test
    void everyOptionIsOnThePage() {
        Markdown page = Markdown.read(Path.of("docs/command-line.md"));
        String shared = page.section("## Shared options");
        CommandLine main = Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err));
        Set<String> known = new TreeSet<>();
        for (Map.Entry<String, CommandLine> e : main.getSubcommands().entrySet()) {
            String heading = switch (e.getKey()) {
                case "devices", "doctor" -> "## devices and doctor";
                case "completion", "help" -> "## completion and help";
                default -> "## " + e.getKey();
            };
            String own = page.section(heading);
            assertFalse(own.isBlank(), heading);
            // a command may share the options of another one that it links to
            String section = own + Pattern.compile("\\(#([a-z]+)\\)").matcher(own).results()
                    .map(m -> page.section("## " + m.group(1))).collect(Collectors.joining());
            for (CommandLine command : withSubcommands(e.getValue())) {
                for (OptionSpec o : command.getCommandSpec().options()) {
                    assertTrue(names(section).contains(o.longestName()) || names(shared).contains(o.longestName()),
                            command.getCommandSpec().qualifiedName() + " " + o.longestName());
                    known.addAll(List.of(o.names()));
                }
            }
        }
        for (Markdown p : Markdown.pagesWithCommands()) {
            String prose = p.prose().stream().map(Markdown.Line::text).collect(Collectors.joining("\n"));
            for (String name : names(prose)) {
                assertTrue(known.contains(name) || name.equals("--add-modules"), p.file() + ": " + name);
            }
        }
    }

    private static List<CommandLine> withSubcommands(CommandLine c) {
        List<CommandLine> all = new ArrayList<>(List.of(c));
        c.getSubcommands().values().forEach(s -> all.addAll(withSubcommands(s)));
        return all;
    }

    private static Set<String> names(String text) {
        return Pattern.compile("(?<![\\w-])--[a-z][a-z-]*[a-z]").matcher(text).results().map(m -> m.group())
                .collect(Collectors.toSet());
    }

    /** A snippet is either an example's own text, which {@code ExamplesTest} compiles and runs, or compiles here. */
    @Test
    void javaCompiles() throws IOException {
        List<String> examples;
        try (Stream<Path> files = Files.list(Path.of("examples/src/main/java/examples"))) {
            examples = files.map(DocsTest::normalised).toList();
        }
        int excerpts = 0;
        int compiled = 0;
        for (Markdown page : Markdown.pagesWithCommands()) {
            for (Markdown.Block b : page.blocks()) {
                if (!b.language().equals("java")) {
                    continue;
                }
                if (examples.stream().anyMatch(e -> e.contains(normalised(b.text())))) {
                    excerpts++;
                } else {
                    assertEquals("", errors(b.text()), () -> at(page, b.line()) + b.text());
                    compiled++;
                }
            }
        }
        assertEquals(6, excerpts, "one of each example but AttentionMaps");
        assertTrue(compiled >= 2, compiled + " compiled");
    }

    private static String normalised(Path file) {
        try {
            return normalised(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String normalised(String java) {
        return java.lines().map(String::strip).collect(Collectors.joining("\n", "", "\n"));
    }

    /** What a compiler says about statements, with their own imports or those of {@link #PACKAGES}. */
    private String errors(String snippet) {
        int body = snippet.lastIndexOf("import ");
        body = body < 0 ? 0 : snippet.indexOf('\n', body) + 1;
        String imports = body > 0
                ? snippet.substring(0, body)
                : PACKAGES.stream().map(p -> "import " + p + ".*;\n").collect(Collectors.joining());
        String source = imports + "class Snippet { void run() throws Exception {\n" + snippet.substring(body) + "} }";
        StringWriter said = new StringWriter();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("mem:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return source;
            }
        };
        boolean good = ToolProvider.getSystemJavaCompiler().getTask(said, null, null,
                List.of("-proc:none", "-implicit:none", "-d", temp.toString(), "-classpath",
                        System.getProperty("java.class.path")),
                null, List.of(file)).call();
        return good ? "" : said.toString();
    }
}
