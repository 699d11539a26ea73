package radedit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program as a process of its own, which can be killed. */
final class RadEditProcess {
    private RadEditProcess() {
    }

    /**
     * {@return what starts the program, with a folder of settings and caches of its own}
     *
     * @param home
     *            that folder
     * @param arguments
     *            the command line
     */
    static ProcessBuilder of(Path home, Object... arguments) {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", "-Xmx1g", "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        ProcessBuilder b = new ProcessBuilder(line);
        b.environment().put("RADEDIT_HOME", home.toString());
        return b;
    }
}
