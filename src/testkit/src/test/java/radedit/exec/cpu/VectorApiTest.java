package radedit.exec.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import jdk.incubator.vector.FloatVector;
import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.Backends;

/** Library users' JVMs without the Vector API that the kernels were compiled against: one line says what to do. */
class VectorApiTest {
    private static final String WAY_OUT = ". Run RadEdit on a JDK 25, or use backend reference, which is much slower";

    @TempDir
    Path temp;

    /** What the child JVM does: checks the Vector API as another JDK would, then opens backends. */
    static final class Child {
        private Child() {
        }

        public static void main(String[] args) {
            try {
                VectorApi.check(Integer.parseInt(args[0]));
                for (int i = 1; i < args.length; i++) {
                    try (Backend b = Backends.open(args[i], 1)) {
                        System.out.println(b.name());
                    }
                }
            } catch (BackendException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private String run(Path home, List<String> flags, String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(home.resolve("bin/java").toString(), "-XX:TieredStopAtLevel=1"));
        line.addAll(flags);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        line.addAll(List.of(args));
        Path out = temp.resolve("out.log");
        Process p = new ProcessBuilder(line).redirectOutput(out.toFile()).redirectErrorStream(true).start();
        assertTrue(p.waitFor(120, TimeUnit.SECONDS), "ends");
        return Files.readString(out).replaceAll("WARNING: Using incubator modules.*\n", "").strip();
    }

    private static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    @Test
    void withoutTheFlagItIsNamed() throws Exception {
        String message = "the cpu backend needs the JVM flag --add-modules jdk.incubator.vector (the radedit launcher passes it)";
        assertEquals(message, run(jdk(), List.of(), "25", "cpu"));
        assertEquals(message, run(jdk(), List.of(), "26", "auto"));
    }

    @Test
    void anotherJdkWithTheSameApiWorks() throws Exception {
        assertEquals("cpu\nreference", run(jdk(), List.of("--add-modules=jdk.incubator.vector"), "26", "auto",
                "reference"));
    }

    /** A method that kernels call has another name. */
    @Test
    void anotherApiIsNamed() throws Exception {
        byte[] changed;
        try (InputStream in = FloatVector.class.getResourceAsStream("FloatVector.class")) {
            changed = ClassFile.of().transformClass(ClassFile.of().parse(in.readAllBytes()),
                    ClassTransform.dropping(e -> e instanceof MethodModel m && m.methodName().equalsString("fma")));
        }
        Files.write(Files.createDirectories(temp.resolve("patch/jdk/incubator/vector")).resolve("FloatVector.class"),
                changed);
        String said = run(jdk(), List.of("--add-modules=jdk.incubator.vector",
                "--patch-module=jdk.incubator.vector=" + temp.resolve("patch")), "26", "cpu");
        assertEquals(
                "the cpu backend needs the Vector API of JDK 25; Java " + Runtime.version() + " in " + jdk()
                        + " has no FloatVector.fma of type (Ljdk/incubator/vector/Vector;Ljdk/incubator/vector/Vector;)"
                        + "Ljdk/incubator/vector/FloatVector;" + WAY_OUT,
                said);
    }

    /** A Java runtime that has no such module at all. */
    @Test
    void aMissingModuleIsNamed() throws Exception {
        Path image = temp.resolve("image");
        int code = ToolProvider.findFirst("jlink").orElseThrow().run(System.out, System.err, "--add-modules",
                "java.base,java.management,jdk.management", "--output", image.toString());
        assertEquals(0, code, "jlink");
        assertEquals("the cpu backend needs the Vector API of JDK 25; Java " + Runtime.version() + " in "
                + image.toRealPath() + " has no module jdk.incubator.vector" + WAY_OUT,
                run(image, List.of(), "25", "cpu"));
    }
}
