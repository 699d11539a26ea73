package radedit.trace;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.files.OutputFile;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * The file of a trace that is being recorded: JSON lines, compressed by gzip in pieces that can be read one by one, or, with
 * values, safetensors with these lines in its metadata. It is written beside its name with {@link #UNFINISHED} and gets its
 * name when it is finished.
 */
public final class TraceFile implements Closeable {
    /** Ending of compressed JSON lines. */
    public static final String LINES = ".jsonl.gz";
    /** Ending of a trace with values. */
    public static final String TENSORS = ".safetensors";
    /** Name of the metadata that holds the lines of a trace with values. */
    public static final String METADATA = "radedit_trace";
    /** Added to the name of a trace whose run has not ended. */
    public static final String UNFINISHED = ".part";

    /** Version of the format. */
    static final int VERSION = 1;

    /** Characters of JSON in a piece. */
    private static final int PIECE = 1 << 16;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Entry(String name, DType dtype, Shape shape) {}

    private final Path target;
    private final boolean tensors;
    private final Path part;
    /** Compressed lines, or values. */
    private final OutputStream out;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final LineCheck check = new LineCheck();
    private long count;
    private boolean finished;

    private TraceFile(Path target, boolean tensors) throws IOException {
        this.target = target;
        this.tensors = tensors;
        this.part = target.resolveSibling(target.getFileName() + UNFINISHED);
        OutputFile.check(target);
        this.out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 20);
    }

    /**
     * Begins a file.
     *
     * @param target
     *            its name
     * @param level
     *            what it will hold; {@link TraceLevel#FULL} makes safetensors
     * @return the file
     * @throws IOException
     *             if it cannot be written
     * @throws IllegalArgumentException
     *             if the name's ending does not go with the level
     */
    public static TraceFile create(Path target, TraceLevel level) throws IOException {
        boolean tensors = level == TraceLevel.FULL;
        String ending = tensors ? TENSORS : LINES;
        if (!target.toString().endsWith(ending)) {
            throw new IllegalArgumentException(
                    "'" + target + "': a trace of level " + level.label() + " is called *" + ending);
        }
        return new TraceFile(target.toAbsolutePath(), tensors);
    }

    /**
     * {@return the level that a file's ending stands for: full for safetensors, else hash}
     *
     * @param target
     *            its name
     */
    public static TraceLevel levelOf(Path target) {
        return target.toString().endsWith(TENSORS) ? TraceLevel.FULL : TraceLevel.HASH;
    }

    /** Writes the line of a node's hash, of which there are very many. */
    void hash(int number, String hash) throws IOException {
        write(("{\"n\":" + number + ",\"h\":\"" + hash + "\"}").getBytes(StandardCharsets.US_ASCII));
    }

    void line(Map<String, Object> line) throws IOException {
        write(JSON.writeValueAsBytes(line));
    }

    private synchronized void write(byte[] json) throws IOException {
        append(json);
        check.add(json, 0, json.length);
        if (check.lines() == LineCheck.EVERY) {
            check("check");
        }
        if (!tensors && lines.size() >= PIECE) {
            flush();
        }
    }

    /** Writes how many lines there are so far, and the checksum of the last ones. */
    private void check(String kind) {
        append(("{\"" + kind + "\":" + count + ",\"crc\":\"" + check.sum() + "\"}")
                .getBytes(StandardCharsets.US_ASCII));
        check.reset();
    }

    private void append(byte[] json) {
        lines.writeBytes(json);
        lines.write('\n');
        count++;
    }

    private void flush() throws IOException {
        if (lines.size() > 0) {
            try (GZIPOutputStream zip = new GZIPOutputStream(new Unclosed(out))) {
                lines.writeTo(zip);
            }
            out.flush();
            lines.reset();
        }
    }

    /**
     * A value that was stored.
     *
     * @param name
     *            name of its tensor
     * @param sum
     *            checksum of its bytes
     */
    record Stored(String name, String sum) {}

    /** {@return the checksum of a tensor's bytes, CRC-32C in 8 hexadecimal digits} */
    static String sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return text(sum);
    }

    /** {@return a checksum in 8 hexadecimal digits} */
    static String text(CRC32C sum) {
        return String.format("%08x", sum.getValue());
    }

    /** Stores a value. */
    synchronized Stored tensor(String network, String name, int call, Tensor value, DType dtype) throws IOException {
        String at = call == 0 ? name : name + "@" + call;
        String unique = names.add(at) ? at : network + ":" + at;
        if (!unique.equals(at) && !names.add(unique)) {
            throw new IOException("two values are called '" + unique + "'");
        }
        double[] data = value.data();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(data.length, dtype.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (double v : data) {
            if (dtype == DType.F64) {
                bytes.putDouble(v);
            } else {
                bytes.putFloat((float) v);
            }
        }
        out.write(bytes.array());
        entries.add(new Entry(unique, dtype, value.shape()));
        return new Stored(unique, sum(bytes.rewind()));
    }

    /**
     * Ends the trace and gives the file its name.
     *
     * @throws IOException
     *             if writing fails
     */
    public synchronized void finish() throws IOException {
        check("end");
        if (tensors) {
            out.close();
            SafetensorsWriter writer = new SafetensorsWriter().metadata(METADATA,
                    lines.toString(StandardCharsets.UTF_8));
            try (InputStream values = Files.newInputStream(part)) {
                for (Entry e : entries) {
                    writer.add(e.name, e.dtype, e.shape, sink -> sink.copy(values));
                }
                OutputFile.write(target, writer::writeTo);
            }
            Files.delete(part);
        } else {
            flush();
            out.close();
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        finished = true;
    }

    /** Ends writing; of a run that has not ended, the unfinished trace stays, without values. */
    @Override
    public void close() throws IOException {
        if (finished) {
            return;
        }
        if (tensors) {
            out.close();
            Files.deleteIfExists(part);
        } else {
            flush();
            out.close();
        }
    }

    /** Keeps a stream open. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(@Nullable OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] b, int from, int n) throws IOException {
            out.write(b, from, n);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
