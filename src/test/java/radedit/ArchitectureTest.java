package radedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Who may import whom, read off the class files. The table is the one in ARCHITECTURE.md. */
class ArchitectureTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Pattern OURS = Pattern.compile("radedit/([a-z/]+)/[A-Z]");

    /** Compiled only where a TornadoVM SDK is installed. */
    private static final String GPU = "exec.tornado";

    /** Packages each package may use, beside itself. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(Map.entry("tensor", Set.of()),
            Map.entry("files", Set.of("message")), Map.entry("text", Set.of()), Map.entry("message", Set.of()),
            Map.entry("weights", Set.of("tensor", "files", "message")),
            Map.entry("graph", Set.of("tensor")), Map.entry("exec", Set.of("graph", "weights", "tensor", "message")),
            Map.entry("exec.cpu", Set.of("exec", "graph", "weights", "tensor")),
            Map.entry("exec.reference", Set.of("exec", "graph", "weights", "tensor")),
            Map.entry(GPU, Set.of("exec", "graph", "weights", "tensor", "files")),
            Map.entry("model", Set.of("graph", "tensor", "weights", "files", "message")),
            Map.entry("diffusion", Set.of("tensor", "message")),
            Map.entry("imaging.pixel", Set.of()), Map.entry("imaging.codec", Set.of()),
            Map.entry("imaging", Set.of("tensor", "imaging.pixel", "message")),
            Map.entry("imaging.dicom", Set.of("imaging", "imaging.pixel", "imaging.codec", "message")),
            Map.entry("imaging.raster", Set.of("imaging", "imaging.pixel", "imaging.codec", "message")),
            Map.entry("imaging.volume", Set.of("imaging", "imaging.pixel", "message")),
            Map.entry("imaging.mask", Set.of("imaging", "imaging.dicom", "weights", "tensor", "message")),
            Map.entry("about", Set.of()),
            Map.entry("benchmark",
                    Set.of("pipeline", "exec", "graph", "weights", "model", "imaging", "tensor", "text", "message")),
            Map.entry("pipeline",
                    Set.of("about", "tensor", "files", "text", "weights", "graph", "exec", "model", "diffusion",
                            "imaging", "imaging.dicom", "message")),
            Map.entry("audit", Set.of("exec", "graph", "weights", "model", "tensor")),
            Map.entry("tools", Set.of("tools.pickle", "weights", "tensor", "files", "model", "message")),
            Map.entry("tools.pickle", Set.of("weights", "tensor", "files", "message")),
            Map.entry("tools.http", Set.of()),
            Map.entry("tools.hub", Set.of("tools.http", "weights", "files", "message")),
            Map.entry("tools.phantom", Set.of("imaging", "weights", "tensor", "files")),
            Map.entry("tools.demo",
                    Set.of("pipeline", "tools.phantom", "diffusion", "imaging", "weights", "tensor", "files")),
            Map.entry("cli",
                    Set.of("about", "benchmark", "pipeline", "audit", "tools", "tools.hub", "tools.phantom",
                            "tools.demo", "exec", "graph",
                            "weights", "tensor", "files", "imaging", "imaging.pixel", "imaging.mask", "imaging.dicom",
                            "diffusion", "message")));

    @Test
    void packagesUseOnlyWhatTheyMay() throws IOException {
        Set<String> forbidden = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (ClassModel c : classes()) {
            String from = packageOf(c.thisClass().asInternalName());
            seen.add(from);
            for (String name : mentioned(c)) {
                String to = packageOf(name);
                if (to != null && !to.equals(from) && !ALLOWED.getOrDefault(from, Set.of()).contains(to)) {
                    forbidden.add(c.thisClass().asInternalName() + " uses " + to);
                }
            }
        }
        assertEquals(Set.of(), forbidden);
        Set<String> expected = new TreeSet<>(ALLOWED.keySet());
        expected.removeIf(p -> p.equals(GPU) && !seen.contains(GPU));
        assertEquals(expected, seen, "every package stands in the table");
    }

    /**
     * What the library says names settings; their options belong to the command line. Pages about it, flags of the JVM and,
     * until its messages are made of settings too, the GPU backend have them.
     */
    @Test
    void onlyTheCommandLineNamesItsOptions() throws IOException {
        Pattern option = Pattern.compile("(?<![\\w-])--(?!add-modules)[a-z]");
        Set<String> found = new TreeSet<>();
        boolean seen = false;
        for (ClassModel c : classes()) {
            String from = packageOf(c.thisClass().asInternalName());
            for (PoolEntry e : c.constantPool()) {
                if (e instanceof StringEntry s && option.matcher(s.stringValue()).find()) {
                    if (!Set.of("cli", "tools.demo", GPU).contains(from)) {
                        found.add(c.thisClass().asInternalName() + ": " + s.stringValue());
                    }
                    seen |= "cli".equals(from);
                }
            }
        }
        assertEquals(Set.of(), found);
        assertTrue(seen, "the test sees what it looks for");
    }

    @Test
    void vectorTypesAndTornadoVmStayInTheirPackages() throws IOException {
        boolean found = false;
        for (ClassModel c : classes()) {
            boolean gpu = mentioned(c).stream().anyMatch(n -> n.startsWith("uk/ac/manchester/tornado"));
            assertTrue(!gpu || GPU.equals(packageOf(c.thisClass().asInternalName())),
                    c.thisClass().asInternalName() + " names TornadoVM");
            boolean uses = mentioned(c).stream().anyMatch(n -> n.contains("jdk/incubator/vector"));
            boolean home = "exec.cpu".equals(packageOf(c.thisClass().asInternalName()));
            assertTrue(!uses || home, c.thisClass().asInternalName() + " names jdk.incubator.vector");
            found |= uses;
        }
        assertTrue(found, "the test sees what it looks for");
    }

    private static List<ClassModel> classes() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            List<ClassModel> all = new java.util.ArrayList<>();
            for (Path p : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                if (!p.endsWith("package-info.class")) {
                    all.add(ClassFile.of().parse(p));
                }
            }
            assertTrue(all.size() > 50, "classes are compiled");
            return all;
        }
    }

    /** Names of classes in a class file's constants, descriptors among them. */
    private static Set<String> mentioned(ClassModel c) {
        Set<String> names = new TreeSet<>();
        for (PoolEntry e : c.constantPool()) {
            if (e instanceof ClassEntry ce) {
                names.add(ce.asInternalName());
            } else if (e instanceof Utf8Entry u && (u.stringValue().contains("Lradedit/")
                    || u.stringValue().contains("Ljdk/incubator"))) {
                Matcher m = Pattern.compile("L([\\w/$]+)[;<]").matcher(u.stringValue());
                while (m.find()) {
                    names.add(m.group(1));
                }
            }
        }
        return names;
    }

    private static String packageOf(String internalName) {
        Matcher m = OURS.matcher(internalName);
        return m.lookingAt() ? m.group(1).replace('/', '.') : null;
    }
}
