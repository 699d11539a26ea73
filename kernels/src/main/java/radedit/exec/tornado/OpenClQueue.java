package radedit.exec.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import radedit.exec.BackendException;

/**
 * In-order command queue of a device. The host is at most {@link #ahead} launches ahead, so that a cancelled run ends soon.
 */
final class OpenClQueue implements AutoCloseable {
    /** Launches between two events. */
    private static final int AHEAD = 32;
    /** Launches between two flushes. */
    private static final int FLUSH = 8;

    private final OpenCl cl;
    private final long device;
    private final String flags;
    private final long context;
    private final long queue;
    private final List<Long> buffers = new ArrayList<>();
    private final List<Long> programs = new ArrayList<>();
    private final List<Long> kernels = new ArrayList<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment items = arena.allocate(ValueLayout.JAVA_LONG, 2);
    private final MemorySegment group = arena.allocate(ValueLayout.JAVA_LONG, 2);
    private final MemorySegment event = arena.allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment zeros = arena.allocate(1 << 20, Long.BYTES);
    /** Launches since the last launch with an event. */
    private int launches;
    /** Event of an earlier launch; 0 for none. */
    private long earlier;

    /**
     * @param flags
     *            flags of the driver's compiler
     */
    OpenClQueue(OpenCl cl, long device, String flags) {
        this.cl = cl;
        this.device = device;
        this.flags = flags;
        this.context = cl.createContext(device);
        this.queue = cl.createQueue(context, device);
    }

    /** Alignment of sub-buffers, in bytes. */
    int alignment() {
        return cl.alignment(device);
    }

    /**
     * Creates a buffer and zeroes its first bytes.
     *
     * @param zeros
     *            number of bytes to zero; not 0, so that the driver allocates the buffer now
     * @throws BackendException
     *             if the device has too little memory
     */
    long buffer(long bytes, long zeros) {
        long buffer = cl.createBuffer(context, bytes);
        buffers.add(buffer);
        clear(buffer, 0, zeros);
        return buffer;
    }

    /** Creates a sub-buffer. */
    long part(long buffer, long from, long bytes) {
        long part = cl.createPart(buffer, from, bytes);
        buffers.add(part);
        return part;
    }

    /** Builds a program from source. */
    long program(String source) {
        return kept(cl.build(context, device, source, flags));
    }

    /** Builds a program from {@link #binary}. */
    long program(byte[] binary) {
        return kept(cl.build(context, device, binary, flags));
    }

    private long kept(long program) {
        programs.add(program);
        return program;
    }

    /** Binary of a built program. */
    byte[] binary(long program) {
        return cl.binary(program);
    }

    long kernel(long program, String name) {
        long kernel = cl.createKernel(program, name);
        kernels.add(kernel);
        return kernel;
    }

    void write(long buffer, long offset, MemorySegment from) {
        cl.write(queue, buffer, offset, from);
    }

    /** Enqueues a write; the host memory must not change before {@link #ahead} more launches or {@link #finish}. */
    void writeLater(long buffer, long offset, MemorySegment from) {
        cl.writeLater(queue, buffer, offset, from);
    }

    /** Largest number of launches that are enqueued and not complete. */
    static int ahead() {
        return 2 * AHEAD;
    }

    void read(long buffer, long offset, MemorySegment to) {
        cl.read(queue, buffer, offset, to);
    }

    /** Zeroes a part of a buffer. */
    void clear(long buffer, long offset, long bytes) {
        for (long at = 0; at < bytes; at += zeros.byteSize()) {
            cl.write(queue, buffer, offset + at, zeros.asSlice(0, Math.min(zeros.byteSize(), bytes - at)));
        }
    }

    /** Sets an argument of a kernel to a buffer. */
    void argument(long kernel, int index, long buffer) {
        value.set(ValueLayout.JAVA_LONG, 0, buffer);
        cl.argument(kernel, index, Long.BYTES, value);
    }

    /** Sets an argument of a kernel to a number. */
    void argument(long kernel, int index, int number) {
        value.set(ValueLayout.JAVA_INT, 0, number);
        cl.argument(kernel, index, Integer.BYTES, value);
    }

    /** Sets an argument of a kernel to local memory. */
    void localMemory(long kernel, int index, int bytes) {
        cl.argument(kernel, index, bytes, MemorySegment.NULL);
    }

    void launch(long kernel, Grid g) {
        items.setAtIndex(ValueLayout.JAVA_LONG, 0, (long) g.groupsX() * g.itemsX());
        items.setAtIndex(ValueLayout.JAVA_LONG, 1, (long) g.groupsY() * g.itemsY());
        group.setAtIndex(ValueLayout.JAVA_LONG, 0, g.itemsX());
        group.setAtIndex(ValueLayout.JAVA_LONG, 1, g.itemsY());
        launches++;
        if (launches < AHEAD) {
            cl.launch(queue, kernel, items, group, MemorySegment.NULL);
            if (launches % FLUSH == 0) {
                cl.flush(queue);
            }
            return;
        }
        launches = 0;
        cl.launch(queue, kernel, items, group, event);
        cl.flush(queue);
        long before = earlier;
        earlier = event.get(ValueLayout.JAVA_LONG, 0);
        if (before != 0) {
            cl.await(before);
        }
    }

    /** Waits for all commands. */
    void finish() {
        cl.finish(queue);
    }

    /** Frees everything, even after the device has failed. */
    @Override
    public void close() {
        try {
            cl.finish(queue);
            if (earlier != 0) {
                cl.await(earlier);
            }
        } finally {
            kernels.forEach(cl::releaseKernel);
            programs.forEach(cl::releaseProgram);
            buffers.reversed().forEach(cl::releaseBuffer);
            cl.releaseQueue(queue);
            cl.releaseContext(context);
            arena.close();
        }
    }
}
