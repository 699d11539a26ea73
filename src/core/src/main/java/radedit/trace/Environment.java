package radedit.trace;

import java.util.LinkedHashMap;
import java.util.Map;

import radedit.about.Version;
import radedit.exec.Backend;
import radedit.exec.Processor;
import radedit.tensor.Precision;

/** Program, Java, processor and device that results may depend on. */
public final class Environment {
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
        all.putAll(approximations(backend));
        facts().forEach(all::putIfAbsent);
        return all;
    }

    /**
     * {@return what of a backend's arithmetic makes results approximate, and that they are: JSON values by name, in this order;
     * empty if nothing does}
     *
     * @param backend
     *            runs the networks
     */
    public static Map<String, Object> approximations(Backend backend) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (backend.emulated() != Precision.NONE) {
            all.put("emulate_precision", backend.emulated().label());
            all.put("exact", false);
        }
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
        all.put("processor", Processor.model().orElse("unknown"));
        return all;
    }
}
