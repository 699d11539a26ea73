package radedit.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import radedit.graph.Probe;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * A probe that records values. Those of a full UNet take 4 GB, so they are spooled to a temporary file and copied from
 * there into the trace.
 */
public final class TraceWriter implements Probe, AutoCloseable {
    private record Entry(String name, Shape shape) {}

    private final Pattern match;
    private final DType dtype;
    private final Path spool;
    private final OutputStream out;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * Creates a probe with an empty temporary file.
     *
     * @param folder
     *            folder of the temporary file
     * @param match
     *            names to record; matches anywhere in the name
     * @param dtype
     *            number type of the recorded values: F32 or F64
     * @throws IOException
     *             if the file cannot be created
     */
    public TraceWriter(Path folder, Pattern match, DType dtype) throws IOException {
        this.match = match;
        this.dtype = dtype;
        this.spool = Files.createTempFile(folder, ".radedit-trace", ".part");
        this.spool.toFile().deleteOnExit();
        this.out = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 20);
    }

    @Override
    public boolean wants(String name) {
        return match.matcher(name).find();
    }

    @Override
    public void accept(String name, Tensor value) {
        entries.add(new Entry(name, value.shape()));
        double[] data = value.data();
        ByteBuffer buffer = ByteBuffer.allocate(data.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (double v : data) {
            if (dtype == DType.F64) {
                buffer.putDouble(v);
            } else {
                buffer.putFloat((float) v);
            }
        }
        try {
            out.write(buffer.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the number of values recorded} */
    public int count() {
        return entries.size();
    }

    /**
     * Writes the trace as safetensors: every value under its name.
     *
     * @param target
     *            where to write; not closed
     * @throws IOException
     *             if reading or writing fails
     */
    public void writeTo(OutputStream target) throws IOException {
        out.flush();
        SafetensorsWriter writer = new SafetensorsWriter();
        try (InputStream in = Files.newInputStream(spool)) {
            for (Entry e : entries) {
                writer.add(e.name, dtype, e.shape, sink -> sink.copy(in));
            }
            writer.writeTo(target);
        }
    }

    /**
     * Removes the temporary file.
     *
     * @throws IOException
     *             if that fails
     */
    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(spool);
    }
}
