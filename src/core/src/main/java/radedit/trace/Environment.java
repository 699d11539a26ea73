package radedit.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import radedit.about.Version;
import radedit.exec.Backend;
import radedit.tensor.Precision;

/** Program, Java, processor and device that results may depend on. */
public final class Environment {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Environment() {
    }

    /**
     * {@return JSON values by name}
     *
     * @param backend
     *            runs the networks; it names its device, driver, kernels and compiler flags
     */
    public static Map<String, Object> facts(Backend backend) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("program", "RadEdit " + Version.get());
        all.put("backend", backend.label());
        if (backend.emulated() != Precision.NONE) {
            all.put("emulate_precision", backend.emulated().label());
            all.put("exact", false);
        }
        facts().forEach(all::putIfAbsent);
        return all;
    }

    /** {@return program, Java, system and processor: JSON values by name} */
    public static Map<String, Object> facts() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("program", "RadEdit " + Version.get());
        all.put("java", Runtime.version().toString());
        all.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        all.put("processor", processor());
        return all;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(l -> l.startsWith("model name")).findFirst()
                    .map(l -> l.substring(l.indexOf(':') + 1).strip()).orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
