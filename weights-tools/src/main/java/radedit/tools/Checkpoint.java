package radedit.tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import radedit.files.Messages;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;
import radedit.safetensors.Safetensors;
import radedit.safetensors.TensorInfo;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.tools.pickle.StoredTensor;
import radedit.tools.pickle.TorchFile;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/**
 * The tensors of a checkpoint: safetensors or files of torch.save, a single file, shards with their index, or a part's
 * folder that contains one of these. Nothing is loaded; the tensors stay in the mapped files.
 */
final class Checkpoint implements AutoCloseable {
    /** File formats. */
    enum Format {
        SAFETENSORS("safetensors"), TORCH_ZIP("torch.save, zip"), TORCH_STREAM("torch.save, older stream");

        private final String description;

        Format(String description) {
            this.description = description;
        }

        @Override
        public String toString() {
            return description;
        }
    }

    /** A file of the checkpoint. */
    record Source(Path file, Format format) {}

    /** Names under which diffusers and transformers published pickles, in order of preference. */
    private static final List<String> PICKLES = List.of("diffusion_pytorch_model.bin", "pytorch_model.bin",
            "diffusion_pytorch_model.bin.index.json", "pytorch_model.bin.index.json",
            "diffusion_pytorch_model.fp16.bin", "pytorch_model.fp16.bin");
    private static final Pattern WEIGHTS = Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt)");

    /** Files that training programs save next to weights with the same endings. */
    private static final Pattern NO_WEIGHTS = Pattern
            .compile(
                    "training_args\\.bin|(?:optimizer|scheduler|scaler|rng_state|random_states)(?:[_-]?\\d+)*\\.(?:bin|pt|pth)");

    private final List<Source> sources = new ArrayList<>();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, Path> owners = new HashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<Safetensors> safetensors = new ArrayList<>();
    private final List<TorchFile> torchFiles = new ArrayList<>();

    private Checkpoint() {
    }

    /**
     * Maps a checkpoint.
     *
     * @param from
     *            a file of weights, an index of shards, or a part's folder
     * @param key
     *            key of the state dict in a training checkpoint with several; otherwise null
     * @throws WeightsException
     *            if there is no checkpoint, or a file is damaged or unsafe
     */
    static Checkpoint open(Path from, @Nullable String key) {
        Checkpoint checkpoint = new Checkpoint();
        try {
            Path file = locate(from);
            if (file.toString().endsWith(".json")) {
                checkpoint.addShards(file, key);
            } else {
                checkpoint.add(file, key);
            }
            return checkpoint;
        } catch (IOException e) {
            checkpoint.close();
            throw new WeightsException(Messages.of(e), e);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** The file or index to read. */
    static Path locate(Path from) throws IOException {
        if (!Files.isDirectory(from)) {
            if (!Files.exists(from)) {
                throw new NoSuchFileException(from.toString());
            }
            return from;
        }
        List<Path> known = Stream
                .concat(WeightStore.locate(from).stream(), PICKLES.stream().map(from::resolve).filter(Files::exists))
                .toList();
        if (!known.isEmpty()) {
            return known.getFirst();
        }
        List<Path> others = weightFiles(from);
        if (others.size() != 1) {
            throw new WeightsException(from + ": " + (others.isEmpty()
                    ? "no weights found"
                    : "holds " + others.size() + " files of weights under unknown names; name one of them"));
        }
        return others.getFirst();
    }

    /** Files in a folder that look like weights, sorted by name. */
    static List<Path> weightFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> looksLikeWeights(f) && Files.isRegularFile(f)).sorted().toList();
        }
    }

    /** Whether a file's name looks like that of weights. */
    static boolean looksLikeWeights(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        return WEIGHTS.matcher(name).matches() && !NO_WEIGHTS.matcher(name).matches();
    }

    private void addShards(Path index, @Nullable String key) throws IOException {
        JsonNode map = Json.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new FormatException(index, "has no weight_map");
        }
        List<String> added = new ArrayList<>();
        for (Map.Entry<String, JsonNode> e : map.properties()) {
            String name = e.getValue().asText();
            // A shard is in its index's folder; otherwise a hostile index could open files elsewhere.
            if (!WEIGHTS.matcher(name).matches() || name.contains("/") || name.contains("\\")) {
                throw new FormatException(index,
                        "weight_map names '" + Messages.printable(name) + "', which is not a shard next to it");
            }
            Path shard = index.resolveSibling(name);
            if (!added.contains(name)) {
                if (!Files.exists(shard)) {
                    throw new WeightsException(shard + ": shard is missing (named by " + index + ")");
                }
                add(shard, key);
                added.add(name);
            }
            if (!shard.equals(owners.get(e.getKey()))) {
                throw new WeightsException(shard + ": has no tensor '" + Messages.printable(e.getKey())
                        + "' (listed by " + index + ")");
            }
        }
    }

    private void add(Path file, @Nullable String key) throws IOException {
        if (isSafetensors(file)) {
            if (key != null) {
                throw new FormatException(file,
                        Message.of("is safetensors, which holds one set of tensors; leave out ", Setting.KEY));
            }
            Safetensors s = Safetensors.open(file);
            safetensors.add(s);
            sources.add(new Source(file, Format.SAFETENSORS));
            metadata.putAll(s.metadata());
            for (TensorInfo t : s.tensors().values()) {
                put(file, t.name(), StoredTensor.dense(t.dtype(), t.shape(), s.encoded(t.name())));
            }
        } else {
            TorchFile t = TorchFile.open(file, key);
            torchFiles.add(t);
            sources.add(new Source(file, t.isZip() ? Format.TORCH_ZIP : Format.TORCH_STREAM));
            leftOut.addAll(t.leftOut());
            for (Map.Entry<String, StoredTensor> e : t.tensors().entrySet()) {
                put(file, e.getKey(), e.getValue());
            }
        }
    }

    /** By content, since names say little; but a file named .safetensors must be one. */
    private static boolean isSafetensors(Path file) throws IOException {
        if (file.toString().endsWith(".safetensors")) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(9);
            return start.length == 9 && start[8] == '{' && start[4] == 0 && start[5] == 0 && start[6] == 0
                    && start[7] == 0;
        }
    }

    private void put(Path file, String name, StoredTensor tensor) {
        Path other = owners.putIfAbsent(name, file);
        if (other != null) {
            throw new WeightsException(file + ": tensor '" + Messages.printable(name) + "' is in "
                    + other.getFileName() + " too");
        }
        tensors.put(name, tensor);
    }

    /** The mapped files. */
    List<Source> sources() {
        return Collections.unmodifiableList(sources);
    }

    /** The tensors, in the order of the files; valid until {@link #close}. */
    Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /**
     * The file that holds a tensor.
     *
     * @throws IllegalArgumentException
     *             if there is no such tensor
     */
    Path owner(String name) {
        Path file = owners.get(name);
        if (file == null) {
            throw new IllegalArgumentException(name);
        }
        return file;
    }

    /** Metadata of safetensors files. */
    Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Descriptions of what a file of torch.save contains besides the tensors. */
    List<String> leftOut() {
        return Collections.unmodifiableList(leftOut);
    }

    /** Number of floating-point values: parameters, and buffers such as running means. */
    long parameters() {
        return tensors.values().stream().filter(t -> t.dtype().isFloat()).mapToLong(t -> t.shape().elements()).sum();
    }

    /**
     * Checks the files' contents against their checksums, where they have any.
     *
     * @throws WeightsException
     *            if one differs
     */
    void checkContents() {
        try {
            for (TorchFile t : torchFiles) {
                t.checkContents();
            }
        } catch (FormatException e) {
            throw new WeightsException(e.explanation(), e);
        }
    }

    /** Unmaps the files; every tensor of them becomes invalid. */
    @Override
    public void close() {
        safetensors.forEach(Safetensors::close);
        torchFiles.forEach(TorchFile::close);
        safetensors.clear();
        torchFiles.clear();
        tensors.clear();
    }
}
