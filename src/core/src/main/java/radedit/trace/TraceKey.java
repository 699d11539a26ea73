package radedit.trace;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * By what values of two traces are aligned.
 *
 * @param network
 *            the network; empty for any
 * @param call
 *            number of its call
 * @param name
 *            the module's path
 */
record TraceKey(String network, int call, String name) {
    private static TraceKey of(TraceValue v) {
        return new TraceKey(v.network(), v.call(), v.name());
    }

    TraceKey withoutNetwork() {
        return new TraceKey("", call, name);
    }

    /**
     * {@return the values of a trace, with and without their networks. Without, the calls of a network's section are not the
     * network's, so its values are left out: they are inputs of the network, too}
     */
    static Map<TraceKey, TraceValue> index(Trace t) {
        Map<TraceKey, TraceValue> all = new HashMap<>();
        for (TraceValue v : t.values()) {
            all.putIfAbsent(of(v), v);
            if (!v.isOfSection()) {
                all.putIfAbsent(of(v).withoutNetwork(), v);
            }
        }
        return all;
    }

    /**
     * {@return a value's counterpart; null if there is none}
     *
     * @param byName
     *            whether its network may be unknown
     */
    static @Nullable TraceValue find(Map<TraceKey, TraceValue> all, TraceValue v, boolean byName) {
        TraceValue found = all.get(of(v));
        return found != null || !byName || v.isOfSection() ? found : all.get(of(v).withoutNetwork());
    }
}
