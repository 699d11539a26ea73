package radedit.exec.cpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What kernels must know of the processor and Java does not say. */
final class Processor {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> VENDORS = List.of("AuthenticAMD", "GenuineIntel");

    private Processor() {
    }

    /** {@return the name by which the processor identifies its maker, such as AuthenticAMD; empty if unknown} */
    static String vendor() {
        // Linux has it in a file, Windows in a variable of each process.
        return Stream.concat(lines(), Stream.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
                .flatMap(s -> VENDORS.stream().filter(s::contains)).findFirst().orElse("");
    }

    private static Stream<String> lines() {
        try {
            return Files.readString(CPU_INFO, StandardCharsets.ISO_8859_1).lines();
        } catch (IOException | SecurityException e) {
            return Stream.empty();
        }
    }
}
