package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins four adjacent reads of local memory in generated OpenCL C into one 128-bit read. TornadoVM has no vectors in local
 * memory, and NVIDIA's OpenCL compiler does not join the reads. In the kernels of this package, four adjacent elements that are
 * read in sequence begin at a multiple of four elements. The self-test runs the rewritten source.
 */
final class VectorReads {
    private static final Pattern ARRAY = Pattern.compile("\\s*__local float (\\w+)\\[(\\d+)];\\s*");
    /** An index variable that is another variable, or a constant, plus a constant. */
    private static final Pattern INDEX = Pattern.compile("\\s*(i_\\d+)\\s+=\\s+(i_\\d+) \\+ (\\d+);\\s*");
    private static final Pattern READ = Pattern.compile("(\\s*)(f_\\d+)\\s+=\\s+(\\w+)\\[(i_\\d+)];\\s*");
    private static final int LANES = 4;

    /** The element {@code offset} elements after a variable's. */
    private record Element(String base, int offset) {}

    private record Read(int line, String indent, String target, String array, String index, Element element) {}

    private VectorReads() {
    }

    /** The same kernel with vector reads. */
    static String of(String source) {
        List<String> lines = new ArrayList<>(source.lines().toList());
        List<String> arrays = new ArrayList<>();
        Map<String, Element> elements = new HashMap<>();
        List<Read> run = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher array = ARRAY.matcher(lines.get(i));
            Matcher index = INDEX.matcher(lines.get(i));
            Matcher read = READ.matcher(lines.get(i));
            if (array.matches()) {
                arrays.add(array.group(1));
                lines.set(i, lines.get(i).replace("];", "] __attribute__((aligned(16)));"));
            } else if (index.matches()) {
                elements.put(index.group(1), new Element(index.group(2), Integer.parseInt(index.group(3))));
            } else if (read.matches() && arrays.contains(read.group(3))) {
                String at = read.group(4);
                Read next = new Read(i, read.group(1), read.group(2), read.group(3), at,
                        elements.getOrDefault(at, new Element(at, 0)));
                if (!run.isEmpty() && !follows(run.getLast(), next)) {
                    run.clear();
                }
                run.add(next);
                if (run.size() == LANES) {
                    join(run, lines);
                    run.clear();
                }
            } else {
                run.clear();
                elements.clear();
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static boolean follows(Read before, Read next) {
        return before.array.equals(next.array) && before.element.base.equals(next.element.base)
                && before.element.offset + 1 == next.element.offset;
    }

    /** Reads all four where the first is read. Nothing is written in between: only indices are computed. */
    private static void join(List<Read> run, List<String> lines) {
        Read first = run.getFirst();
        String vector = "v4_" + first.target;
        StringBuilder all = new StringBuilder(first.indent + "float4 " + vector + " = *((__local float4 *) &"
                + first.array + "[" + first.index + "]);");
        for (int lane = 0; lane < LANES; lane++) {
            Read r = run.get(lane);
            all.append(' ').append(r.target).append(" = ").append(vector).append(".s").append(lane).append(';');
            if (lane > 0) {
                lines.set(r.line, "");
            }
        }
        lines.set(first.line, all.toString());
    }
}
