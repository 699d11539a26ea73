package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** What came of a command line. */
record Outcome(int code, String out, String err) {
    /** Runs one in this process. */
    static Outcome run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new),
                new PrintWriter(out, true), new PrintWriter(err, true));
        return new Outcome(code, out.toString(), err.toString());
    }

    /** Refused with this code, in one or two lines that hold these words. */
    static void assertRefused(int code, Outcome o, String... words) {
        assertEquals(code, o.code, o.err);
        assertTrue(o.err.startsWith("radedit: ") && o.err.lines().count() <= 2, o.err);
        for (String w : words) {
            assertTrue(o.err.contains(w), "'" + w + "' in: " + o.err);
        }
    }
}
