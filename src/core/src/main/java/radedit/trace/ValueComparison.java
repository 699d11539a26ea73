package radedit.trace;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Tensor;
import radedit.trace.TraceDiff.Bound;
import radedit.trace.TraceDiff.Row;
import radedit.trace.TraceDiff.Verdict;

/** The comparison of pairs of values, by what both traces hold of them: elements, hashes, slices or statistics. */
final class ValueComparison {
    private final Trace first;
    private final Trace second;
    private final @Nullable Trace exact;
    private final Bound bound;

    ValueComparison(Trace first, Trace second, @Nullable Trace exact, Bound bound) {
        this.first = first;
        this.second = second;
        this.exact = exact;
        this.bound = bound;
    }

    /** {@return whether elements of a pair, or of the exact value, were recorded and are lost} */
    boolean isLost(TraceValue a, TraceValue b, @Nullable TraceValue c) {
        return first.isLost(a) || second.isLost(b) || exact != null && c != null && exact.isLost(c);
    }

    /** The comparison of a pair; null if nothing of it is in both traces. */
    @Nullable
    Row compare(TraceValue a, TraceValue b, @Nullable TraceValue c) throws IOException {
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
                && (bound.tolerance() == 0 || a.hash().equals(b.hash()))) {
            boolean same = a.hash().equals(b.hash());
            double[] p = a.slice();
            double[] q = b.slice();
            if (!same && p != null && q != null) {
                Row r = numbers(a, "slice", p, q, null);
                return new Row(a, Verdict.BEYOND, "hash", r.relative(), r.other(), r.largest(), r.rms(), r.ulps());
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
            boolean others = c == null && !isLost(a, b, c) && a.hash() != null && b.hash() != null
                    && a.isDouble() == b.isDouble();
            return others
                    ? new Row(a, Verdict.BEYOND, "hash", Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN)
                    : null;
        }
        double apart = difference(a, b);
        return new Row(a, apart == 0 ? Verdict.SAME : apart <= bound.tolerance() ? Verdict.WITHIN : Verdict.BEYOND,
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
        double apart = Math.max(Math.max(apart(s.rms(), t.rms()), apart(s.mean(), t.mean())),
                Math.max(apart(s.min(), t.min()), apart(s.max(), t.max())));
        return apart == 0 ? 0 : apart / scale;
    }

    /** The distance of two numbers; 0 of those that are not finite and the same. */
    private static double apart(double a, double b) {
        return Double.compare(a, b) == 0 ? 0 : Math.abs(a - b);
    }

    private static double squareIfFinite(double v) {
        return Double.isFinite(v) ? v * v : 0;
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
                norm += squareIfFinite(truth[i]);
                continue;
            }
            same &= a[i] == b[i];
            double d = Math.abs(a[i] - truth[i]);
            double e = Math.abs(b[i] - truth[i]);
            squares += d * d;
            otherSquares += e * e;
            norm += squareIfFinite(truth[i]);
            largest = d > largest || Double.isNaN(d) ? d : largest;
            double unit = Math.ulp(Math.max(Math.abs((float) truth[i]), Float.MIN_NORMAL));
            ulps = d / unit > ulps || Double.isNaN(d) ? d / unit : ulps;
        }
        double relative = squares == 0 ? 0 : Math.sqrt(squares / norm);
        double other = c == null ? Double.NaN : otherSquares == 0 ? 0 : Math.sqrt(otherSquares / norm);
        boolean holds = c == null
                ? relative <= bound.tolerance() && (same || bound.tolerance() > 0)
                : relative <= bound.factor() * other;
        return new Row(v, same && c == null ? Verdict.SAME : holds ? Verdict.WITHIN : Verdict.BEYOND, by, relative,
                other, largest, Math.sqrt(squares / Math.max(1, a.length)), ulps);
    }
}
