package radedit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page in Markdown, taken apart as far as tests of the pages need it.
 *
 * @param blocks
 *            fenced blocks, in order
 * @param prose
 *            all other lines, in order
 */
record Markdown(Path file, int lines, List<Block> blocks, List<Line> prose) {
    private static final Pattern NOT_RUN = Pattern.compile("<!-- not run: (.*) -->");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    /**
     * A fenced block.
     *
     * @param language
     *            the word after the fence
     * @param notRun
     *            why it is not to be executed; null if it is
     */
    record Block(int line, String language, String text, String notRun) {
        boolean isShell() {
            return language.equals("sh");
        }
    }

    /** A line outside of fenced blocks, counted from 1. */
    record Line(int number, String text) {}

    static Markdown read(Path file) {
        List<String> all;
        try {
            all = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Block> blocks = new ArrayList<>();
        List<Line> prose = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).startsWith("```")) {
                prose.add(new Line(i + 1, all.get(i)));
                continue;
            }
            Matcher reason = NOT_RUN.matcher(i == 0 ? "" : all.get(i - 1));
            int from = i + 1;
            do {
                i++;
            } while (!all.get(i).equals("```"));
            blocks.add(new Block(from, all.get(from - 1).substring(3), String.join("\n", all.subList(from, i)) + "\n",
                    reason.matches() ? reason.group(1) : null));
        }
        return new Markdown(file, all.size(), blocks, prose);
    }

    /** README, CONTRIBUTING and docs/: pages whose commands have to work. */
    static List<Markdown> pagesWithCommands() {
        return Stream.concat(Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")), markdownIn(Path.of("docs")))
                .map(Markdown::read).toList();
    }

    /** All pages of the project. */
    static List<Markdown> allPages() {
        Set<Path> files = new TreeSet<>();
        for (String folder : List.of("docs", "bench", "weights-tools/demo", "src/testdata", "src/testdata/data/odd",
                "src/testdata/data/pydicom", ".")) {
            files.addAll(markdownIn(Path.of(folder)).map(Path::normalize).toList());
        }
        return files.stream().map(Markdown::read).toList();
    }

    private static Stream<Path> markdownIn(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".md")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where links lead, with the number of their line. */
    List<Line> links() {
        return prose.stream().flatMap(l -> LINK.matcher(withoutCode(l.text)).results()
                .map(m -> new Line(l.number, m.group(1)))).toList();
    }

    private static String withoutCode(String line) {
        return line.replaceAll("`[^`]*`", "");
    }

    /** The names by which headings are linked to, as GitHub makes them. */
    Set<String> anchors() {
        Set<String> all = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (Line l : prose) {
            if (l.text.matches("#{1,6} .*")) {
                String slug = l.text.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
                int n = seen.merge(slug, 1, Integer::sum);
                all.add(n == 1 ? slug : slug + "-" + (n - 1));
            }
        }
        return all;
    }

    /** The cells of all tables, with the number of their line. */
    List<Line> cells() {
        return prose.stream().filter(l -> l.text.startsWith("|"))
                .flatMap(l -> Stream.of(l.text.split("(?<!\\\\)\\|")).map(c -> new Line(l.number, c.strip()))).toList();
    }

    /** The text of a section, down to the next heading of its level or a higher one. */
    String section(String heading) {
        int level = heading.indexOf(' ');
        return prose.stream().dropWhile(l -> !l.text.equals(heading)).skip(1)
                .takeWhile(l -> !l.text.matches("#{1," + level + "} .*")).map(Line::text)
                .collect(Collectors.joining("\n"));
    }
}
