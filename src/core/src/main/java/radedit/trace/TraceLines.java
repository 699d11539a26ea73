package radedit.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.safetensors.FormatException;

/** Reads the lines of a trace: values, facts of the run, and what of the lines is missing or not as it was written. */
final class TraceLines {
    private static final int MOST_VALUES = 20_000_000;
    private static final Set<String> KINDS = Set.of("head", "call", "node", "n", "host", "check", "end");
    private static final JsonMapper JSON = JsonMapper
            .builder(JsonFactory.builder().streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).maxNameLength(1000).build()).build())
            .build();

    /** A node as its first appearance describes it. */
    private record Described(String network, String name, String op, List<String> covers, List<String> inputs,
            List<Integer> shape, boolean isDouble) {}

    /** A call of a network; its values share the list of its timesteps. */
    private record Call(int index, int step, List<Double> timesteps) {}

    private final Path file;
    private final List<TraceValue> values = new ArrayList<>();
    private final List<JsonNode> heads = new ArrayList<>();
    private final Map<String, String> sums = new HashMap<>();
    private final Map<Integer, Described> nodes = new HashMap<>();
    private final LineChecks checks = new LineChecks();
    private @Nullable Call call;
    private String level = "";
    private boolean begun;
    private boolean ended;
    /** Lines that are not JSON, and values without a description: how many, and the first one's number. */
    private int strange;
    private int firstStrange;
    private int undescribed;
    private int firstUndescribed;
    /** Values beyond {@link #MOST_VALUES}. */
    private int surplus;

    /**
     * @param file
     *            for messages
     */
    TraceLines(Path file) {
        this.file = file;
    }

    /**
     * Reads all lines.
     *
     * @param text
     *            JSON documents, each ended by a line feed, with or without a carriage return
     * @param damage
     *            what is known to be damaged; receives the rest
     * @throws FormatException
     *             if it is no trace, or of another version
     */
    void read(byte[] text, List<String> damage) throws IOException {
        int from = text.length >= 3 && (text[0] & 0xFF) == 0xEF && (text[1] & 0xFF) == 0xBB
                && (text[2] & 0xFF) == 0xBF ? 3 : 0;
        boolean wholeSoFar = damage.isEmpty();
        String ending = null;
        for (int number = 1; from < text.length && ending == null; number++) {
            int to = from;
            while (to < text.length && text[to] != '\n') {
                to++;
            }
            int length = to - from - (to > from && text[to - 1] == '\r' ? 1 : 0);
            if (length > 0) {
                ending = line(text, from, length, number, wholeSoFar);
            }
            from = to + 1;
        }
        if (!begun) {
            throw new FormatException(file, "is not a trace");
        }
        if (undescribed > 0) {
            damage.add(undescribed + (undescribed == 1 ? " value is" : " values are")
                    + " of nodes that are not described, the first in line " + firstUndescribed);
        }
        if (strange > 0) {
            damage.add("line " + firstStrange + (strange > 1 ? " and " + (strange - 1) + " others are" : " is")
                    + " not JSON");
        }
        damage.addAll(checks.damage());
        if (surplus > 0) {
            damage.add(surplus + " values after the first " + MOST_VALUES + " are not read");
        }
        if (ending != null) {
            damage.add(ending);
        }
        if (!ended) {
            damage.add("the end is missing: the run was interrupted, or the file was cut");
        }
    }

    /** Reads a line; returns what is wrong if no further ones belong to the trace. */
    private @Nullable String line(byte[] text, int from, int length, int number, boolean whole) throws IOException {
        JsonNode line;
        try {
            line = JSON.readTree(text, from, length);
        } catch (JacksonException e) {
            if (!begun && whole) {
                throw new FormatException(file, "is not a trace: its first line is not JSON");
            }
            strange++;
            firstStrange = strange == 1 ? number : firstStrange;
            checks.add(text, from, length);
            return null;
        }
        if (begun && line.has(TraceFile.METADATA)) {
            return "another trace begins in line " + number + "; it is not read";
        }
        if (ended) {
            return "line " + number + " and what follows come after the end; they are not read";
        }
        if (!begun) {
            begin(line, whole);
        }
        if (line.has("check") || line.has("end")) {
            ended = line.has("end");
            checks.check(line, number);
            return null;
        }
        checks.add(text, from, length);
        accept(line, number);
        return null;
    }

    /** Reads the first line. If the file's beginning is damaged, any line of a trace will do. */
    private void begin(JsonNode line, boolean whole) throws FormatException {
        JsonNode version = line.path(TraceFile.METADATA);
        boolean first = version.isIntegralNumber();
        if (!first && (whole || KINDS.stream().noneMatch(line::has))) {
            throw new FormatException(file, "is not a trace: its first line says nothing of the kind");
        }
        if (first && version.asLong() != TraceFile.VERSION) {
            throw new FormatException(file, "is a trace of version " + version.asText() + ", not " + TraceFile.VERSION
                    + "; the version of RadEdit that wrote it can read it");
        }
        begun = true;
        level = line.path("level").asText();
    }

    private void accept(JsonNode line, int number) {
        if (line.has("head")) {
            heads.add(line.get("head"));
        } else if (line.has("call")) {
            JsonNode steps = line.path("steps");
            call = new Call(line.path("index").asInt(), steps.size() == 1 ? steps.get(0).asInt() : -1,
                    numbers(line.path("timesteps")));
        } else if (line.has("node")) {
            nodes.put(line.get("node").asInt(), describe(line));
        } else if (line.has("n")) {
            Described d = nodes.get(line.get("n").asInt(-1));
            if (d == null || call == null) {
                undescribed++;
                firstUndescribed = undescribed == 1 ? number : firstUndescribed;
                return;
            }
            add(d, call.index, call.step, call.timesteps, line);
        } else if (line.has("host")) {
            Described d = new Described(TraceValue.HOST, line.get("host").asText(), "Host", List.of(), List.of(),
                    integers(line.path("shape")), true);
            add(d, line.path("index").asInt(), line.path("step").asInt(-1), List.of(), line);
        }
    }

    private Described describe(JsonNode line) {
        List<String> inputs = new ArrayList<>();
        for (JsonNode i : line.path("inputs")) {
            Described d = nodes.get(i.asInt());
            if (d != null) {
                inputs.add(d.name);
            }
        }
        List<String> covers = new ArrayList<>();
        line.path("covers").forEach(c -> covers.add(c.asText()));
        return new Described(line.path("network").asText(), line.path("name").asText(), line.path("op").asText(),
                covers, inputs, integers(line.path("shape")), line.path("dtype").asText().equals("F64"));
    }

    private void add(Described d, int index, int step, List<Double> timesteps, JsonNode line) {
        if (values.size() >= MOST_VALUES) {
            surplus++;
            return;
        }
        double[] slice = null;
        if (line.has("slice")) {
            slice = new double[line.get("slice").size()];
            for (int i = 0; i < slice.length; i++) {
                slice[i] = number(line.get("slice").get(i));
            }
        }
        String tensor = line.has("tensor") ? line.get("tensor").asText() : null;
        if (tensor != null && line.has("crc")) {
            sums.put(tensor, line.get("crc").asText());
        }
        TraceValue v = new TraceValue(d.network, index, d.name, step, timesteps, d.op, d.covers, d.inputs, d.shape,
                d.isDouble, line.has("h") ? line.get("h").asText() : null, statistics(line), slice, tensor);
        values.add(v);
        checks.seen(v);
    }

    private static ValueSummary.@Nullable Statistics statistics(JsonNode line) {
        if (!line.has("rms")) {
            return null;
        }
        long[] histogram = new long[line.path("histogram").size()];
        for (int i = 0; i < histogram.length; i++) {
            histogram[i] = line.path("histogram").get(i).asLong();
        }
        return new ValueSummary.Statistics(number(line.path("min")), number(line.path("max")),
                number(line.path("mean")), number(line.path("rms")), line.path("nan").asLong(),
                line.path("inf").asLong(), line.path("subnormal").asLong(), histogram);
    }

    /** A number; Jackson writes NaN and infinities as texts. */
    private static double number(JsonNode n) {
        if (n.isNumber()) {
            return n.asDouble();
        }
        return switch (n.asText()) {
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> all = new ArrayList<>();
        array.forEach(n -> all.add(n.asDouble()));
        return all;
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> all = new ArrayList<>();
        array.forEach(n -> all.add(n.asInt()));
        return all;
    }

    /** {@return how much of each value there is, as on the command line; empty if unknown} */
    String level() {
        return level;
    }

    /** {@return all values in the order of the lines} */
    List<TraceValue> values() {
        return values;
    }

    /** {@return facts of the run} */
    List<JsonNode> heads() {
        return heads;
    }

    /** {@return checksums of tensors by their names in the file, as far as they are recorded} */
    Map<String, String> sums() {
        return sums;
    }
}
