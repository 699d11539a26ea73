package radedit.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;

/**
 * Finds the files that an ONNX file refers to for the values of tensors (TensorProto.external_data in onnx.proto3), and
 * refuses those outside of its folder: ONNX Runtime 1.23 reads any file of the machine. Walks the messages that can
 * contain tensors, each a run of fields in Protocol Buffers' wire format, without copying anything.
 */
final class ExternalData {
    /** Subgraphs within subgraphs. */
    private static final int DEEPEST = 64;
    private static final int LONGEST_PATH = 4096;

    /** A message that may contain tensors. */
    private enum Type {
        MODEL, TRAINING, GRAPH, FUNCTION, NODE, ATTRIBUTE, SPARSE, TENSOR, ENTRY
    }

    /** Fields of messages that may contain tensors, by their numbers. */
    private static final Map<Type, Map<Integer, Type>> FIELDS = Map.of(
            Type.MODEL, Map.of(7, Type.GRAPH, 20, Type.TRAINING, 25, Type.FUNCTION),
            Type.TRAINING, Map.of(1, Type.GRAPH, 2, Type.GRAPH),
            Type.GRAPH, Map.of(1, Type.NODE, 5, Type.TENSOR, 15, Type.SPARSE),
            Type.FUNCTION, Map.of(7, Type.NODE, 11, Type.ATTRIBUTE),
            Type.NODE, Map.of(5, Type.ATTRIBUTE),
            Type.ATTRIBUTE, Map.of(5, Type.TENSOR, 6, Type.GRAPH, 10, Type.TENSOR, 11, Type.GRAPH, 22, Type.SPARSE,
                    23, Type.SPARSE),
            Type.SPARSE, Map.of(1, Type.TENSOR, 2, Type.TENSOR),
            Type.TENSOR, Map.of(13, Type.ENTRY),
            Type.ENTRY, Map.of());

    private final Path file;
    private final ByteBuffer bytes;
    private final TreeSet<String> locations = new TreeSet<>();

    private ExternalData(Path file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * The other files of a model, sorted by name.
     *
     * @throws ModelException
     *             if the file is not an ONNX model, or refers to files that are missing or elsewhere
     */
    static List<Path> of(Path file) throws IOException {
        ExternalData found;
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new ModelException(Reason.MODEL, file + ": is larger than 2 GiB, the limit of an ONNX file;"
                        + " larger models keep their weights in a second file");
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            found = new ExternalData(file, bytes);
            found.message(Type.MODEL, 0, bytes.limit(), 0);
        }
        Path folder = file.toAbsolutePath().getParent();
        Path real = (folder == null ? Path.of("/") : folder).toRealPath();
        List<Path> all = new ArrayList<>();
        for (String location : found.locations) {
            all.add(found.resolve(real, location));
        }
        return all;
    }

    private ModelException damaged() {
        return new ModelException(Reason.MODEL, file + ": is damaged, incomplete or not an ONNX model");
    }

    private Path resolve(Path folder, String location) throws IOException {
        String shown = location.replaceAll("\\p{Cntrl}", "?");
        try {
            Path relative = Path.of(location);
            Path target = folder.resolve(relative).normalize();
            // A backslash separates names on Windows.
            boolean within = !relative.isAbsolute() && !location.contains("\\") && target.startsWith(folder)
                    && !target.equals(folder);
            if (!within) {
                throw new ModelException(Reason.MODEL, file + ": refers to the file '" + shown
                        + "' outside of its own folder, which is refused");
            }
            if (!Files.isRegularFile(target)) {
                throw new ModelException(Reason.MODEL, file + ": needs the file '" + shown
                        + "' in its folder, which is missing");
            }
            if (!target.toRealPath().startsWith(folder)) {
                throw new ModelException(Reason.MODEL, file + ": refers to the file '" + shown
                        + "', a link that leads out of its folder; copy the file there");
            }
            return target;
        } catch (InvalidPathException e) {
            throw new ModelException(Reason.MODEL, file + ": refers to a file '" + shown + "', which is not a name", e);
        }
    }

    /** Walks the fields of a message between two positions. */
    private void message(Type type, int from, int to, int depth) throws ModelException {
        if (depth > DEEPEST) {
            throw new ModelException(Reason.MODEL, file + ": has subgraphs nested more than " + DEEPEST + " deep");
        }
        String key = "";
        String value = "";
        int at = from;
        while (at < to) {
            long tag = varint(at, to);
            at = end;
            int field = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> {
                    varint(at, to);
                    at = end;
                }
                case 1 -> at = advance(at, 8, to);
                case 5 -> at = advance(at, 4, to);
                case 2 -> {
                    long length = varint(at, to);
                    int begin = end;
                    at = advance(begin, length, to);
                    Type inner = FIELDS.getOrDefault(type, Map.of()).get(field);
                    if (inner != null) {
                        message(inner, begin, at, depth + 1);
                    } else if (type == Type.ENTRY && field == 1) {
                        key = text(begin, at);
                    } else if (type == Type.ENTRY && field == 2) {
                        value = text(begin, at);
                    }
                }
                default -> throw damaged();
            }
        }
        if (type == Type.ENTRY && key.equals("location")) {
            locations.add(value);
        }
    }

    /** Position after the last number that was read. */
    private int end;

    private long varint(int from, int to) throws ModelException {
        long v = 0;
        for (int i = 0; i < 10; i++) {
            if (from + i >= to) {
                throw damaged();
            }
            byte b = bytes.get(from + i);
            v |= (long) (b & 0x7F) << 7 * i;
            if (b >= 0) {
                end = from + i + 1;
                return v;
            }
        }
        throw damaged();
    }

    private int advance(int at, long length, int to) throws ModelException {
        if (length < 0 || length > to - at) {
            throw damaged();
        }
        return at + (int) length;
    }

    private String text(int from, int to) throws ModelException {
        if (to - from > LONGEST_PATH) {
            throw damaged();
        }
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
