package radedit.exec.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

import radedit.exec.BackendException;

/**
 * The host functions of OpenCL 1.2 (Khronos, "The OpenCL Specification", version 1.2, chapters 4 and 5) that launches need.
 * OpenCL objects are 64-bit handles; errors are thrown as {@link BackendException}. Use on the {@link DeviceThread} only.
 */
final class OpenCl {
    // CL/cl.h
    private static final int PLATFORM_NAME = 0x0902;
    private static final int DEVICE_NAME = 0x102B;
    private static final int DEVICE_MEM_BASE_ADDR_ALIGN = 0x1019;
    private static final int PROGRAM_BINARY_SIZES = 0x1165;
    private static final int PROGRAM_BINARIES = 0x1166;
    private static final int PROGRAM_BUILD_LOG = 0x1183;
    private static final int BUFFER_CREATE_TYPE_REGION = 0x1220;
    private static final long ALL_DEVICE_TYPES = 0xFFFFFFFFL;
    private static final long MEM_READ_WRITE = 1;

    private static final List<String> LIBRARIES = List.of("libOpenCL.so.1", "libOpenCL.so", "OpenCL.dll",
            "/System/Library/Frameworks/OpenCL.framework/OpenCL");

    private static OpenCl instance;

    private final SymbolLookup library;
    private final Map<String, MethodHandle> functions = new HashMap<>();
    private final MethodHandle setArgument;
    private final MethodHandle enqueueKernel;

    private OpenCl(SymbolLookup library) {
        this.library = library;
        setArgument = function("clSetKernelArg", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
        enqueueKernel = function("clEnqueueNDRangeKernel", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    }

    /** Loads the system's OpenCL library; empty if there is none. */
    static Optional<OpenCl> find() {
        if (instance == null) {
            for (String name : LIBRARIES) {
                try {
                    instance = new OpenCl(SymbolLookup.libraryLookup(name, Arena.global()));
                    break;
                } catch (RuntimeException | LinkageError e) {
                    // another name, or none
                }
            }
        }
        return Optional.ofNullable(instance);
    }

    private MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(),
                FunctionDescriptor.of(result, arguments));
    }

    /** Calls a function; the C types of its arguments follow from the Java objects. */
    private Object call(String name, MemoryLayout result, Object... arguments) {
        MethodHandle f = functions.computeIfAbsent(name, n -> function(n, result, Arrays.stream(arguments)
                .map(a -> a instanceof Integer
                        ? ValueLayout.JAVA_INT
                        : a instanceof Long ? ValueLayout.JAVA_LONG : ValueLayout.ADDRESS)
                .toArray(MemoryLayout[]::new)));
        try {
            return f.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Calls a function that returns a status, and checks it. */
    private void status(String name, Object... arguments) {
        check(name, (int) call(name, ValueLayout.JAVA_INT, arguments));
    }

    /** Calls a function that returns a handle and stores a status through its last argument, which this adds. */
    private long handle(String name, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = status;
            long handle = (long) call(name, ValueLayout.JAVA_LONG, all);
            check(name, status.get(ValueLayout.JAVA_INT, 0));
            return handle;
        }
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new BackendException("the GPU failed at " + function + ": OpenCL error " + status + switch (status) {
                case -4 -> " (no memory for an array)";
                case -6 -> " (no memory on the host)";
                case -11 -> " (a kernel does not compile)";
                default -> "\nRADEDIT_JAVA_OPTS=-D" + Launcher.PROPERTY
                        + "=plan launches kernels through TornadoVM instead";
            });
        }
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a native function cannot throw", e);
    }

    /** Devices with this name on all platforms with this name, in the platforms' order. */
    List<Long> devices(String platformName, String deviceName) {
        List<Long> all = new ArrayList<>();
        for (long platform : ids("clGetPlatformIDs")) {
            if (text("clGetPlatformInfo", platform, PLATFORM_NAME).equals(platformName)) {
                for (long device : ids("clGetDeviceIDs", platform, ALL_DEVICE_TYPES)) {
                    if (text("clGetDeviceInfo", device, DEVICE_NAME).equals(deviceName)) {
                        all.add(device);
                    }
                }
            }
        }
        return all;
    }

