package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.tools.ant.BuildException;
import org.apache.tools.ant.Project;
import org.apache.tools.ant.ProjectHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kernels/argfile.xml makes the same file of flags of each layout that a TornadoVM SDK can have. */
class ArgfileTest {
    private static final String TEMPLATE = """
            # === JVM mode and memory settings ===
            -XX:+EnableJVMCI

            -Djava.library.path=${TORNADOVM_HOME}/lib
            -Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime
            --module-path .:${TORNADOVM_HOME}/share/java/tornado
            --upgrade-module-path ${TORNADOVM_HOME}/share/java/graalJars
            --add-modules ALL-SYSTEM,tornado.runtime
            --add-exports=a/b=c
            """;

    @TempDir
    Path temp;

    private Path sdk(String name) throws IOException {
        Path sdk = temp.resolve(name);
        Files.createDirectories(sdk.resolve("share/java/tornado"));
        for (String jar : List.of("tornado-runtime-5.2.0-jdk25.jar", "tornado-api-5.2.0-jdk25.jar", "other.jar")) {
            Files.createFile(sdk.resolve("share/java/tornado").resolve(jar));
        }
        return sdk;
    }

    private Path build() throws IOException {
        return Files.createDirectories(temp.resolve("target"));
    }

    private String argfile(Path sdk) throws IOException {
        make(sdk);
        return Files.readString(build().resolve("tornado-argfile"));
    }

    private void make(Path sdk) throws IOException {
        Project p = new Project();
        p.init();
        p.setUserProperty("sdk", sdk.toString());
        p.setUserProperty("build", build().toString());
        ProjectHelper.configureProject(p, Path.of("kernels", "argfile.xml").toFile());
        p.executeTarget("with");
    }

    private static String expected(Path sdk) {
        return """
                # === JVM mode and memory settings ===
                -XX:+EnableJVMCI

                "-Djava.library.path=SDK/lib"
                -Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime
                --module-path ".:SDK/share/java/tornado"
                --upgrade-module-path "SDK/share/java/graalJars"
                --add-modules ALL-SYSTEM,tornado.runtime
                --add-exports=a/b=c
                """.replace("SDK", sdk.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sdk", "an SDK, ünïcode (5.2) $HOME"})
    void templateAloneAsInArchives(String name) throws IOException {
        Path sdk = sdk(name);
        Files.writeString(sdk.resolve("tornado-argfile.template"), TEMPLATE);
        assertEquals(expected(sdk), argfile(sdk));
    }

    /** As the SDK's own build leaves it, then moved: the filled-in file names where it was built. */
    @Test
    void filledInAloneForWhereTheSdkWasBuilt() throws IOException {
        Path sdk = sdk("sdk");
        Files.writeString(sdk.resolve("tornado-argfile"),
                TEMPLATE.replace("${TORNADOVM_HOME}", "/home/builder/dist/sdk (1)"));
        assertEquals(expected(sdk), argfile(sdk));
    }

    @Test
    void bothAndTheTemplateIsTaken() throws IOException {
        Path sdk = sdk("sdk");
        Files.writeString(sdk.resolve("tornado-argfile.template"), TEMPLATE);
        Files.writeString(sdk.resolve("tornado-argfile"), "-Djava.library.path=/nowhere/lib\n");
        assertEquals(expected(sdk), argfile(sdk));
    }

    @Test
    void anotherSdkReplacesItAndWhatWasCompiledForIt() throws IOException {
        Path kernels = Files.createDirectories(build().resolve("classes/radedit/exec/tornado"));
        Path one = sdk("one");
        Files.writeString(one.resolve("tornado-argfile.template"), TEMPLATE);
        make(one);
        Files.createDirectories(kernels);
        assertEquals(expected(one), argfile(one));
        assertTrue(Files.exists(kernels), "the same SDK");
        Path two = Files.move(one, temp.resolve("two"));
        assertEquals(expected(two), argfile(two));
        assertFalse(Files.exists(kernels), "its kernels are compiled anew");
        Files.createDirectories(kernels);
        Files.writeString(two.resolve("tornado-argfile.template"), TEMPLATE + "-Dmore=1\n");
        assertEquals(expected(two) + "-Dmore=1\n", argfile(two));
        assertFalse(Files.exists(kernels), "the flags are others");
        String note = Files.readString(build().resolve("tornado-sdk"));
        assertTrue(note.startsWith(two + "\ntornado-api-5.2.0-jdk25.jar\ntornado-runtime-5.2.0-jdk25.jar\n# ==="),
                note);
    }

    @Test
    void incompleteSdksAreRefused() throws IOException {
        Path sdk = sdk("sdk");
        assertTrue(assertThrows(BuildException.class, () -> make(sdk)).getMessage()
                .contains("neither tornado-argfile.template nor tornado-argfile"));
        Files.writeString(sdk.resolve("tornado-argfile.template"), "-server\n");
        assertTrue(assertThrows(BuildException.class, () -> make(sdk)).getMessage()
                .contains("no line -Djava.library.path"));
        Files.delete(sdk.resolve("share/java/tornado/tornado-api-5.2.0-jdk25.jar"));
        assertTrue(assertThrows(BuildException.class, () -> make(sdk)).getMessage()
                .contains("holds no tornado-api-*.jar"));
    }
}
