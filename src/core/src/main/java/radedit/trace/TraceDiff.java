package radedit.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * The differences of two traces, value by value, in the order in which the first was computed. Values are aligned by network,
 * call and name; those of another program's file by name and call.
 */
public final class TraceDiff {
    /** What a comparison says of a pair. */
    public enum Verdict {
        /** The same bits, or the same numbers where only numbers are recorded. */
        SAME,
        /** Different, within the bound. */
        WITHIN,
        /** Beyond the bound. */
        BEYOND
    }

    /**
     * A pair of values.
     *
     * @param a
     *            value of the first trace
     * @param verdict
     *            what the comparison says
     * @param by
     *            what was compared: full, slice, stats or hash
     * @param relative
     *            ||a - b|| / ||b|| in the 2-norm, or of a and the exact value if there is one; of statistics, the relative
     *            difference of their root mean squares; NaN for hashes
     * @param other
     *            likewise of b and the exact value; NaN without one
     * @param largest
     *            largest absolute difference; NaN for hashes and statistics
     * @param rms
     *            root mean square of the differences; NaN for hashes and statistics
     * @param ulps
     *            largest difference in units of the last place of a float32 of b's magnitude, at least that of the smallest
     *            normal number; NaN for hashes and statistics
     */
    public record Row(TraceValue a, Verdict verdict, String by, double relative, double other, double largest,
            double rms, double ulps) {}

    /**
     * A value without a counterpart.
     *
     * @param value
     *            the value
     * @param reason
     *            why, as far as is known
     */
    public record Unmatched(TraceValue value, String reason) {}

    /**
     * The bound of a difference.
     *
     * @param tolerance
     *            largest relative error without an exact trace; 0 for equality to the bit
     * @param factor
     *            largest ratio of a's error to b's with one
     */
    public record Bound(double tolerance, double factor) {}

    private final Trace first;
    private final Trace second;
    private final @Nullable Trace exact;
    private final Bound bound;
    private final List<Row> rows = new ArrayList<>();
    private final List<Unmatched> onlyFirst = new ArrayList<>();
    private boolean incomparable;
    private int common;
    private final List<Unmatched> onlySecond = new ArrayList<>();

    /**
     * Compares two traces.
     *
     * @param first
     *            the trace to judge
     * @param second
     *            the trace to compare it with
     * @param exact
     *            a trace in higher precision, from which the errors of both are taken; may be null
     * @param bound
     *            the bound of differences
     * @return the differences
     * @throws IOException
     *             if values cannot be read
     */
    public static TraceDiff of(Trace first, Trace second, @Nullable Trace exact, Bound bound) throws IOException {
        TraceDiff d = new TraceDiff(first, second, exact, bound);
        d.run();
        return d;
    }

    private TraceDiff(Trace first, Trace second, @Nullable Trace exact, Bound bound) {
        this.first = first;
        this.second = second;
        this.exact = exact;
        this.bound = bound;
    }

    private void run() throws IOException {
        boolean byName = !first.isOurs() || !second.isOurs();
        Map<TraceKey, TraceValue> others = TraceKey.index(second);
        Map<TraceKey, TraceValue> truths = exact == null ? Map.of() : TraceKey.index(exact);
        TraceContents inFirst = new TraceContents(first);
        TraceContents inSecond = new TraceContents(second);
        ValueComparison comparison = new ValueComparison(first, second, exact, bound);
        Set<TraceValue> matched = Collections.newSetFromMap(new IdentityHashMap<>());
        for (TraceValue a : first.values()) {
            TraceValue b = TraceKey.find(others, a, byName);
            if (b == null) {
                onlyFirst.add(new Unmatched(a, inSecond.whyNot(a)));
                continue;
            }
            matched.add(b);
            common++;
            if (byName && isOfOtherBatch(a.shape(), b.shape())) {
                onlyFirst.add(new Unmatched(a, "in a batch of another size"));
                continue;
            }
            TraceValue c = exact == null ? null : TraceKey.find(truths, a, !exact.isOurs() || byName);
            if (exact != null && c == null) {
                onlyFirst.add(new Unmatched(a, "the exact trace does not have it"));
            } else {
                Row row = comparison.compare(a, b, c);
                if (row == null) {
                    onlyFirst.add(new Unmatched(a, comparison.isLost(a, b, c)
                            ? "its elements are lost, as a file is damaged"
                            : "the traces hold different things of it"));
                    // of inputs that were not asked for, there is no more than a hash
                    incomparable |= !a.isInput();
                } else {
                    rows.add(row);
                }
            }
        }
        for (TraceValue b : second.values()) {
            if (!matched.contains(b)) {
                onlySecond.add(new Unmatched(b, inFirst.whyNot(b)));
            }
        }
    }

