package radedit.exec.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Host side of a device's arrays: values, tables, latents, and one or more for the weights of GEMMs. Each is mapped from a
 * sparse file and never transferred as a whole, so the host holds only the pages through which results are downloaded.
 */
final class DeviceArrays implements AutoCloseable {
    final FloatArray values;
    final FloatArray tables;
    final FloatArray latents;
    final List<FloatArray> floats;
    final List<ShortArray> halves;
    private final Arena host = Arena.ofShared();

    DeviceArrays(ArenaSizes lengths) {
        values = floats(lengths.values());
        tables = floats(lengths.tables());
        latents = floats(lengths.latents());
        floats = lengths.floats().stream().map(this::floats).toList();
        halves = lengths.halves().stream().map(n -> ShortArray.fromSegmentShallow(hole(2 * n))).toList();
    }

    private FloatArray floats(long length) {
        return FloatArray.fromSegmentShallow(hole(4 * length));
    }

    private MemorySegment hole(long bytes) {
        try {
            Path file = Files.createTempFile("radedit", ".device");
            try (FileChannel c = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE)) {
                return c.map(FileChannel.MapMode.READ_WRITE, 0, TornadoNativeArray.ARRAY_HEADER + bytes, host);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All arrays, weights last. */
    Object[] all() {
        List<Object> all = new ArrayList<>(List.of(values, tables, latents));
        all.addAll(floats);
        all.addAll(halves);
        return all.toArray();
    }

    /** Number of weight arrays: the 32-bit arrays come first, then the 16-bit arrays. */
    int matrices() {
        return floats.size() + halves.size();
    }

    /** Whether a weight array is 32-bit. */
    boolean isFloat(int arena) {
        return arena < floats.size();
    }

    /** Length of a weight array. */
    long length(int arena) {
        return isFloat(arena) ? floats.get(arena).getSize() : halves.get(arena - floats.size()).getSize();
    }

    @Override
    public void close() {
        host.close();
    }
}
