package radedit.tools;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;
import radedit.files.OutputFile;
import radedit.safetensors.SafetensorsWriter;
import radedit.safetensors.TensorData;
import radedit.synthetic.SyntheticModel;
import radedit.files.OutputFolder;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tools.pickle.StoredTensor;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/**
 * Converts a checkpoint of any supported format to safetensors, streaming from mapped files: memory does not depend on
 * its size. Tensors are ordered as by the safetensors library, so that equal tensors give equal files.
 */
public final class Convert {
    /**
     * How to convert.
     *
     * @param dtype
     *            type of floating-point tensors in the result: F32, F16 or BF16; null to keep each
     * @param shardSize
     *            most bytes of tensors per file, unless one tensor has more; 0 for a single file
     * @param rename
     *            whether to translate older names to current ones ({@link KeyNames})
     * @param key
     *            key of the state dict in a training checkpoint with several; otherwise null
     */
    public record Options(@Nullable DType dtype, long shardSize, boolean rename, @Nullable String key) {}

    /**
     * The result of a conversion.
     *
     * @param files
     *            written files, the index last
     * @param tensors
     *            number of tensors
     * @param bytes
     *            bytes of all tensors
     * @param changes
     *            changes of names and shapes, in sentences
     * @param leftOut
     *            descriptions of what the checkpoint contains besides its tensors
     * @param copied
     *            files that were copied unchanged
     * @param warning
     *            a sentence that a user should see; null for none
     */
    public record Report(List<Path> files, int tensors, long bytes, List<String> changes, List<String> leftOut,
            List<Path> copied, @Nullable String warning) {}

    private static final int BLOCK = 1 << 16;
    private static final String SUFFIX = Shards.SUFFIX;

    private final Path in;
    private final Path out;
    private final Options options;
    private final SyntheticModel.Progress progress;
    private final List<Path> written = new ArrayList<>();
    private long done;
    private long total;

