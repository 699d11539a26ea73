package radedit.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The processor, as far as the system tells what it is; Java does not. */
public final class Processor {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> VENDORS = List.of("AuthenticAMD", "GenuineIntel");

    private Processor() {
    }

    /** {@return the name by which the processor identifies its maker, such as AuthenticAMD; empty if unknown} */
    public static String vendor() {
        // Linux has it in a file, Windows in a variable of each process.
        String text = line(l -> l.startsWith("vendor_id")).or(
                () -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER"))).orElse("");
        return VENDORS.stream().filter(text::contains).findFirst().orElse("");
    }

    /** {@return its name, such as {@code AMD EPYC 9R14}; empty if unknown} */
    public static Optional<String> model() {
        return line(l -> l.startsWith("model name")).map(l -> l.substring(l.indexOf(':') + 1).strip());
    }

    private static Optional<String> line(Predicate<String> which) {
        try (Stream<String> lines = Files.lines(CPU_INFO, StandardCharsets.ISO_8859_1)) {
            return lines.filter(which).findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
