package radedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/**
 * Which packages may use which, read off the class files; the table is the one in ARCHITECTURE.md. Modules guard the arrows
 * between them already; this guards those within a module, and what is more than an arrow.
 */
class ArchitectureTest {
    private static final List<Path> MODULES = List.of(Path.of("src/imaging"), Path.of("src/metrics"),
            Path.of("src/runtime"), Path.of("src/base"), Path.of("src/undertest"), Path.of("src/onnx"),
            Path.of("src/core"), Path.of("src/stress"), Path.of("src/serve"), Path.of("src/cli"),
            Path.of("weights-tools"),
            Path.of("weights-tools/demo"),
            Path.of("kernels"));
    private static final Pattern OURS = Pattern.compile("radedit/([a-z/]+)/[A-Z]");

    /** Compiled only where a TornadoVM SDK is installed. */
    private static final String GPU = "exec.tornado";

    /** Packages that each package may use, beside itself; a row that begins with blanks goes on with the one before. */
    private static final Map<String, Set<String>> ALLOWED = parse(
            """
                    about ->
                    audit -> checkpoint, exec, graph, model, safetensors, tensor, trace, weights
                    benchmark -> checkpoint, exec, graph, imaging, message, model, pipeline, tensor, text, weights
                    certificate -> about, digest, files, imaging, imaging.pixel, message, pipeline, safetensors, signature, tensor, trace
                    checkpoint -> digest, files, message, safetensors, weights
                    cli -> about, audit, benchmark, certificate, checkpoint, diffusion, digest, exec, files, graph, imaging, imaging.dicom,
                        imaging.mask, imaging.pixel, message, metrics, picture, pipeline, safetensors, serve, signature, stress, stress.evaluate, stress.exchange,
                        stress.report, stress.template, synthetic, tensor, tools, tools.demo, tools.hub, trace, undertest, weights
                    diffusion -> message, tensor
                    digest ->
                    exec -> graph, message, safetensors, tensor, weights
                    exec.cpu -> exec, graph, message, safetensors, tensor, weights
                    exec.reference -> exec, graph, safetensors, tensor, weights
                    exec.tornado -> digest, exec, files, graph, safetensors, tensor, weights
                    files -> message
                    graph -> tensor
                    html ->
                    imaging -> imaging.pixel, message
                    imaging.codec ->
                    imaging.dicom -> digest, imaging, imaging.codec, imaging.pixel, message
                    imaging.mask -> imaging, imaging.dicom, message
                    imaging.pixel ->
                    imaging.raster -> imaging, imaging.codec, imaging.pixel, message
                    imaging.volume -> imaging, imaging.pixel, message
                    message ->
                    metrics -> metrics.check
                    metrics.check ->
                    metrics.classification -> metrics.check
                    metrics.effect -> metrics, metrics.check
                    metrics.features -> metrics.check
                    metrics.image -> metrics.check
                    metrics.segmentation -> metrics.check
                    model -> diffusion, files, graph, message, safetensors, tensor, weights
                    onnx -> digest, undertest
                    picture -> about, digest, imaging, imaging.dicom, imaging.mask, imaging.pixel, message, pipeline, safetensors, tensor
                    pipeline -> about, checkpoint, diffusion, digest, exec, files, graph, imaging, imaging.dicom, imaging.mask,
                        message, model, safetensors, tensor, text, trace, weights
                    safetensors -> message, tensor
                    serve -> about, checkpoint, diffusion, digest, exec, files, imaging, imaging.dicom, imaging.mask, imaging.pixel,
                        message, picture, pipeline, weights
                    signature -> digest, safetensors
                    stress -> digest, exec, files, imaging, message, pipeline, text
                    stress.evaluate -> digest, files, imaging, metrics, metrics.classification, metrics.effect, metrics.features,
                        metrics.image, metrics.segmentation, pipeline, stress, undertest
                    stress.exchange -> files, imaging, imaging.mask, message, stress, stress.evaluate
                    stress.template -> stress, stress.exchange
                    stress.report -> files, html, imaging, stress, stress.evaluate
                    synthetic -> files, model, safetensors, tensor
                    tensor ->
                    text ->
                    tools -> checkpoint, digest, files, message, model, safetensors, synthetic, tensor, tools.pickle, weights
                    tools.demo -> audit, checkpoint, diffusion, files, imaging, pipeline, safetensors, tensor, tools.phantom
                    tools.http ->
                    tools.hub -> checkpoint, digest, files, message, safetensors, tools.http, weights
                    tools.phantom -> imaging
                    tools.pickle -> files, message, safetensors, tensor
                    trace -> about, exec, files, graph, html, safetensors, tensor, weights
                    undertest -> digest, imaging, message
                    weights -> digest, files, message, safetensors, tensor
                    """);

