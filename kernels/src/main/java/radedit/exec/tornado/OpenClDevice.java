package radedit.exec.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import radedit.exec.BackendException;
import radedit.exec.BackendOptions.Progress;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A device driven through {@link OpenCl}: the source that TornadoVM generates for the kernels is built and launched without it.
 * The arrays have TornadoVM's layout, with a header of {@link TornadoNativeArray#ARRAY_HEADER} bytes. The host does not wait
 * for launches.
 */
final class OpenClDevice implements Device {
    private final OpenClQueue queue;
    private final KernelStore store;
    private final ArenaSizes lengths;
    private final SlotRows slots;
    private final long values;
    private final long tables;
    private final long latents;
    private final List<Long> floats = new ArrayList<>();
    private final List<Long> halves = new ArrayList<>();
    private final Map<String, OpenClKernel> kernels = new HashMap<>();
    private final OpenClUploads uploads;

    /**
     * @throws BackendException
     *             if the device has too little memory or fails
     */
    OpenClDevice(OpenClQueue queue, KernelStore store, ArenaSizes lengths) {
        this.queue = queue;
        this.store = store;
        this.lengths = lengths;
        this.values = array(Float.BYTES * lengths.values());
        this.tables = array(Float.BYTES * lengths.tables());
        this.latents = array(Float.BYTES * lengths.latents());
        lengths.floats().forEach(n -> floats.add(array(Float.BYTES * n)));
        lengths.halves().forEach(n -> halves.add(array(Short.BYTES * n)));
        this.slots = new SlotRows(queue);
        this.uploads = new OpenClUploads(queue, this);
    }

    private long array(long bytes) {
        long start = TornadoNativeArray.ARRAY_HEADER + (long) Float.BYTES * ZEROS;
        return queue.buffer(TornadoNativeArray.ARRAY_HEADER + bytes, start);
    }

    @Override
    public void compile(KernelNeeds needs, Progress progress) {
        List<String> missing = needed(needs).stream().filter(k -> !kernels.containsKey(k)).toList();
        for (int i = 0; i < missing.size(); i++) {
            progress.step("compiling", i, missing.size());
            kernel(missing.get(i));
        }
        progress.step("compiling", missing.size(), missing.size());
        store.release();
    }

    /** Names of the kernels that backends with these needs may use. */
    private static List<String> needed(KernelNeeds needs) {
        List<String> all = new ArrayList<>();
        for (Kernel k : needs.kernels()) {
            if (k.isGemm()) {
                needs.formats().forEach(f -> all.add(k.source(f)));
            } else {
                all.add(k.name());
            }
        }
        all.add(StoreKernels.STORE_FLOATS);
        all.add(StoreKernels.STORE_HALVES);
        return all;
    }

    @Override
    public String source(KernelNeeds needs) {
        String hash = KernelSource.hash(needed(needs).stream().map(store::source).toList());
        store.release();
        return hash;
    }

    /** Returns a kernel, compiled at its first use. */
    OpenClKernel kernel(String name) {
        return kernels.computeIfAbsent(name, n -> {
            String source = store.source(n);
            Optional<byte[]> kept = store.binary(n);
            if (kept.isPresent()) {
                try {
                    return new OpenClKernel(queue, queue.program(kept.get()), source);
                } catch (BackendException e) {
                    // The driver rejects the binary; the source is compiled again.
                }
            }
            long program = queue.program(source);
            store.keep(n, queue.binary(program));
            return new OpenClKernel(queue, program, source);
        });
    }

    @Override
    public void run(Launch l) {
        long row = l instanceof LatentOperation ? slots.passing(l) : slots.lasting(l);
        OpenClKernel k;
        if (l instanceof Gemm g) {
            DeviceWeights.Place weight = g.weights().place();
            boolean isFloat = isFloat(weight.arena());
            k = kernel(g.kernel().source(weight.format())).with(values, tables,
                    isFloat ? weights(weight.arena()) : floats.getFirst(),
                    isFloat ? halves.getFirst() : weights(weight.arena()), row);
        } else {
            k = kernel(l.kernel().name()).with(values, l.kernel() == Kernel.LATENTS ? latents : tables, row);
        }
        k.launch(l.grid());
    }

    @Override
    public void finish() {
        queue.finish();
    }

    @Override
    public int matrices() {
        return floats.size() + halves.size();
    }

    @Override
    public boolean isFloat(int arena) {
        return arena < floats.size();
    }

    @Override
    public long length(int arena) {
        return isFloat(arena) ? lengths.floats().get(arena) : lengths.halves().get(arena - floats.size());
    }

    /** Buffer of a weight array. */
    long weights(int arena) {
        return isFloat(arena) ? floats.get(arena) : halves.get(arena - floats.size());
    }

    /** Buffer of an offset's array. */
    long array(Offset at) {
        return switch (at) {
            case Offset.Values v -> values;
            case Offset.Tables t -> tables;
            case Offset.Latents l -> latents;
        };
    }

    SlotRows slots() {
        return slots;
    }

    @Override
    public Uploads uploads() {
        return uploads;
    }

    @Override
    public float[] read(Offset.Values from, int n) {
        return download(from, n);
    }

    @Override
    public float[] readLatents(Offset.Latents from, int n) {
        return download(from, n);
    }

    private float[] download(Offset from, int n) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ValueLayout.JAVA_FLOAT, n);
            queue.read(array(from), TornadoNativeArray.ARRAY_HEADER + (long) Float.BYTES * from.at(), to);
            return to.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    @Override
    public void close() {
        store.release();
        try {
            queue.close();
        } finally {
            slots.close();
            uploads.close();
        }
    }
}