    /** Whether shapes differ in the first dimension only. */
    private static boolean isOfOtherBatch(List<Integer> a, List<Integer> b) {
        return a.size() == b.size() && !a.isEmpty() && !a.getFirst().equals(b.getFirst())
                && a.subList(1, a.size()).equals(b.subList(1, b.size()));
    }

    /** {@return all pairs, in the order of the first trace} */
    public List<Row> rows() {
        return Collections.unmodifiableList(rows);
    }

    /**
     * {@return the pairs with the largest relative errors, without those that are the same}
     *
     * @param most
     *            how many at most
     */
    public List<Row> largest(int most) {
        return rows.stream().filter(r -> r.verdict != Verdict.SAME)
                .sorted(Comparator.comparingDouble(Row::relative).reversed()).limit(most).toList();
    }

    /** {@return the first pair beyond its bound; null if all hold} */
    public @Nullable Row divergence() {
        return rows.stream().filter(r -> r.verdict == Verdict.BEYOND).findFirst().orElse(null);
    }

    /** {@return the number of values that both traces have, whether they can be compared or not} */
    public int common() {
        return common;
    }

    /** {@return values that only the first trace has} */
    public List<Unmatched> onlyFirst() {
        return Collections.unmodifiableList(onlyFirst);
    }

    /** {@return values that only the second trace has} */
    public List<Unmatched> onlySecond() {
        return Collections.unmodifiableList(onlySecond);
    }

    /** {@return whether there is anything to compare, all of it could be compared, and it holds} */
    public boolean holds() {
        return !rows.isEmpty() && !incomparable && divergence() == null;
    }

    /** {@return facts about the runs that differ, by name: both values; "none" of a setting that one result lacks} */
    public Map<String, List<String>> differentFacts() {
        Map<String, String> a = facts(first);
        Map<String, String> b = facts(second);
        Map<String, List<String>> all = new LinkedHashMap<>();
        boolean results = hasResult(first) && hasResult(second);
        Set<String> names = new LinkedHashSet<>(a.keySet());
        names.addAll(results ? b.keySet() : Set.of());
        for (String name : names) {
            String one = a.getOrDefault(name, "none");
            String other = b.getOrDefault(name, "none");
            if (!one.equals(other) && (results || b.containsKey(name))) {
                all.put(name, Arrays.asList(one, other));
            }
        }
        return all;
    }

    /** {@return the settings by which results of the first and of the second run are approximate} */
    public List<Set<String>> approximations() {
        return List.of(first.approximations(), second.approximations());
    }

    private static boolean hasResult(Trace t) {
        return t.heads().stream().anyMatch(h -> h.has("result"));
    }

    private static String text(JsonNode v) {
        return v.isTextual() ? v.asText() : v.toString();
    }

    private static Map<String, String> facts(Trace t) {
        Map<String, String> all = new LinkedHashMap<>();
        t.heads().forEach(h -> h.properties().forEach(e -> {
            if (e.getKey().equals("result")) {
                e.getValue().properties().stream().filter(f -> !Set.of("command_line", "inputs").contains(f.getKey()))
                        .forEach(f -> all.put(f.getKey(), text(f.getValue())));
            } else {
                all.put(e.getKey(), text(e.getValue()));
            }
        }));
        return all;
    }
}
