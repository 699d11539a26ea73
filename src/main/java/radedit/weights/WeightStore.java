package radedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.files.Messages;
import radedit.tensor.Shape;

/** The tensors of one part of a model, by their published names, from one safetensors file or from several shards. */
public final class WeightStore implements AutoCloseable {
    /** The names under which diffusers and transformers publish weights, best first. */
    private static final List<String> FILES = List.of("diffusion_pytorch_model.safetensors", "model.safetensors",
            "diffusion_pytorch_model.fp16.safetensors", "model.fp16.safetensors");
    private static final List<String> INDEXES = List.of("diffusion_pytorch_model.safetensors.index.json",
            "model.safetensors.index.json", "diffusion_pytorch_model.safetensors.index.fp16.json",
            "model.safetensors.index.fp16.json", "diffusion_pytorch_model.fp16.safetensors.index.json",
            "model.fp16.safetensors.index.json");
    private static final List<String> PICKLES = List.of("diffusion_pytorch_model.bin", "pytorch_model.bin",
            "diffusion_pytorch_model.fp16.bin");

    private final Path folder;
    private final List<Safetensors> files = new ArrayList<>();
    private final Map<String, Safetensors> owner = new HashMap<>();

    private WeightStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Maps the weights in a part's folder.
     *
     * @throws WeightsException
     *             if there are none, or a file is damaged
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

    /** The file, or the index of shards, that holds the weights in a part's folder, if there is one. */
    public static Optional<Path> locate(Path folder) {
        return Stream.concat(FILES.stream(), INDEXES.stream()).map(folder::resolve).filter(Files::exists).findFirst();
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
        for (String name : PICKLES) {
            if (Files.exists(folder.resolve(name))) {
                throw new WeightsException(folder.resolve(name) + ": a pickle, which is not read here; convert it with "
                        + "'radedit weights convert " + folder + " " + folder + "'");
            }
        }
        throw new WeightsException(folder + ": no weights found (looked for " + String.join(", ", FILES.subList(0, 2))
                + " and their sharded and fp16 forms)");
    }

    private void loadShards(Path index) throws IOException {
        JsonNode map = Json.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new FormatException(index, "has no weight_map");
        }
        Map<String, Safetensors> shards = new HashMap<>();
        for (Map.Entry<String, JsonNode> e : map.properties()) {
            String file = e.getValue().asText();
            // A shard lies beside its index; anything else would let a stranger's index open files elsewhere.
            if (!file.endsWith(".safetensors") || file.contains("/") || file.contains("\\")) {
                throw new FormatException(index, "weight_map names '" + file + "', which is no shard beside it");
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
                        shard.path() + ": has no tensor '" + e.getKey() + "' (promised by " + index + ")");
            }
        }
    }

    private void add(Safetensors file) {
        files.add(file);
        for (String name : file.tensors().keySet()) {
            Safetensors other = owner.putIfAbsent(name, file);
            if (other != null) {
                throw new WeightsException(
                        file.path() + ": tensor '" + name + "' is in " + other.path().getFileName() + " too");
            }
        }
    }

    public Path folder() {
        return folder;
    }

    /** The files that are mapped. */
    public List<Path> files() {
        return files.stream().map(Safetensors::path).toList();
    }

    public Set<String> names() {
        return Collections.unmodifiableSet(owner.keySet());
    }

    /**
     * A tensor still in its file; valid until {@link #close}.
     *
     * @throws WeightsException
     *             if it is missing, of another shape, or of a type that cannot be read
     */
    public TensorData get(String name, Shape expected) {
        if (!owner.containsKey(name)) {
            throw new WeightsException(folder + ": tensor '" + name + "' " + expected + " is missing");
        }
        TensorData t = get(name);
        if (!t.shape().equals(expected)) {
            throw new WeightsException(owner.get(name).path() + ": tensor '" + name + "' has shape " + t.shape()
                    + ", the configuration demands " + expected);
        }
        if (!t.dtype().isFloat()) {
            throw new WeightsException(owner.get(name).path() + ": tensor '" + name + "' has dtype " + t.dtype()
                    + "; weights are floating-point numbers");
        }
        return t;
    }

    /**
     * A tensor of whatever shape, still in its file; valid until {@link #close}.
     *
     * @throws WeightsException
     *             if it is missing, or of a type that cannot be read
     */
    public TensorData get(String name) {
        Safetensors file = owner.get(name);
        if (file == null) {
            throw new WeightsException(folder + ": tensor '" + name + "' is missing");
        }
        try {
            return file.get(name);
        } catch (FormatException e) {
            throw new WeightsException(e.getMessage(), e);
        }
    }

    /**
     * Checks that the tensors are those demanded.
     *
     * @param tolerated
     *            names that may be there or not
     * @throws WeightsException
     *             naming what is missing, of another shape, or not known
     */
    public void verify(Map<String, Shape> demanded, Predicate<String> tolerated) {
        demanded.forEach(this::get);
        Set<String> extra = new HashSet<>(owner.keySet());
        extra.removeAll(demanded.keySet());
        extra.removeIf(tolerated);
        if (!extra.isEmpty()) {
            String some = new TreeSet<>(extra).stream().limit(3).collect(Collectors.joining("', '"));
            throw new WeightsException(folder + ": " + extra.size() + " tensor" + (extra.size() == 1 ? "" : "s")
                    + " that the configuration does not know: '" + some + (extra.size() > 3 ? "', ..." : "'"));
        }
    }

    /** Gives the pages that were read back to the system; they are mapped anew, as a rule from its file cache, when needed. */
    public void unload() {
        files.forEach(Safetensors::unload);
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
        files.clear();
        owner.clear();
    }
}
