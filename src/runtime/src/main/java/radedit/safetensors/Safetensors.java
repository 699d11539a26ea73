package radedit.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import radedit.message.JsonFault;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * A memory-mapped safetensors file.
 *
 * <p>
 * Layout: 8 bytes little-endian header length n, n bytes of JSON
 * {@code {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, "__metadata__": {..}}}, then the data.
 * The file is not trusted: header length, JSON, names, types, shapes and offsets are checked before anything is
 * allocated for them, tensors must tile the data without gap or overlap, and their bytes must be what shape and type
 * say.
 *
 * @see <a href="https://github.com/huggingface/safetensors">Specification of the format</a>
 */
public final class Safetensors implements AutoCloseable {
    /** Limit of the reference implementation. */
    private static final long MAX_HEADER = 100_000_000;
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).maxNumberLength(20).build())
            .build();
    private static final String METADATA = "__metadata__";

    private final Path path;
    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, TensorInfo> tensors;
    private final Map<String, String> metadata;
    private final List<TensorInfo> missing = new ArrayList<>();
    private final long surplus;

    private Safetensors(Path path, Arena arena, MemorySegment data, Map<String, TensorInfo> tensors,
            Map<String, String> metadata, long end) {
        this.path = path;
        this.arena = arena;
        this.data = data;
        this.metadata = Collections.unmodifiableMap(metadata);
        Map<String, TensorInfo> present = new LinkedHashMap<>();
        tensors.forEach((name, t) -> {
            if (t.end() <= data.byteSize()) {
                present.put(name, t);
            } else {
                missing.add(t);
            }
        });
        missing.sort(Comparator.comparingLong(TensorInfo::begin));
        this.tensors = Collections.unmodifiableMap(present);
        this.surplus = Math.max(0, data.byteSize() - end);
    }

    /**
     * Maps a file and checks its header.
     *
     * @param path
     *            the file
     * @return its tensors; to be closed by the caller
     * @throws FormatException
     *             if it is not a valid safetensors file
     * @throws IOException
     *             if it cannot be read
     */
    public static Safetensors open(Path path) throws IOException {
        return mapped(path, Safetensors::of);
    }

    /**
     * Maps a file that may have been cut, or have bytes after its data. Its header has to be whole and valid; tensors whose
     * bytes are not all there are {@link #missing}.
     *
     * @param path
     *            the file
     * @return the tensors that are there; to be closed by the caller
     * @throws FormatException
     *             if it is not a safetensors file, or the header is cut
     * @throws IOException
     *             if it cannot be read
     */
    public static Safetensors openDamaged(Path path) throws IOException {
        return mapped(path, Safetensors::ofDamaged);
    }

    private interface Reading {
        Safetensors of(Path path, MemorySegment file, Arena arena) throws IOException;
    }

    @SuppressWarnings("MustBeClosed") // Safetensors.close closes the arena
    private static Safetensors mapped(Path path, Reading reading) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return reading.of(path, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The tensors of a file's content, which is valid until the arena is closed. */
    static Safetensors of(Path path, MemorySegment file, Arena arena) throws IOException {
        Safetensors s = ofDamaged(path, file, arena);
        s.requireWhole();
        return s;
    }

    private static Safetensors ofDamaged(Path path, MemorySegment file, Arena arena) throws IOException {
        long size = file.byteSize();
        String other = Placeholder.describe(
                file.asSlice(0, Math.min(size, Placeholder.HEAD)).toArray(ValueLayout.JAVA_BYTE));
        if (other != null) {
            throw new FormatException(path, other);
        }
        if (size < 8) {
            throw new FormatException(path, "not a safetensors file: " + size + " bytes are too few");
        }
        long header = file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (header < 2 || header > MAX_HEADER) {
            throw new FormatException(path, "not a safetensors file: header length " + Long.toUnsignedString(header));
        }
        if (header > size - 8) {
            throw new FormatException(path, "truncated: header of " + header + " bytes in a file of " + size);
        }
        byte[] json = file.asSlice(8, header).toArray(ValueLayout.JAVA_BYTE);
        if (json[0] != '{') {
            throw new FormatException(path, "not a safetensors file: the header does not begin with '{'");
        }
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            parse(path, json, tensors, metadata);
        } catch (JacksonException e) {
            throw new FormatException(path, "header is not valid JSON: " + JsonFault.of(e.getOriginalMessage()));
        } catch (CharacterCodingException e) {
            throw new FormatException(path, "header is not valid UTF-8");
        }
        MemorySegment data = file.asSlice(8 + header);
        return new Safetensors(path, arena, data, tensors, metadata, tiled(path, tensors.values()));
    }

    private void requireWhole() throws FormatException {
        if (!missing.isEmpty()) {
            throw new FormatException(path, "truncated: " + missing.getLast().end() + " bytes of data expected, "
                    + data.byteSize() + " present");
        }
        if (surplus > 0) {
            throw new FormatException(path, surplus + " bytes after the last tensor");
        }
    }

    private static void parse(Path path, byte[] json, Map<String, TensorInfo> tensors, Map<String, String> metadata)
            throws IOException {
        // Decoded here, because the parser would also accept UTF-16 and UTF-32.
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        try (JsonParser in = JSON.createParser(text.array(), 0, text.limit())) {
            expect(path, in.nextToken(), JsonToken.START_OBJECT, "the header");
            while (in.nextToken() != JsonToken.END_OBJECT) {
                expect(path, in.currentToken(), JsonToken.FIELD_NAME, "the header");
                String name = in.currentName();
                if (in.nextToken() == JsonToken.VALUE_NULL && name.equals(METADATA)) {
                    continue;
                }
                expect(path, in.currentToken(), JsonToken.START_OBJECT, "the entry of '" + name + "'");
                if (name.equals(METADATA)) {
                    while (in.nextToken() != JsonToken.END_OBJECT) {
                        String key = in.currentName();
                        expect(path, in.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
                        metadata.put(key, in.getText());
                    }
                } else {
                    tensors.put(name, parseTensor(path, in, name));
                }
            }
            if (in.nextToken() != null) {
                throw new FormatException(path, "header has text after its object");
            }
        }
    }

    private static TensorInfo parseTensor(Path path, JsonParser in, String name) throws IOException {
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            in.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(path, in.currentToken(), JsonToken.VALUE_STRING, "dtype of '" + name + "'");
                    try {
                        dtype = DType.valueOf(in.getText());
                    } catch (IllegalArgumentException e) {
                        throw new FormatException(path, "tensor '" + name + "' has unknown dtype " + in.getText());
                    }
                }
                case "shape" -> shape = longs(path, in, "shape of '" + name + "'");
                case "data_offsets" -> offsets = longs(path, in, "data_offsets of '" + name + "'");
                default -> throw new FormatException(path, "tensor '" + name + "' has unknown field '" + key + "'");
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw new FormatException(path, "tensor '" + name + "' lacks dtype, shape or data_offsets");
        }
        long bytes = dtype.bytes();
        int[] dims = new int[shape.length];
        try {
            for (int i = 0; i < dims.length; i++) {
                dims[i] = Math.toIntExact(shape[i]);
                bytes = Math.multiplyExact(bytes, shape[i]);
            }
        } catch (ArithmeticException e) {
            throw new FormatException(path, "tensor '" + name + "' has an absurd shape");
        }
        if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes) {
            throw new FormatException(path, "tensor '" + name + "' takes " + bytes + " bytes by shape and dtype but "
                    + (offsets[1] - offsets[0]) + " by data_offsets");
        }
        return new TensorInfo(name, dtype, Shape.of(dims), offsets[0], offsets[1]);
    }

    private static long[] longs(Path path, JsonParser in, String what) throws IOException {
        expect(path, in.currentToken(), JsonToken.START_ARRAY, what);
        long[] out = new long[8];
        int n = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            expect(path, in.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
            if (n == out.length) {
                throw new FormatException(path, what + " has more than 8 numbers");
            }
            out[n] = in.getLongValue();
            if (out[n++] < 0) {
                throw new FormatException(path, what + " has a negative number");
            }
        }
        return java.util.Arrays.copyOf(out, n);
    }

    private static void expect(Path path, JsonToken got, JsonToken wanted, String what) throws FormatException {
        if (got != wanted) {
            throw new FormatException(path, what + " is malformed");
        }
    }

    /** The end of the data that the tensors tile without gap or overlap. */
    private static long tiled(Path path, Iterable<TensorInfo> tensors) throws FormatException {
        List<TensorInfo> sorted = new ArrayList<>();
        tensors.forEach(sorted::add);
        sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
        long at = 0;
        for (TensorInfo t : sorted) {
            if (t.begin() != at) {
                throw new FormatException(path,
                        "tensor '" + t.name() + "' " + (t.begin() < at ? "overlaps" : "leaves a gap")
                                + " at byte " + Math.min(at, t.begin()));
            }
            at = t.end();
        }
        return at;
    }

    /** {@return the file} */
    public Path path() {
        return path;
    }

    /** {@return the tensors by name, in the order of the header} */
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    /** {@return the tensors that the header describes and the file does not hold whole, by their place; empty for a whole file} */
    public List<TensorInfo> missing() {
        return Collections.unmodifiableList(missing);
    }

    /** {@return the number of bytes after the last tensor; 0 for a whole file} */
    public long surplus() {
        return surplus;
    }

    /** {@return the entries of {@code __metadata__}, in the order of the header} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * {@return a tensor, still in the mapped file; valid until {@link #close}}
     *
     * @param name
     *            the tensor's name
     * @throws FormatException
     *             if there is none, or its type cannot be read
     */
    public TensorData get(String name) throws FormatException {
        TensorInfo info = info(name);
        TensorData t = TensorData.of(info.dtype(), info.shape(), encoded(name));
        if (!t.readable()) {
            throw new FormatException(path,
                    "tensor '" + name + "' has dtype " + info.dtype() + ", which is not supported");
        }
        return t;
    }

    /**
     * {@return the bytes of a tensor of any type, still in the mapped file; valid until {@link #close}}
     *
     * @param name
     *            the tensor's name
     * @throws FormatException
     *             if there is none
     */
    public MemorySegment encoded(String name) throws FormatException {
        TensorInfo info = info(name);
        return data.asSlice(info.begin(), info.bytes());
    }

    private TensorInfo info(String name) throws FormatException {
        TensorInfo info = tensors.get(name);
        if (info == null) {
            throw new FormatException(path, "has no tensor '" + name + "'");
        }
        return info;
    }

    /**
     * {@return a tensor, copied to the heap}
     *
     * @param name
     *            the tensor's name
     * @throws FormatException
     *             if there is none, or its type cannot be read
     */
    public Tensor read(String name) throws FormatException {
        return get(name).toTensor();
    }

    /** Releases the pages read so far to the system; the next access reads them again. */
    public void unload() {
        data.unload();
    }

    /** Unmaps the file; every {@link TensorData} of it becomes invalid. */
    @Override
    public void close() {
        arena.close();
    }
}
