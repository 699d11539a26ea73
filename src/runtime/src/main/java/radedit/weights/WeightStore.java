package radedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.files.Messages;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;
import radedit.safetensors.Safetensors;
import radedit.safetensors.TensorData;
import radedit.tensor.Shape;

/**
 * The tensors of one component of a model (UNet, VAE, text encoder), by their published names, from one safetensors
 * file or several shards.
 */
public final class WeightStore implements AutoCloseable {
    /** The file that holds a tensor, and its name in that file. */
    private record Location(Safetensors file, String name) {
        Shape shape() {
            return Objects.requireNonNull(file.tensors().get(name)).shape();
        }
    }

    private static final int MAX_UNKNOWN_NAMED = 3;
    private static final int MAX_UNUSED_NAMED = 6;
    private static final String CONVERT_HINT = " ('radedit weights convert' writes current ones)";

    private final Path folder;
    private final List<Safetensors> files = new ArrayList<>();
    private final Map<String, Location> locations = new HashMap<>();

    private WeightStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Maps the weights in a component's folder.
     *
     * @param folder
     *            the folder
     * @return its tensors; to be closed by the caller
     * @throws WeightsException
     *             if there are none, or a file is damaged or cannot be read
     */
    public static WeightStore open(Path folder) {
        WeightStore store = new WeightStore(folder);
        try {
            store.load();
            return store;
        } catch (IOException e) {
            store.close();
            throw new WeightsException(Messages.of(e), e);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * {@return the file, or the index of shards, that holds the weights in a component's folder; empty if there is
     * none}
     *
     * @param folder
     *            the folder
     * @throws WeightsException
     *             if there are several variants and none has a usual name
     */
    public static Optional<Path> locate(Path folder) {
        return WeightFolder.locate(folder);
    }

    private void load() throws IOException {
        Optional<Path> found = locate(folder);
        if (found.isPresent() && found.get().toString().endsWith(".json")) {
            loadShards(found.get());
            return;
        }
        if (found.isPresent()) {
            add(Safetensors.open(found.get()));
            return;
        }
        throw WeightFolder.noWeights(folder);
    }

    private void loadShards(Path index) throws IOException {
        JsonNode map = Json.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new FormatException(index, "has no weight_map");
        }
        Map<String, Safetensors> shards = new HashMap<>();
        for (Map.Entry<String, JsonNode> e : map.properties()) {
            String file = e.getValue().asText();
            // A shard is in the folder of its index; other paths would let an untrusted index open any file.
            if (!file.endsWith(".safetensors") || file.contains("/") || file.contains("\\")) {
                throw new FormatException(index, "weight_map names '" + file + "', which is not a shard next to it");
            }
            Safetensors shard = shards.get(file);
            if (shard == null) {
                if (!Files.exists(folder.resolve(file))) {
                    throw new WeightsException(folder.resolve(file) + ": shard is missing (named by " + index + ")");
                }
                shard = Safetensors.open(folder.resolve(file));
                shards.put(file, shard);
                add(shard);
            }
            if (!shard.tensors().containsKey(e.getKey())) {
                throw new WeightsException(
                        shard.path() + ": has no tensor '" + e.getKey() + "' (listed by " + index + ")");
            }
        }
    }

    private void add(Safetensors file) {
        files.add(file);
        for (String name : file.tensors().keySet()) {
            String current = LegacyNames.current(name);
            Location other = locations.putIfAbsent(current, new Location(file, name));
            if (other != null) {
                throw new WeightsException(file.path() + ": tensor '" + Messages.printable(name) + "' is "
                        + (other.name.equals(name)
                                ? "in " + other.file.path().getFileName() + " too"
                                : "present as '" + Messages.printable(other.name)
                                        + "' too, which is the same tensor's older or current name"));
            }
        }
    }

    /** {@return the folder} */
    public Path folder() {
        return folder;
    }

    /** {@return the mapped files} */
    public List<Path> files() {
        return files.stream().map(Safetensors::path).toList();
    }

    /** {@return the names of all tensors; older names are replaced by current ones} */
    public Set<String> names() {
        return Collections.unmodifiableSet(locations.keySet());
    }

    /**
     * {@return a floating-point tensor, still in the mapped file; valid until {@link #close}}
     *
     * @param name
     *            its current name
     * @param expected
     *            its shape; an attention matrix that is stored as a 1 x 1 convolution is reshaped
     * @throws WeightsException
     *             if it is missing, of another shape, or not of a readable floating-point type
     */
    public TensorData get(String name, Shape expected) {
        if (!locations.containsKey(name)) {
            throw new WeightsException(
                    folder + ": tensor '" + Messages.printable(name) + "' " + expected + " is missing"
                            + prefixHint(name));
        }
        TensorData t = get(name);
        String quoted = locations.get(name).file.path() + ": tensor '" + Messages.printable(locations.get(name).name)
                + "'";
        if (isConvolution(name, t.shape(), expected)) {
            t = t.reshape(expected);
        }
        if (!t.shape().equals(expected)) {
            throw new WeightsException(quoted + " has shape " + t.shape() + ", the configuration demands " + expected);
        }
        if (!t.dtype().isFloat()) {
            throw new WeightsException(quoted + " has dtype " + t.dtype() + "; weights are floating-point numbers");
        }
        return t;
    }

    /** A hint if the tensor is present behind a prefix that all names have; else empty. */
    private String prefixHint(String name) {
        String prefix = LegacyNames.commonPrefix(locations.keySet());
        return locations.containsKey(prefix + name)
                ? "; it is present as '" + Messages.printable(prefix + name) + "', and all have the prefix '" + prefix
                        + "', which 'radedit weights convert " + folder + " OUT' removes"
                : "";
    }

    /**
     * Whether a matrix is stored as a convolution with one tap, in one or two dimensions, as older checkpoints do.
     */
    private static boolean isConvolution(String name, Shape shape, Shape expected) {
        return shape.rank() > 2 && expected.rank() == 2 && LegacyNames.isMatrix(name, shape)
                && shape.dim(0) == expected.dim(0) && shape.dim(1) == expected.dim(1);
    }

    /**
     * {@return a tensor of any shape and readable type, still in the mapped file; valid until {@link #close}}
     *
     * @param name
     *            its current name
     * @throws WeightsException
     *             if it is missing, or of a type that cannot be read
     */
    public TensorData get(String name) {
        Location location = locations.get(name);
        if (location == null) {
            throw new WeightsException(folder + ": tensor '" + Messages.printable(name) + "' is missing");
        }
        try {
            return location.file.get(location.name);
        } catch (FormatException e) {
            throw new WeightsException(e.explanation(), e);
        }
    }

    /**
     * Checks that the store holds exactly the tensors that a network needs.
     *
     * @param demanded
     *            names and shapes of the needed tensors
     * @param known
     *            selects further names that may be present and are not reported
     * @param unused
     *            selects further names that may be present and are reported as not used
     * @return warnings for the user, in sentences: older names, and tensors that are not used; empty if there are
     *         none
     * @throws WeightsException
     *             if a tensor is missing, of another shape, or unknown
     */
    public List<String> verify(Map<String, Shape> demanded, Predicate<String> known, Predicate<String> unused) {
        demanded.forEach(this::get);
        List<String> extra = locations.keySet().stream().filter(n -> !demanded.containsKey(n) && !known.test(n))
                .sorted()
                .toList();
        List<String> unknown = extra.stream().filter(n -> !unused.test(n)).toList();
        if (!unknown.isEmpty()) {
            throw new WeightsException(folder + ": " + count(unknown) + " that the configuration does not know: "
                    + quoted(unknown, MAX_UNKNOWN_NAMED));
        }
        List<String> warnings = new ArrayList<>(legacyWarnings(demanded));
        if (!extra.isEmpty()) {
            warnings.add(folder + ": " + count(extra) + " that the network does not have "
                    + (extra.size() == 1 ? "is" : "are")
                    + " not used: " + quoted(extra, MAX_UNUSED_NAMED));
        }
        return warnings;
    }

    /**
     * {@return warnings about tensors with an older name or form, in sentences; empty if there are none}
     *
     * @param demanded
     *            names and shapes of the needed tensors
     */
    public List<String> legacyWarnings(Map<String, Shape> demanded) {
        List<String> all = new ArrayList<>();
        List<String> renamed = locations.entrySet().stream().filter(e -> !e.getKey().equals(e.getValue().name))
                .map(e -> e.getValue().name).sorted().toList();
        if (!renamed.isEmpty()) {
            all.add(folder + ": " + count(renamed) + " under older names " + (renamed.size() == 1 ? "is" : "are")
                    + " read under current names: " + quoted(renamed, MAX_UNUSED_NAMED) + CONVERT_HINT);
        }
        List<String> reshaped = demanded.entrySet().stream()
                .flatMap(e -> Stream.ofNullable(locations.get(e.getKey()))
                        .filter(p -> isConvolution(e.getKey(), p.shape(), e.getValue())))
                .map(Location::name).sorted().toList();
        if (!reshaped.isEmpty()) {
            all.add(folder + ": " + count(reshaped) + " stored as 1 x 1 convolutions "
                    + (reshaped.size() == 1 ? "is" : "are")
                    + " read as matrices: " + quoted(reshaped, MAX_UNUSED_NAMED) + CONVERT_HINT);
        }
        return all;
    }

    private static String count(List<String> names) {
        return names.size() + " tensor" + (names.size() == 1 ? "" : "s");
    }

    private static String quoted(List<String> names, int most) {
        String some = names.stream().limit(most).map(Messages::printable).collect(Collectors.joining("', '"));
        return "'" + some + (names.size() > most ? "', ..." : "'");
    }

    /** Releases the pages read so far to the system; the next access maps them again, usually from the page cache. */
    public void unload() {
        files.forEach(Safetensors::unload);
    }

    /** Unmaps all files; every {@link TensorData} of them becomes invalid. */
    @Override
    public void close() {
        files.forEach(Safetensors::close);
        files.clear();
        locations.clear();
    }
}