    private static Map<String, Set<String>> parse(String table) {
        Map<String, Set<String>> all = new TreeMap<>();
        for (String row : table.replaceAll("\n +", " ").lines().toList()) {
            String[] sides = row.split(" ->", -1);
            all.put(sides[0], Set.of(sides[1].isBlank() ? new String[0] : sides[1].strip().split(", +")));
        }
        return all;
    }

    @Test
    void packagesUseOnlyWhatTheyMay() throws IOException {
        Map<String, Set<String>> used = used();
        Map<String, Set<String>> allowed = new TreeMap<>(ALLOWED);
        if (!used.containsKey(GPU)) {
            allowed.remove(GPU);
        }
        // Both ways: what nobody uses is not permitted either, and every package stands in the table.
        assertEquals(lines(allowed), lines(used));
    }

    @Test
    void packagesHaveNoCycles() {
        for (String from : ALLOWED.keySet()) {
            Set<String> reached = new TreeSet<>();
            Deque<String> next = new ArrayDeque<>(ALLOWED.get(from));
            while (!next.isEmpty()) {
                String p = next.pop();
                if (reached.add(p)) {
                    next.addAll(ALLOWED.get(p));
                }
            }
            assertFalse(reached.contains(from), from + " uses itself by way of others");
        }
    }

    /** The packages that each package uses, beside itself. */
    private static Map<String, Set<String>> used() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        for (ClassModel c : classes()) {
            String from = packageOf(c.thisClass().asInternalName());
            Set<String> all = used.computeIfAbsent(from, p -> new TreeSet<>());
            mentioned(c).stream().map(ArchitectureTest::packageOf).filter(p -> p != null && !p.equals(from))
                    .forEach(all::add);
        }
        return used;
    }

    private static String lines(Map<String, Set<String>> table) {
        return table.entrySet().stream().map(e -> e.getKey() + " -> " + new TreeSet<>(e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void vectorTypesTornadoVmAndOnnxRuntimeStayInTheirPackages() throws IOException {
        boolean found = false;
        for (ClassModel c : classes()) {
            boolean gpu = mentioned(c).stream().anyMatch(n -> n.startsWith("uk/ac/manchester/tornado"));
            assertTrue(!gpu || GPU.equals(packageOf(c.thisClass().asInternalName())),
                    c.thisClass().asInternalName() + " names TornadoVM");
            assertTrue(mentioned(c).stream().noneMatch(n -> n.startsWith("ai/onnxruntime"))
                    || "onnx".equals(packageOf(c.thisClass().asInternalName())),
                    c.thisClass().asInternalName() + " names ONNX Runtime");
            boolean uses = mentioned(c).stream().anyMatch(n -> n.contains("jdk/incubator/vector"));
            boolean home = "exec.cpu".equals(packageOf(c.thisClass().asInternalName()));
            assertTrue(!uses || home, c.thisClass().asInternalName() + " names jdk.incubator.vector");
            found |= uses;
        }
        assertTrue(found, "the test sees what it looks for");
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

    private static List<ClassModel> classes() throws IOException {
        List<ClassModel> all = new ArrayList<>();
        for (Path module : MODULES) {
            Path folder = module.resolve("target/classes");
            if (!Files.isDirectory(folder) && module.endsWith("kernels")) {
                continue;
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path p : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    if (!p.endsWith("package-info.class") && !p.endsWith("module-info.class")) {
                        all.add(ClassFile.of().parse(p));
                    }
                }
            }
        }
        assertTrue(all.size() > 50, "classes are compiled");
        return all;
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
