package radedit.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import com.fasterxml.jackson.databind.JsonNode;

import radedit.files.Messages;
import radedit.safetensors.FormatException;
import radedit.safetensors.Placeholder;
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
    /** Settings of a result that make it approximate. */
    private static final List<String> APPROXIMATE = List.of("deep_cache", "guidance_interval", "unguided_after",
            "emulate_precision");
    private static final Pattern NUMBERED = Pattern.compile("(.*)@(\\d{1,6})");

    private final Path file;
    private final List<TraceValue> values = new ArrayList<>();
    private final List<JsonNode> heads = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    /** Checksums of tensors, by their names in the file. */
    private final Map<String, String> sums = new HashMap<>();
    /** Names of tensors that turned out to be damaged. */
    private final Set<String> bad = new HashSet<>();
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
        if (Files.isDirectory(file)) {
            throw new FormatException(file, "is a folder, not a trace");
        }
        Trace t = new Trace(file);
        try {
            t.read();
        } catch (IOException | RuntimeException e) {
            t.close();
            throw e;
        }
        return t;
    }

    private void read() throws IOException {
        byte[] start;
        try (var in = Files.newInputStream(file)) {
            start = in.readNBytes(Long.BYTES + 1);
        }
        if (start.length == 0) {
            throw new FormatException(file, "is empty, so it is no trace");
        }
        if (start.length > 1 && start[0] == 0x1f && (start[1] & 0xFF) == 0x8b) {
            readLines(new PieceReader(file, content(), MOST).read(damage));
        } else if (start.length > Long.BYTES && start[Long.BYTES] == '{' && start[Long.BYTES - 1] == 0) {
            readTensors();
        } else if (start[0] == '{' || (start[0] & 0xFF) == 0xEF) {
            readLines(content());
        } else {
            Placeholder.refuse(file);
            throw new FormatException(file, "is not a trace: neither lines of JSON, which may be compressed by gzip, "
                    + "nor safetensors");
        }
    }

    private void readTensors() throws IOException {
        Safetensors s = Safetensors.openDamaged(file);
        tensors = s;
        int described = s.tensors().size() + s.missing().size();
        if (!s.missing().isEmpty()) {
            damage.add(s.missing().size() + " of " + described + " tensors are missing, the first is '"
                    + Messages.printable(s.missing().getFirst().name()) + "': the file was cut");
        }
        if (s.surplus() > 0) {
            damage.add(s.surplus() + " bytes after the last tensor are not read");
        }
        String lines = s.metadata().get(TraceFile.METADATA);
        if (lines != null) {
            readLines(lines.getBytes(StandardCharsets.UTF_8));
            return;
        }
        level = TraceLevel.FULL.label();
        Stream.concat(s.tensors().values().stream(), s.missing().stream()).map(Trace::foreign).forEach(values::add);
    }

    /** A tensor of another program's file. */
    private static TraceValue foreign(TensorInfo t) {
        Matcher m = NUMBERED.matcher(t.name());
        boolean numbered = m.matches();
        List<Integer> shape = Arrays.stream(t.shape().toArray()).boxed().toList();
        return new TraceValue("", numbered ? Integer.parseInt(m.group(2)) : 0, numbered ? m.group(1) : t.name(), -1,
                List.of(), "", List.of(), List.of(), shape, false, null, null, null, t.name());
    }

    private void readLines(byte[] text) throws IOException {
        TraceLines lines = new TraceLines(file);
        lines.read(text, damage);
        ours = true;
        level = lines.level();
        values.addAll(lines.values());
        heads.addAll(lines.heads());
        sums.putAll(lines.sums());
    }

    private byte[] content() throws IOException {
        long size = Files.size(file);
        if (size > MOST) {
            throw new FormatException(file, "has " + size + " bytes, too many for a trace");
        }
        return Files.readAllBytes(file);
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

    /** {@return the settings by which results of the run are approximate, such as "deep_cache 2"; empty if none is} */
    public Set<String> approximations() {
        Set<String> all = new LinkedHashSet<>();
        for (JsonNode head : heads()) {
            // Of a request, or of a single network.
            for (JsonNode run : List.of(head.path("result"), head)) {
                if (!run.path("exact").asBoolean(true)) {
                    APPROXIMATE.stream().filter(run::has)
                            .forEach(s -> all
                                    .add(s + " " + (run.get(s).isTextual() ? run.get(s).asText() : run.get(s))));
                }
            }
        }
        return all;
    }

    /**
     * {@return what cannot be read; empty for a whole file. Elements are checked when they are read, so there may be more after
     * that}
     */
    public List<String> damage() {
        return Collections.unmodifiableList(damage);
    }

    /**
     * {@return whether the elements of a value were recorded and cannot be read, because the file is damaged}
     *
     * @param value
     *            a value of this trace
     */
    public boolean isLost(TraceValue value) {
        return value.tensor() != null && tensors != null
                && (!tensors.tensors().containsKey(value.tensor()) || bad.contains(value.tensor()));
    }

    /**
     * {@return the elements of a value; null if the trace does not hold them, or not as they were written}
     *
     * @param value
     *            a value of this trace
     * @throws IOException
     *             if they cannot be read
     */
    public @Nullable Tensor tensor(TraceValue value) throws IOException {
        String name = value.tensor();
        if (name == null || tensors == null || isLost(value)) {
            return null;
        }
        if (tensors.encoded(name).byteSize() > Integer.MAX_VALUE) {
            throw new FormatException(file, "'" + Messages.printable(name) + "' is too large to be compared");
        }
        String sum = sums.get(name);
        if (sum != null && !sum.equals(TraceFile.sum(tensors.encoded(name).asByteBuffer()))) {
            bad.add(name);
            damage.add("the elements of '" + Messages.printable(name) + "' are not those that were written");
            return null;
        }
        return tensors.read(name);
    }

    @Override
    public void close() {
        if (tensors != null) {
            tensors.close();
        }
    }
}
