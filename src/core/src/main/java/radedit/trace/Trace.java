package radedit.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.safetensors.FormatException;
import radedit.safetensors.Safetensors;
import radedit.safetensors.TensorInfo;
import radedit.tensor.Tensor;

/**
 * A trace that was read from a file: of this program, or safetensors of another program with a tensor for each module, named
 * by its path; further calls of a network are called NAME@1, NAME@2 and so on. Of a damaged file, what can be read is there,
 * and {@link #damage} says what cannot.
 */
public final class Trace implements AutoCloseable {
    /** Largest number of bytes of JSON; a file of at most this size cannot ask for more memory than there is. */
    private static final long MOST = 1L << 30;
    /** Bytes read from a gzip piece at a time. */
    private static final int BUFFER = 512;
    private static final int MOST_VALUES = 20_000_000;
    private static final Pattern NUMBERED = Pattern.compile("(.*)@(\\d{1,6})");
    private static final JsonMapper JSON = JsonMapper
            .builder(JsonFactory.builder().streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).maxNameLength(1000).build()).build())
            .build();

    private final Path file;
    private final List<TraceValue> values = new ArrayList<>();
    private final List<JsonNode> heads = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    private @Nullable Safetensors tensors;
    private boolean ours;
    private String level = "";

    private Trace(Path file) {
        this.file = file;
    }

    /**
     * Opens a trace.
     *
     * @param file
     *            the file
     * @return the trace; the caller closes it
     * @throws IOException
     *             if it cannot be read, or is no trace
     */
    public static Trace open(Path file) throws IOException {
        Trace t = new Trace(file);
        byte[] start = new byte[2];
        int n;
        try (var in = Files.newInputStream(file)) {
            n = in.readNBytes(start, 0, 2);
        }
        if (n == 2 && start[0] == 0x1f && (start[1] & 0xFF) == 0x8b) {
            t.readPieces();
        } else {
            t.readTensors();
        }
        return t;
    }

    private void readTensors() throws IOException {
        Safetensors s = Safetensors.open(file);
        tensors = s;
        String lines = s.metadata().get(TraceFile.METADATA);
        if (lines != null) {
            readLines(lines.getBytes(StandardCharsets.UTF_8));
            return;
        }
        level = TraceLevel.FULL.label();
        for (Map.Entry<String, TensorInfo> e : s.tensors().entrySet()) {
            Matcher m = NUMBERED.matcher(e.getKey());
            boolean numbered = m.matches();
            List<Integer> shape = Arrays.stream(e.getValue().shape().toArray()).boxed().toList();
            values.add(new TraceValue("", numbered ? Integer.parseInt(m.group(2)) : 0,
                    numbered ? m.group(1) : e.getKey(), -1, List.of(), "", List.of(), List.of(), shape, false, null,
                    null, null, e.getKey()));
        }
    }

    /** Reads the gzip pieces one after the other; after damage it goes on with the next piece that can be read. */
    private void readPieces() throws IOException {
        long size = Files.size(file);
        if (size > MOST) {
            throw new FormatException(file, "has " + size + " bytes, too many for a trace");
        }
        byte[] all = Files.readAllBytes(file);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int at = 0;
        while (at < all.length) {
            int read = unzip(all, at, text);
            if (read < all.length) {
                int next = nextPiece(all, Math.max(at + 1, read));
                damage.add("bytes " + read + " to " + (next - 1) + " cannot be read");
                text.write('\n');
                read = next;
            }
            at = read;
        }
        readLines(text.toByteArray());
    }

    /** The index of the next gzip header. */
    private static int nextPiece(byte[] all, int from) {
        for (int i = from; i + 3 < all.length; i++) {
            if (all[i] == 0x1f && (all[i + 1] & 0xFF) == 0x8b && all[i + 2] == 8 && all[i + 3] == 0) {
                return i;
            }
        }
        return all.length;
    }

    /** Unzips pieces to the end or to damage, and returns about how far it came. */
    private int unzip(byte[] all, int from, ByteArrayOutputStream text) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(all, from, all.length - from);
        try (GZIPInputStream zip = new GZIPInputStream(in, BUFFER)) {
            byte[] some = new byte[1 << 16];
            for (int n = zip.read(some); n >= 0; n = zip.read(some)) {
                text.write(some, 0, n);
                if (text.size() > MOST) {
                    throw new FormatException(file, "holds more than " + (MOST >> 20) + " MB of text");
                }
            }
            return all.length;
        } catch (EOFException e) {
            return all.length - 1;
        } catch (ZipException e) {
            return Math.max(from + 1, all.length - in.available() - BUFFER);
        }
    }

    /** A node as its first appearance describes it. */
    private record Described(String network, String name, String op, List<String> covers, List<String> inputs,
            List<Integer> shape, boolean isDouble) {}

    private void readLines(byte[] text) throws IOException {
        Map<Integer, Described> nodes = new HashMap<>();
        JsonNode call = null;
        boolean ended = false;
        int number = 0;
        int from = 0;
        while (from < text.length) {
            int to = from;
            while (to < text.length && text[to] != '\n') {
                to++;
            }
            number++;
            if (to == from) {
                from = to + 1;
                continue;
            }
            try {
                JsonNode line = JSON.readTree(text, from, to - from);
                if (number == 1) {
                    ours = line.has(TraceFile.METADATA);
                    level = line.path("level").asText();
                }
                if (!ours) {
                    throw new FormatException(file, "is not a trace: its first line says nothing of the kind");
                }
                if (line.has("head")) {
                    heads.add(line.get("head"));
                } else if (line.has("call")) {
                    call = line;
                } else if (line.has("node")) {
                    nodes.put(line.get("node").asInt(), describe(line, nodes));
                } else if (line.has("n")) {
                    Described d = nodes.get(line.get("n").asInt());
                    if (d == null || call == null || values.size() >= MOST_VALUES) {
                        damage.add("line " + number + " refers to a node that is not described");
                    } else {
                        add(d, line, call);
                    }
                } else if (line.has("host")) {
                    String name = line.get("host").asText();
                    Described d = new Described(TraceValue.HOST, name, "Host", List.of(), List.of(),
                            integers(line.path("shape")), true);
                    values.add(value(d, line.path("index").asInt(), line.path("step").asInt(-1), List.of(), line));
                } else if (line.has("end")) {
                    ended = true;
                }
            } catch (JacksonException e) {
                damage.add("line " + number + " is not JSON");
            }
            from = to + 1;
        }
        if (!ours) {
            throw new FormatException(file, "is not a trace");
        }
        if (!ended) {
            damage.add("the end is missing: the run was interrupted, or the file was cut");
        }
    }

    private static Described describe(JsonNode line, Map<Integer, Described> nodes) {
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

    private void add(Described d, JsonNode line, JsonNode call) {
        JsonNode steps = call.path("steps");
        values.add(value(d, call.path("index").asInt(), steps.size() == 1 ? steps.get(0).asInt() : -1,
                numbers(call.path("timesteps")), line));
    }

    private static TraceValue value(Described d, int call, int step, List<Double> timesteps, JsonNode line) {
        double[] slice = null;
        if (line.has("slice")) {
            slice = new double[line.get("slice").size()];
            for (int i = 0; i < slice.length; i++) {
                slice[i] = number(line.get("slice").get(i));
            }
        }
        return new TraceValue(d.network, call, d.name, step, timesteps, d.op, d.covers, d.inputs, d.shape, d.isDouble,
                line.has("h") ? line.get("h").asText() : null, statistics(line), slice,
                line.has("tensor") ? line.get("tensor").asText() : null);
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

    /** {@return the file} */
    public Path file() {
        return file;
    }

    /** {@return whether this program wrote it} */
    public boolean isOurs() {
        return ours;
    }

    /** {@return how much of each value it holds, as on the command line} */
    public String level() {
        return level;
    }

    /** {@return all values in the order in which they were computed; in a file of another program, that of the file} */
    public List<TraceValue> values() {
        return Collections.unmodifiableList(values);
    }

    /** {@return what the trace says about the run: environment, settings, hashes of weights and inputs} */
    public List<JsonNode> heads() {
        return Collections.unmodifiableList(heads);
    }

    /** {@return what cannot be read; empty for a whole file} */
    public List<String> damage() {
        return Collections.unmodifiableList(damage);
    }

    /**
     * {@return the elements of a value; null if the trace does not hold them}
     *
     * @param value
     *            a value of this trace
     * @throws IOException
     *             if they cannot be read
     */
    public @Nullable Tensor tensor(TraceValue value) throws IOException {
        return value.tensor() == null || tensors == null ? null : tensors.read(value.tensor());
    }

    @Override
    public void close() {
        if (tensors != null) {
            tensors.close();
        }
    }
}
