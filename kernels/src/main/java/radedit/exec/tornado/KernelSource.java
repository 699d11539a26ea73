package radedit.exec.tornado;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Normal form of a kernel's generated source. TornadoVM declares variables in the order of a hash table, which varies;
 * everything else is reproducible.
 */
final class KernelSource {
    /** In OpenCL and CUDA: a type and the names of variables. */
    private static final Pattern DECLARATION = Pattern.compile("\\s*(\\w+) (\\w+(?:, \\w+)*)\\s*;\\s*");
    /** In PTX: registers of a type. */
    private static final Pattern REGISTERS = Pattern.compile("\\s*\\.reg .*");

    private KernelSource() {
    }

    /** The source with the variables of each declaration, and consecutive declarations, in alphabetical order. */
    static String normalForm(String source) {
        StringBuilder all = new StringBuilder();
        List<String> declarations = new ArrayList<>();
        for (String line : source.strip().lines().toList()) {
            Matcher m = DECLARATION.matcher(line);
            if (m.matches() && !m.group(1).equals("return") && !m.group(1).equals("goto")) {
                declarations.add(m.group(1) + " "
                        + Arrays.stream(m.group(2).split(", ")).sorted().collect(Collectors.joining(", ")) + ";");
            } else if (REGISTERS.matcher(line).matches()) {
                declarations.add(line.strip());
            } else {
                flush(declarations, all);
                all.append(line).append('\n');
            }
        }
        flush(declarations, all);
        return all.toString();
    }

    private static void flush(List<String> declarations, StringBuilder to) {
        Collections.sort(declarations);
        declarations.forEach(d -> to.append(d).append('\n'));
        declarations.clear();
    }

    /** Hash of several kernels' normal forms, in any order. */
    static String hash(List<String> normalForms) {
        return KernelFingerprint.hash(normalForms.stream().distinct().sorted().collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8));
    }
}
