package radedit.trace;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Compares the lines of a trace with the counts and checksums in it ({@link LineCheck}). A trace of an earlier program has one
 * count only, in its last line.
 */
final class LineChecks {
    /** Faults of which each is described; of a file that was made to have very many, the others are counted. */
    static final int MOST_FAULTS = 1000;

    /** Lines between two checks that are not those that were written; the last value before them is null if there is none. */
    private record Fault(long after, @Nullable TraceValue last, long expected, long found) {}

    private final LineCheck since = new LineCheck();
    private final List<Fault> faults = new ArrayList<>();
    /** Faults that are not described. */
    private int more;
    /** Lines up to the last check, as that says. */
    private long before;
    private @Nullable TraceValue lastChecked;
    private @Nullable TraceValue last;
    /** Lines before the end, as that says; 0 if there is none. */
    private long all;

    /** Takes a line that is no check. */
    void add(byte[] text, int from, int length) {
        since.add(text, from, length);
    }

    /** Takes a value that the last line had. */
    void seen(TraceValue v) {
        last = v;
    }

    /** Takes a line with a count and a checksum. */
    void check(JsonNode line, int number) {
        boolean end = line.has("end");
        long written = (end ? line.get("end") : line.get("check")).asLong(-1);
        long expected = written - before;
        boolean same = !line.has("crc") || line.get("crc").asText().equals(since.sum());
        if (expected != since.lines() || !same) {
            if (faults.size() < MOST_FAULTS) {
                faults.add(new Fault(before, lastChecked, expected, since.lines()));
            } else {
                more++;
            }
        }
        before = written + 1;
        lastChecked = last;
        all = end ? written : 0;
        since.reset();
    }

    /** {@return what is wrong with the lines, one sentence each} */
    List<String> damage() {
        List<String> damage = new ArrayList<>();
        for (Fault f : faults) {
            String where = " after record " + f.after + (f.last == null ? "" : ", " + f.last.label());
            if (f.expected < 0) {
                damage.add("records are not in their order" + where);
            } else if (f.found < f.expected) {
                long missing = f.expected - f.found;
                String of = all > 0 ? " of " + all + " records" : missing == 1 ? " record" : " records";
                damage.add(missing + of + (missing == 1 ? " is" : " are") + " missing" + where);
            } else if (f.found > f.expected) {
                damage.add(f.found - f.expected + " records too many" + where);
            } else {
                damage.add("of " + f.found + " records" + where + ", some were changed or moved");
            }
        }
        if (more > 0) {
            damage.add("records were changed, moved or lost in " + more + " more places");
        }
        return damage;
    }
}
