package radedit.stress.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import radedit.metrics.Interval;

/**
 * A number of an evaluation.
 *
 * @param metric
 *            its name, as in results.json
 * @param value
 *            the number; NaN if it is undefined
 * @param interval
 *            its 95 % interval from a bootstrap over patients; empty where that is undefined
 * @param count
 *            number of cases that it is of
 * @param note
 *            what else to know, such as why there is no interval; empty for nothing
 */
public record Estimate(String metric, double value, Optional<Interval> interval, int count, String note) {
    Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("value", defined(value));
        m.put("low", interval.map(i -> defined(i.low())).orElse(null));
        m.put("high", interval.map(i -> defined(i.high())).orElse(null));
        m.put("count", count);
        if (!note.isEmpty()) {
            m.put("note", note);
        }
        return m;
    }

    static @Nullable Double defined(double v) {
        return Double.isFinite(v) ? v : null;
    }
}
