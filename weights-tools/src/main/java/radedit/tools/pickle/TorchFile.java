package radedit.tools.pickle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;
import radedit.safetensors.FormatException;
import radedit.tensor.Shape;

/**
 * The state dict in a mapped file of torch.save, in the zip container or the older stream. Nothing of the file is
 * executed; every tensor is checked against its storage. Confined to the thread that opens it.
 */
public final class TorchFile implements AutoCloseable {
    /** Tensors may share storages, but not so often that a small file describes a huge state dict. */
    private static final int MAX_SHARING = 4;
    private static final long MAX_REPEATED = 64 << 20;
    /** The limit of the safetensors reader. */
    private static final int MAX_RANK = 8;

    private final Path path;
    private final Arena arena;
    private final Map<String, MemorySegment> storages = new HashMap<>();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    /** Null for the older stream. */
    private @Nullable ZipArchive zip;
    private boolean bigEndian;

    private TorchFile(Path path, Arena arena) {
        this.path = path;
        this.arena = arena;
    }

    /**
     * Maps a file and finds its state dict.
     *
     * @param key
     *            key of the state dict if there are several; otherwise null
     * @throws FormatException
     *            if the file is not from torch.save, is damaged or hostile, or its state dict is ambiguous
     */
    @SuppressWarnings("MustBeClosed") // the file closes it
    public static TorchFile open(Path path, @Nullable String key) throws IOException {
        Arena arena = Arena.ofConfined();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return of(path, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), arena, key);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The state dict in a file's content, valid as long as the arena. */
    static TorchFile of(Path path, MemorySegment file, Arena arena, @Nullable String key) throws IOException {
        TorchFile torch = new TorchFile(path, arena);
        torch.load(file, key);
        return torch;
    }

    private void load(MemorySegment file, @Nullable String key) throws IOException {
        Object root;
        List<String> foreignNames = new ArrayList<>();
        if (ZipArchive.begins(file)) {
            zip = ZipArchive.read(path, file, arena);
            root = load(zip, foreignNames);
        } else if (LegacyStream.begins(file)) {
            root = LegacyStream.read(path, file, storages, foreignNames);
        } else {
            throw new FormatException(path, OtherFormats.describe(file));
        }
        StateDict dict = StateDict.find(path, root, key, foreignNames);
        leftOut.addAll(dict.leftOut());
        long size = Math.max(file.byteSize(), zip == null ? 0 : zip.size());
        long left = Math.max(MAX_REPEATED, MAX_SHARING * size);
        for (Map.Entry<String, TensorRef> e : dict.tensors().entrySet()) {
            StoredTensor t = resolve(e.getKey(), e.getValue());
            tensors.put(e.getKey(), t);
            if (t.bytes() > left) {
                throw new FormatException(path,
                        "its tensors claim far more bytes than the whole file has (" + size + ")");
            }
            left -= t.bytes();
        }
    }

    private Object load(ZipArchive archive, List<String> foreignNames) throws IOException {
        Map<String, ZipArchive.Entry> entries = archive.entries();
        String top = TorchFolder.find(path, entries.keySet());
        ZipArchive.Entry pickle = archive.entry(top + TorchFolder.PICKLE);
        bigEndian = switch (text(entries.get(top + "byteorder"), "little")) {
            case "little" -> false;
            case "big" -> true;
            default -> throw new FormatException(path, "byteorder is neither little nor big");
        };
        if (!text(entries.get(top + "version"), "3").strip().matches("[1-9]|10")) {
            throw new FormatException(path, "written by an unknown version of torch.save");
        }
        archive.check(pickle);
        Unpickler unpickler = new Unpickler(path, pickle.content());
        Object root = unpickler.load();
        if (unpickler.position() != pickle.content().byteSize()) {
            throw new FormatException(path, "data.pkl has bytes after its end");
        }
        foreignNames.addAll(unpickler.foreignNames());
        String data = top + "data/";
        entries.forEach((name, entry) -> {
            if (name.startsWith(data)) {
                storages.put(name.substring(data.length()), entry.content());
            }
        });
        return root;
    }

    private static String text(ZipArchive.@Nullable Entry entry, String absent) {
        if (entry == null) {
            return absent;
        }
        long n = Math.min(32, entry.content().byteSize());
        return new String(entry.content().asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    private StoredTensor resolve(String name, TensorRef ref) throws FormatException {
        String quoted = "tensor '" + Messages.printable(name) + "'";
        MemorySegment storage = storages.get(ref.storage().key());
        if (storage == null) {
            throw new FormatException(path, quoted + " looks into storage "
                    + Messages.printable(ref.storage().key()) + ", which is not in the file");
        }
        if (ref.sizes().length > MAX_RANK) {
            throw new FormatException(path, quoted + " has " + ref.sizes().length + " axes, at most " + MAX_RANK
                    + " are known");
        }
        try {
            long bytes = Math.multiplyExact(ref.storage().elements(), (long) ref.storage().width());
            if (bytes > storage.byteSize()) {
                throw new FormatException(path, quoted + " looks into a storage of " + ref.storage().elements()
                        + " elements, of which the file has " + storage.byteSize() / ref.storage().width());
            }
            int[] dims = new int[ref.sizes().length];
            long last = ref.offset();
            for (int i = 0; i < dims.length; i++) {
                dims[i] = Math.toIntExact(ref.sizes()[i]);
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, dims[i] - 1), ref.strides()[i]));
            }
            Shape shape = Shape.of(dims);
            Math.multiplyExact(shape.elements(), (long) ref.dtype().bytes());
            if (shape.elements() > 0 && last >= bytes / ref.dtype().bytes()) {
                throw new FormatException(path, quoted + " " + shape + " reaches beyond its storage");
            }
            return new StoredTensor(ref.dtype(), shape, storage, ref.offset(), ref.strides(), bigEndian);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new FormatException(path, quoted + " has an absurd shape");
        }
    }

    /** Whether the file is a zip archive, not the older stream. */
    public boolean isZip() {
        return zip != null;
    }

    /** The tensors of the state dict, in its order; valid until {@link #close}. */
    public Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Descriptions of other values in or next to the state dict. */
    public List<String> leftOut() {
        return Collections.unmodifiableList(leftOut);
    }

    /**
     * Checks all storages against the archive's checksums; the older stream has none.
     *
     * @throws FormatException
     *            if one differs
     */
    public void checkContents() throws FormatException {
        if (zip != null) {
            for (ZipArchive.Entry e : zip.entries().values()) {
                zip.check(e);
            }
        }
    }

    /** Unmaps the file; every tensor of it becomes invalid. */
    @Override
    public void close() {
        arena.close();
    }
}
