package radedit.certificate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.safetensors.FormatException;
import radedit.tensor.Tensor;
import radedit.trace.Trace;
import radedit.trace.TraceValue;
import radedit.trace.ValueSummary;

/** What a certificate says of a trace. */
final class TraceFacts {
    /** Counts of a network's values. */
    private static final class Network {
        private int calls;
        private int values;
        /** Values with statistics. */
        private int measured;
        private double largest;
        private long nan;
        private long infinite;
        private long subnormal;

        void add(TraceValue v, ValueSummary.@Nullable Statistics s, long subnormals) {
            calls = Math.max(calls, v.call() + 1);
            values++;
            if (s == null) {
                return;
            }
            measured++;
            if (!Double.isNaN(s.min())) {
                largest = Math.max(largest, Math.max(Math.abs(s.min()), Math.abs(s.max())));
            }
            nan += s.nan();
            infinite += s.infinite();
            subnormal += subnormals;
        }

        void describe(ObjectNode o) {
            o.put("calls", calls);
            o.put("values", values);
            o.put("measured", measured);
            if (measured > 0) {
                o.put("largest", largest);
                o.put("nan", nan);
                o.put("infinite", infinite);
                o.put("subnormal", subnormal);
            }
        }
    }

    private TraceFacts() {
    }

    /**
     * {@return the hash of a trace and a summary of its values; statistics are there as far as the trace has them}
     *
     * @param file
     *            the trace
     * @throws FormatException
     *             if it is damaged or unfinished
     * @throws IOException
     *             if it cannot be read
     */
    static ObjectNode of(Path file) throws IOException {
        ObjectNode o = JsonNodeFactory.instance.objectNode();
        try (Trace t = Trace.open(file)) {
            requireWhole(file, t);
            Map<String, Network> networks = new TreeMap<>();
            ArrayNode host = JsonNodeFactory.instance.arrayNode();
            for (TraceValue v : t.values()) {
                Tensor elements = v.hash() != null && v.statistics() != null ? null : t.tensor(v);
                if (v.isHost()) {
                    host.add(hostValue(v, elements));
                }
                ValueSummary.Statistics s = v.statistics() != null || elements == null
                        ? v.statistics()
                        : ValueSummary.of(elements, true).statistics();
                long subnormals = s == null ? 0 : elements == null || v.isDouble() ? s.subnormal() : floats(elements);
                networks.computeIfAbsent(v.network(), n -> new Network()).add(v, s, subnormals);
            }
            requireWhole(file, t);
            o.put("sha256", Digests.hex("SHA-256", file));
            o.put("level", t.level());
            o.put("values", t.values().size());
            ObjectNode each = o.putObject("networks");
            networks.forEach((name, n) -> n.describe(each.putObject(name)));
            o.set("host", host);
            ArrayNode heads = o.putArray("run");
            t.heads().forEach(heads::add);
        }
        return o;
    }

    /** Refuses a trace of which something is damaged, as far as it was read. */
    private static void requireWhole(Path file, Trace t) throws FormatException {
        if (!t.damage().isEmpty()) {
            throw new FormatException(file, "is not whole: " + t.damage().getFirst());
        }
    }

    private static ObjectNode hostValue(TraceValue v, @Nullable Tensor elements) {
        ObjectNode o = JsonNodeFactory.instance.objectNode();
        o.put("name", v.name());
        o.put("call", v.call());
        o.put("step", v.step());
        o.put("hash",
                v.hash() == null && elements != null ? ValueSummary.of(elements, false).hash() : v.hash());
        return o;
    }

    /** The number of elements that are subnormal as floats. */
    private static long floats(Tensor t) {
        long n = 0;
        for (double x : t.data()) {
            if (x != 0 && Math.abs(x) < Float.MIN_NORMAL) {
                n++;
            }
        }
        return n;
    }
}
