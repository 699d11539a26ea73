package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Result of a command line. */
record Outcome(int code, String out, String err) {
    /** Runs a command line in this process. */
    static Outcome run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new),
                new PrintWriter(out, true), new PrintWriter(err, true));
        return new Outcome(code, out.toString(), err.toString());
    }

    /** A command with options, where later ones replace earlier ones of the same name. */
    static Object[] line(List<?> usual, Object... more) {
        List<Object> line = new ArrayList<>(usual);
        for (Object o : more) {
            int at = o.toString().startsWith("-") ? line.indexOf(o) : -1;
            if (at >= 0) {
                line.subList(at, at + 2).clear();
            }
        }
        line.addAll(Arrays.asList(more));
        return line.toArray();
    }

    /** Checks for a refusal with this code, in one or two lines that contain these words. */
    static void assertRefused(int code, Outcome o, String... words) {
        assertEquals(code, o.code, o.err);
        assertTrue(o.err.startsWith("radedit: ") && o.err.lines().count() <= 2, o.err);
        for (String w : words) {
            assertTrue(o.err.contains(w), "'" + w + "' in: " + o.err);
        }
    }
}
