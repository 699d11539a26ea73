package radedit.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import com.fasterxml.jackson.databind.JsonNode;

import radedit.tensor.Tensor;

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

    private record Key(String network, int call, String name) {
        static Key of(TraceValue v) {
            return new Key(v.network(), v.call(), v.name());
        }

        Key withoutNetwork() {
            return new Key("", call, name);
        }
    }

    private static Map<Key, TraceValue> index(Trace t) {
        Map<Key, TraceValue> all = new HashMap<>();
        for (TraceValue v : t.values()) {
            all.putIfAbsent(Key.of(v), v);
            all.putIfAbsent(Key.of(v).withoutNetwork(), v);
        }
        return all;
    }

    private static @Nullable TraceValue find(Map<Key, TraceValue> all, TraceValue v, boolean byName) {
        TraceValue found = all.get(Key.of(v));
        return found != null || !byName ? found : all.get(Key.of(v).withoutNetwork());
    }

    private void run() throws IOException {
        boolean byName = !first.isOurs() || !second.isOurs();
        Map<Key, TraceValue> others = index(second);
        Map<Key, TraceValue> truths = exact == null ? Map.of() : index(exact);
        Contents inFirst = new Contents(first);
        Contents inSecond = new Contents(second);
        Set<TraceValue> matched = Collections.newSetFromMap(new IdentityHashMap<>());
        for (TraceValue a : first.values()) {
            TraceValue b = find(others, a, byName);
            if (b == null) {
                onlyFirst.add(new Unmatched(a, inSecond.whyNot(a)));
                continue;
            }
            matched.add(b);
            TraceValue c = exact == null ? null : find(truths, a, !exact.isOurs() || byName);
            if (exact != null && c == null) {
                onlyFirst.add(new Unmatched(a, "the exact trace does not have it"));
            } else {
                Row row = compare(a, b, c);
                if (row == null) {
                    onlyFirst.add(new Unmatched(a, "the traces hold different things of it"));
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

    /** What a trace holds, to say why it lacks a value. */
    private static final class Contents {
        /** Values of a UNet that computes once what the prompts of a step share. */
        private static final Pattern SHARED = Pattern.compile(".*\\.(once|repeat|groups|firsts?|pixels)");

        private final boolean ours;
        private final Set<String> names = new HashSet<>();
        private final Set<String> parts = new HashSet<>();
        /** Names of values by network. */
        private final Map<String, Set<String>> byNetwork = new HashMap<>();
        /** Calls of the UNet that were given its deep features. */
        private final Set<Integer> shallow = new HashSet<>();
        /** Result by network and module computed with it; the network is empty for any. */
        private final Map<Key, String> covering = new HashMap<>();

        Contents(Trace t) {
            ours = t.isOurs();
            for (TraceValue v : t.values()) {
                names.add(v.name());
                parts.add(part(v));
                byNetwork.computeIfAbsent(v.network(), n -> new HashSet<>()).add(v.name());
                if (isDeep(v)) {
                    shallow.add(v.call());
                }
                for (String module : v.covers()) {
                    Key key = new Key(v.network(), 0, module);
                    covering.putIfAbsent(key, v.name());
                    covering.putIfAbsent(key.withoutNetwork(), v.name());
                }
            }
        }

        private static String part(TraceValue v) {
            return v.name().split("\\.", 2)[0];
        }

        private static boolean isDeep(TraceValue v) {
            return v.isInput() && v.name().equals("deep_features");
        }

        private boolean has(String network, String name) {
            return byNetwork.getOrDefault(network, Set.of()).contains(name);
        }

        /** Why a run of the UNet lacks a value that another one has, as one of them computes something only once. */
        private @Nullable String reused(TraceValue v) {
            boolean isUNet = v.network().equals("unet");
            if (isDeep(v) || isUNet && shallow.contains(v.call())) {
                return "left out at steps that reuse deep features";
            }
            if (isUNet && (SHARED.matcher(v.name()).matches() || has("unet", v.name() + ".once"))) {
                return "computed once for all prompts of a step";
            }
            boolean section = v.network().startsWith("unet-") && !byNetwork.containsKey(v.network());
            if (section && byNetwork.containsKey("unet")
                    || isUNet && (has(TraceValue.UNET_TEXTS, v.name()) || has(TraceValue.UNET_TIMES, v.name()))) {
                return "computed once for all steps";
            }
            return null;
        }

        String whyNot(TraceValue v) {
            String once = reused(v);
            if (once != null) {
                return once;
            }
            String result = covering.get(new Key(v.network(), 0, v.name()));
            if (result != null) {
                return "computed together with others as " + result;
            }
            if (names.contains(v.name())) {
                return "in another call";
            }
            if (v.name().endsWith("dropout") || v.name().endsWith("to_out.1") || v.name().endsWith("drop")) {
                return "dropout, which does nothing here";
            }
            if (!parts.contains(part(v))) {
                return "of a part that was not run";
            }
            return v.isHost() || v.isInput() || !ours ? "not a module" : "not recorded";
        }
    }

    /** The comparison of a pair; null if nothing of it is in both traces. */
    private @Nullable Row compare(TraceValue a, TraceValue b, @Nullable TraceValue c) throws IOException {
        if (!a.shape().equals(b.shape()) || c != null && !a.shape().equals(c.shape())) {
            return new Row(a, Verdict.BEYOND, "shape", Double.POSITIVE_INFINITY, Double.NaN, Double.NaN, Double.NaN,
                    Double.NaN);
        }
        Tensor x = first.tensor(a);
        Tensor y = second.tensor(b);
        Tensor z = exact == null || c == null ? null : exact.tensor(c);
        if (x != null && y != null && (c == null || z != null)) {
            return numbers(a, "full", x.data(), y.data(), z == null ? null : z.data());
        }
        if (c == null && a.hash() != null && b.hash() != null && a.isDouble() == b.isDouble()
                && (bound.tolerance == 0 || a.hash().equals(b.hash()))) {
            boolean same = a.hash().equals(b.hash());
            double[] p = a.slice();
            double[] q = b.slice();
            if (!same && p != null && q != null) {
                Row r = numbers(a, "slice", p, q, null);
                return new Row(a, Verdict.BEYOND, "hash", r.relative, r.other, r.largest, r.rms, r.ulps);
            }
            return new Row(a, same ? Verdict.SAME : Verdict.BEYOND, "hash", same ? 0 : difference(a, b), Double.NaN,
                    same ? 0 : Double.NaN, same ? 0 : Double.NaN, same ? 0 : Double.NaN);
        }
        double[] p = a.slice();
        double[] q = b.slice();
        double[] r = c == null ? null : c.slice();
        if (p != null && q != null && (c == null || r != null)) {
            return numbers(a, "slice", p, q, r);
        }
        if (c != null || a.statistics() == null || b.statistics() == null) {
            boolean others = c == null && a.hash() != null && b.hash() != null && a.isDouble() == b.isDouble();
            return others
                    ? new Row(a, Verdict.BEYOND, "hash", Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN)
                    : null;
        }
        double apart = difference(a, b);
        return new Row(a, apart > bound.tolerance ? Verdict.BEYOND : apart == 0 ? Verdict.SAME : Verdict.WITHIN,
                "stats", apart, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    /** The largest relative difference of two values' statistics; NaN if one has none. */
    private static double difference(TraceValue a, TraceValue b) {
        ValueSummary.Statistics s = a.statistics();
        ValueSummary.Statistics t = b.statistics();
        if (s == null || t == null) {
            return Double.NaN;
        }
        if (s.nan() != t.nan() || s.infinite() != t.infinite()) {
            return Double.POSITIVE_INFINITY;
        }
        double scale = Math.max(Math.max(s.rms(), t.rms()), Double.MIN_NORMAL);
        return Math.max(Math.max(Math.abs(s.rms() - t.rms()), Math.abs(s.mean() - t.mean())),
                Math.max(Math.abs(s.min() - t.min()), Math.abs(s.max() - t.max()))) / scale;
    }

    private Row numbers(TraceValue v, String by, double[] a, double[] b, double @Nullable [] c) {
        double[] truth = c == null ? b : c;
        if (a.length != b.length || a.length != truth.length) {
            return new Row(v, Verdict.BEYOND, "shape", Double.POSITIVE_INFINITY, Double.NaN, Double.NaN, Double.NaN,
                    Double.NaN);
        }
        double squares = 0;
        double otherSquares = 0;
        double norm = 0;
        double largest = 0;
        double ulps = 0;
        boolean same = true;
        for (int i = 0; i < a.length; i++) {
            if (Double.doubleToLongBits(a[i]) == Double.doubleToLongBits(truth[i])
                    && Double.doubleToLongBits(a[i]) == Double.doubleToLongBits(b[i])) {
                norm += truth[i] * truth[i];
                continue;
            }
            same &= a[i] == b[i];
            double d = Math.abs(a[i] - truth[i]);
            double e = Math.abs(b[i] - truth[i]);
            squares += d * d;
            otherSquares += e * e;
            norm += truth[i] * truth[i];
            largest = d > largest || Double.isNaN(d) ? d : largest;
            double unit = Math.ulp(Math.max(Math.abs((float) truth[i]), Float.MIN_NORMAL));
            ulps = d / unit > ulps || Double.isNaN(d) ? d / unit : ulps;
        }
        double relative = squares == 0 ? 0 : Math.sqrt(squares / norm);
        double other = c == null ? Double.NaN : otherSquares == 0 ? 0 : Math.sqrt(otherSquares / norm);
        boolean holds = c == null ? relative <= bound.tolerance : relative <= bound.factor * other;
        return new Row(v, same && c == null ? Verdict.SAME : holds ? Verdict.WITHIN : Verdict.BEYOND, by, relative,
                other, largest, Math.sqrt(squares / Math.max(1, a.length)), ulps);
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