    private Convert(Path in, Path out, Options options, SyntheticModel.Progress progress) {
        this.in = in;
        this.out = out;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Converts a checkpoint.
     *
     * @param in
     *            a file, an index of shards, a part's folder, or a whole model folder
     * @param out
     *            a file named *.safetensors, or a folder; a part's json and txt files, and everything else in a model
     *            folder, are copied to a folder
     * @param options
     *            how to convert
     * @param progress
     *            receives bytes done and in total
     * @return what was written
     * @throws WeightsException
     *            if the checkpoint is missing, damaged or unsafe, or does not fit the requested type
     * @throws IllegalArgumentException
     *            if {@code out} would overwrite {@code in}, or is neither a folder nor named .safetensors
     * @throws IOException
     *            if {@code out} cannot be written
     */
    public static Report run(Path in, Path out, Options options, SyntheticModel.Progress progress) throws IOException {
        return ConvertModel.isModel(in)
                ? ConvertModel.run(in, out, options, progress)
                : new Convert(in, out, options, progress).run();
    }

    private Report run() throws IOException {
        boolean toFolder = !out.toString().endsWith(SUFFIX) || Files.isDirectory(out);
        if (toFolder && (Files.isRegularFile(out) || Checkpoint.looksLikeWeights(out))) {
            throw new IllegalArgumentException(out + ": OUT must end in .safetensors or be a folder");
        }
        try (Checkpoint checkpoint = Checkpoint.open(in, options.key)) {
            Map<String, StoredTensor> tensors = checkpoint.tensors();
            List<String> changes = List.of();
            if (options.rename) {
                KeyNames names = KeyNames.modern(in, tensors);
                tensors = names.tensors();
                changes = names.changes();
            }
            check(tensors);
            List<Map<String, StoredTensor>> shards = Shards.fill(tensors, this::bytes, options.shardSize);
            total = tensors.values().stream().mapToLong(this::bytes).sum();
            Path file = toFolder ? out.resolve(name(checkpoint.sources().getFirst().file())) : out;
            List<Path> files = Shards.files(file, shards.size());
            for (Path f : files) {
                for (Checkpoint.Source s : checkpoint.sources()) {
                    if (Files.exists(f) && Files.isSameFile(f, s.file())) {
                        throw new IllegalArgumentException(f + ": would be written over itself; choose another OUT");
                    }
                }
            }
            checkpoint.checkContents();
            if (toFolder) {
                OutputFolder.check(out);
                Files.createDirectories(out);
            }
            for (Path f : files) {
                OutputFile.check(f);
            }
            write(files, shards, checkpoint.metadata());
            List<Path> copied = toFolder && Files.isDirectory(in) ? copyBeside() : List.of();
            return new Report(files, tensors.size(), total, changes, checkpoint.leftOut(), copied,
                    toFolder ? hiddenBy(files.getLast()) : null);
        }
    }

    private void check(Map<String, StoredTensor> tensors) {
        if (tensors.isEmpty()) {
            throw new WeightsException(in + ": has no tensors");
        }
        tensors.forEach((name, t) -> {
            if (name.equals("__metadata__")) {
                throw new WeightsException(in + ": a tensor is called __metadata__, which safetensors does not allow");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                throw new WeightsException(
                        in + ": the name of tensor '" + Messages.printable(name) + "' is not valid text");
            }
            if (options.dtype != null && t.dtype().isFloat() && t.dtype() != options.dtype
                    && !TensorData.readable(t.dtype())) {
                throw new WeightsException(
                        Message.of(in, ": tensor '", Messages.printable(name), "' has dtype ", t.dtype(),
                                ", which cannot be converted; leave out ", Setting.DTYPE));
            }
        });
    }

    private DType target(StoredTensor t) {
        return options.dtype != null && t.dtype().isFloat() ? options.dtype : t.dtype();
    }

    private long bytes(StoredTensor t) {
        return t.shape().elements() * target(t).bytes();
    }

    /** The name of the result in a folder, by which loaders find it. */
    private static String name(Path source) {
        return (source.getFileName().toString().startsWith("diffusion_pytorch_model")
                ? "diffusion_pytorch_model"
                : "model") + SUFFIX;
    }

    private void write(List<Path> files, List<Map<String, StoredTensor>> shards, Map<String, String> metadata)
            throws IOException {
        boolean complete = false;
        try {
            SortedMap<String, String> places = new TreeMap<>();
            for (int i = 0; i < shards.size(); i++) {
                SafetensorsWriter writer = writer(shards.get(i), metadata);
                OutputFile.write(files.get(i), writer::writeTo);
                written.add(files.get(i));
                String place = files.get(i).getFileName().toString();
                shards.get(i).keySet().forEach(name -> places.put(name, place));
            }
            if (shards.size() > 1) {
                byte[] index = Shards.index(places, total);
                OutputFile.write(files.getLast(), stream -> stream.write(index));
            }
            complete = true;
        } finally {
            if (!complete) { // an incomplete set of shards is useless
                for (Path f : written) {
                    Files.deleteIfExists(f);
                }
            }
        }
    }

    private SafetensorsWriter writer(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        metadata.forEach(writer::metadata);
        tensors.entrySet().stream()
                .sorted(Comparator
                        .comparing((Map.Entry<String, StoredTensor> e) -> target(e.getValue()),
                                Comparator.reverseOrder())
                        .thenComparing(Map.Entry::getKey))
                .forEach(e -> writer.add(e.getKey(), target(e.getValue()), e.getValue().shape(),
                        sink -> copy(e.getKey(), e.getValue(), sink)));
        return writer;
    }

    private void copy(String name, StoredTensor tensor, SafetensorsWriter.Sink sink) throws IOException {
        DType from = tensor.dtype();
        DType to = target(tensor);
        byte[] block = new byte[BLOCK];
        int most = BLOCK / from.bytes();
        long elements = tensor.shape().elements();
        for (long at = 0; at < elements; at += most) {
            int n = (int) Math.min(most, elements - at);
            tensor.read(at, n, block);
            if (from == to) {
                sink.put(block, n * from.bytes());
            } else {
                TensorData values = TensorData.of(from, Shape.of(n),
                        MemorySegment.ofArray(block).asSlice(0, (long) n * from.bytes()));
                for (int i = 0; i < n; i++) {
                    double v = values.get(i);
                    if (Math.abs(v) >= overflow(to) && Double.isFinite(v)) {
                        throw new WeightsException(Message.of(in, ": tensor '", Messages.printable(name), "' holds ", v,
                                ", which is beyond ", to, "; choose another ", Setting.DTYPE));
                    }
                    sink.put(v);
                }
            }
        }
        done += elements * to.bytes();
        progress.bytes(done, total);
    }

    /** The smallest magnitude that rounds to infinity: half a unit above the largest value. */
    private static double overflow(DType to) {
        return switch (to) {
            case F16 -> 0x1.ffep15;
            case BF16 -> 0x1.ffp127;
            default -> 0x1.ffffffp127;
        };
    }

    private List<Path> copyBeside() throws IOException {
        if (Files.isSameFile(in, out)) {
            return List.of();
        }
        List<Path> copied = new ArrayList<>();
        try (Stream<Path> all = Files.list(in)) {
            for (Path f : all.sorted().toList()) {
                String name = f.getFileName().toString();
                if ((name.endsWith(".json") || name.endsWith(".txt")) && !name.endsWith(".index.json")
                        && Files.isRegularFile(f)) {
                    OutputFile.write(out.resolve(name), stream -> Files.copy(f, stream));
                    copied.add(out.resolve(name));
                }
            }
        }
        return copied;
    }

    /** A warning if loaders would prefer another file in the folder to the one written. */
    private @Nullable String hiddenBy(Path main) throws IOException {
        Path found = WeightStore.locate(out).orElseThrow();
        return Files.isSameFile(found, main)
                ? null
                : found + ": exists too and would be read instead of " + main.getFileName() + "; remove it";
    }
}