    /** Calls a function that lists handles, first for their number, then for the handles. */
    private List<Long> ids(String function, Object... of) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            status(function, with(of, 0, MemorySegment.NULL, count));
            int n = count.get(ValueLayout.JAVA_INT, 0);
            MemorySegment ids = arena.allocate(ValueLayout.JAVA_LONG, n);
            status(function, with(of, n, ids, MemorySegment.NULL));
            return LongStream.of(ids.toArray(ValueLayout.JAVA_LONG)).boxed().toList();
        }
    }

    private static Object[] with(Object[] first, Object... rest) {
        Object[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    /** Bytes of an object's property. */
    private MemorySegment property(Arena arena, String function, Object[] of, int name) {
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        status(function, with(of, name, 0L, MemorySegment.NULL, size));
        MemorySegment value = arena.allocate(Math.max(1, size.get(ValueLayout.JAVA_LONG, 0)), 8);
        status(function, with(of, name, value.byteSize(), value, MemorySegment.NULL));
        return value;
    }

    private String text(String function, long of, int name) {
        try (Arena arena = Arena.ofConfined()) {
            return property(arena, function, new Object[]{of}, name).getString(0).strip();
        }
    }

    /** Alignment of sub-buffers, in bytes. */
    int alignment(long device) {
        try (Arena arena = Arena.ofConfined()) {
            return property(arena, "clGetDeviceInfo", new Object[]{device}, DEVICE_MEM_BASE_ADDR_ALIGN)
                    .get(ValueLayout.JAVA_INT, 0) / Byte.SIZE;
        }
    }

    long createContext(long device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, device);
            return handle("clCreateContext", MemorySegment.NULL, 1, one, MemorySegment.NULL, MemorySegment.NULL);
        }
    }

    /** Creates an in-order command queue. */
    long createQueue(long context, long device) {
        return handle("clCreateCommandQueue", context, device, 0L);
    }

    long createBuffer(long context, long bytes) {
        return handle("clCreateBuffer", context, MEM_READ_WRITE, bytes, MemorySegment.NULL);
    }

    /** Creates a sub-buffer. */
    long createPart(long buffer, long from, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment region = arena.allocateFrom(ValueLayout.JAVA_LONG, from, bytes);
            return handle("clCreateSubBuffer", buffer, MEM_READ_WRITE, BUFFER_CREATE_TYPE_REGION, region);
        }
    }

    /** Writes to a buffer; complete when this returns. */
    void write(long queue, long buffer, long offset, MemorySegment from) {
        status("clEnqueueWriteBuffer", queue, buffer, 1, offset, from.byteSize(), from, 0, MemorySegment.NULL,
                MemorySegment.NULL);
    }

    /** Enqueues a write to a buffer; the host memory must not change before it is complete. */
    void writeLater(long queue, long buffer, long offset, MemorySegment from) {
        status("clEnqueueWriteBuffer", queue, buffer, 0, offset, from.byteSize(), from, 0, MemorySegment.NULL,
                MemorySegment.NULL);
    }

    /** Reads from a buffer; complete when this returns. */
    void read(long queue, long buffer, long offset, MemorySegment to) {
        status("clEnqueueReadBuffer", queue, buffer, 1, offset, to.byteSize(), to, 0, MemorySegment.NULL,
                MemorySegment.NULL);
    }

    /**
     * Builds a program for a device from source.
     *
     * @throws BackendException
     *             with the compiler's message
     */
    long build(long context, long device, String source, String flags) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] text = source.getBytes(StandardCharsets.UTF_8);
            MemorySegment pointer = arena.allocateFrom(ValueLayout.ADDRESS,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, text));
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, text.length);
            return built(handle("clCreateProgramWithSource", context, 1, pointer, length), device, flags);
        }
    }

    /** Builds a program from {@link #binary}. */
    long build(long context, long device, byte[] binary, String flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocateFrom(ValueLayout.ADDRESS,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, binary));
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, binary.length);
            MemorySegment devices = arena.allocateFrom(ValueLayout.JAVA_LONG, device);
            return built(handle("clCreateProgramWithBinary", context, 1, devices, length, pointer,
                    MemorySegment.NULL), device, flags);
        }
    }

    private long built(long program, long device, String flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment devices = arena.allocateFrom(ValueLayout.JAVA_LONG, device);
            status("clBuildProgram", program, 1, devices, arena.allocateFrom(flags), MemorySegment.NULL,
                    MemorySegment.NULL);
            return program;
        } catch (BackendException e) {
            try (Arena arena = Arena.ofConfined()) {
                String log = property(arena, "clGetProgramBuildInfo", new Object[]{program, device},
                        PROGRAM_BUILD_LOG).getString(0).strip().lines().findFirst().orElse("");
                throw new BackendException(e.getMessage() + ": " + log, e);
            } finally {
                status("clReleaseProgram", program);
            }
        }
    }

    /** Binary of a built program. */
    byte[] binary(long program) {
        try (Arena arena = Arena.ofConfined()) {
            long size = property(arena, "clGetProgramInfo", new Object[]{program}, PROGRAM_BINARY_SIZES)
                    .get(ValueLayout.JAVA_LONG, 0);
            MemorySegment bytes = arena.allocate(Math.max(1, size));
            MemorySegment pointer = arena.allocateFrom(ValueLayout.ADDRESS, bytes);
            status("clGetProgramInfo", program, PROGRAM_BINARIES, pointer.byteSize(), pointer, MemorySegment.NULL);
            return bytes.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    long createKernel(long program, String name) {
        try (Arena arena = Arena.ofConfined()) {
            return handle("clCreateKernel", program, arena.allocateFrom(name));
        }
    }

    /**
     * Sets an argument of a kernel.
     *
     * @param value
     *            its bytes; {@link MemorySegment#NULL} for local memory
     */
    void argument(long kernel, int index, long bytes, MemorySegment value) {
        try {
            check("clSetKernelArg", (int) setArgument.invokeExact(kernel, index, bytes, value));
        } catch (BackendException e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Launches a kernel in two dimensions.
     *
     * @param items
     *            two numbers: the global work size
     * @param group
     *            two numbers: the work-group size
     * @param event
     *            receives the handle of an event that completes with the kernel; {@link MemorySegment#NULL} for none
     */
    void launch(long queue, long kernel, MemorySegment items, MemorySegment group, MemorySegment event) {
        try {
            check("clEnqueueNDRangeKernel", (int) enqueueKernel.invokeExact(queue, kernel, 2, MemorySegment.NULL,
                    items, group, 0, MemorySegment.NULL, event));
        } catch (BackendException e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Waits for an event and releases it. */
    void await(long event) {
        try (Arena arena = Arena.ofConfined()) {
            status("clWaitForEvents", 1, arena.allocateFrom(ValueLayout.JAVA_LONG, event));
        } finally {
            status("clReleaseEvent", event);
        }
    }

    /** Submits all enqueued commands to the device (clFlush). */
    void flush(long queue) {
        status("clFlush", queue);
    }

    /** Waits for all enqueued commands. */
    void finish(long queue) {
        status("clFinish", queue);
    }

    void releaseBuffer(long buffer) {
        status("clReleaseMemObject", buffer);
    }

    void releaseKernel(long kernel) {
        status("clReleaseKernel", kernel);
    }

    void releaseProgram(long program) {
        status("clReleaseProgram", program);
    }

    void releaseQueue(long queue) {
        status("clReleaseCommandQueue", queue);
    }

    void releaseContext(long context) {
        status("clReleaseContext", context);
    }
}
