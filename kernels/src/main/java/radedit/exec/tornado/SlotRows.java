package radedit.exec.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Launch arguments ({@link Slots}) on a device, one sub-buffer per launch. Arguments that repeat at every step are uploaded
 * once.
 */
final class SlotRows implements AutoCloseable {
    /** Rows per buffer. */
    private static final int CHUNK = 1024;
    /** Number of rows after which all are reused, since programs come and go. */
    private static final int MOST = 1 << 15;

    private record Row(MemorySegment host, long buffer, long offset, long part) {}

    private final OpenClQueue queue;
    private final long stride;
    private final Arena arena = Arena.ofShared();
    private final List<Row> rows = new ArrayList<>();
    private final IdentityHashMap<KernelArguments, Row> known = new IdentityHashMap<>();
    private final List<Row> passing = new ArrayList<>();
    private int next;

    SlotRows(OpenClQueue queue) {
        this.queue = queue;
        int alignment = queue.alignment();
        this.stride = Math.ceilDiv(TornadoNativeArray.ARRAY_HEADER + (long) Integer.BYTES * Slots.COUNT, alignment)
                * alignment;
        chunk(passing, 2 * OpenClQueue.ahead());
    }

    private void chunk(List<Row> to, int n) {
        long buffer = queue.buffer(n * stride, stride);
        for (int i = 0; i < n; i++) {
            to.add(new Row(arena.allocate(stride, Long.BYTES), buffer, i * stride,
                    queue.part(buffer, i * stride, stride)));
        }
    }

    /** Buffer of arguments that will be launched again; compared by identity. */
    long lasting(KernelArguments arguments) {
        Row known = this.known.get(arguments);
        if (known != null) {
            return known.part;
        }
        if (this.known.size() == MOST) {
            queue.finish();
            this.known.clear();
        }
        if (this.known.size() == rows.size()) {
            chunk(rows, CHUNK);
        }
        Row row = rows.get(this.known.size());
        this.known.put(arguments, row);
        return uploaded(row, arguments);
    }

    /** Buffer of arguments for one launch. */
    long passing(KernelArguments arguments) {
        next = (next + 1) % passing.size();
        return uploaded(passing.get(next), arguments);
    }

    private long uploaded(Row row, KernelArguments arguments) {
        Slots.of(arguments).copyTo(row.host, TornadoNativeArray.ARRAY_HEADER);
        queue.writeLater(row.buffer, row.offset, row.host);
        return row.part;
    }

    /** Call when the queue is empty. */
    @Override
    public void close() {
        arena.close();
    }
}
