package radedit.exec.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import radedit.safetensors.TensorData;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Uploads directly to a device's arrays. A weight whose layout changes goes through a staging buffer, from which a kernel
 * copies it.
 */
final class OpenClUploads implements Uploads, AutoCloseable {
    private static final long HEADER = TornadoNativeArray.ARRAY_HEADER;

    private final OpenClQueue queue;
    private final OpenClDevice device;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment host = arena.allocate(ValueLayout.JAVA_FLOAT, MOST);
    /** Staging buffer; created at its first use. */
    private long stage;

    OpenClUploads(OpenClQueue queue, OpenClDevice device) {
        this.queue = queue;
        this.device = device;
    }

    @Override
    public void values(Offset.Values to, float[] from) {
        upload(to, from);
    }

    @Override
    public void table(Offset.Tables to, float[] from) {
        upload(to, from);
    }

    @Override
    public void latents(Offset.Latents to, float[] from) {
        upload(to, from);
    }

    private void upload(Offset to, float[] from) {
        for (int start = 0; start < from.length; start += MOST) {
            int n = Math.min(MOST, from.length - start);
            queue.write(device.array(to), HEADER + Float.BYTES * (to.at() + (long) start), copy(from, start, n));
        }
    }

    private MemorySegment copy(float[] from, int start, int n) {
        MemorySegment.copy(from, start, host, ValueLayout.JAVA_FLOAT, 0, n);
        return host.asSlice(0, (long) Float.BYTES * n);
    }

    @Override
    public void weight(DeviceWeights.Place to, float[] part, WeightLayout layout) {
        upload(to, copy(part, 0, part.length), part.length, layout);
    }

    @Override
    public void weight(DeviceWeights.Place to, TensorData tensor, long from, int n, WeightLayout layout) {
        tensor.copyBytes(from, n, host, 0);
        upload(to, host.asSlice(0, bytes(to) * n), n, layout);
    }

    private long bytes(DeviceWeights.Place of) {
        return device.isFloat(of.arena()) ? Float.BYTES : Short.BYTES;
    }

    private void upload(DeviceWeights.Place to, MemorySegment part, int n, WeightLayout layout) {
        if (layout.isPlain()) {
            queue.write(device.weights(to.arena()), HEADER + bytes(to) * (to.at() + (long) layout.first()), part);
            return;
        }
        if (stage == 0) {
            stage = queue.buffer(HEADER + (long) Float.BYTES * MOST, HEADER);
        }
        queue.write(stage, HEADER, part);
        KernelArguments store = new StoreKernels.StoreWeights(to, n, layout);
        device.kernel(device.isFloat(to.arena()) ? StoreKernels.STORE_FLOATS : StoreKernels.STORE_HALVES)
                .with(device.weights(to.arena()), stage, device.slots().passing(store)).launch(store.grid());
    }

    @Override
    public void clear(DeviceWeights.Place place, int length) {
        queue.clear(device.weights(place.arena()), HEADER + bytes(place) * place.at(), bytes(place) * length);
    }

    /** Call when the queue is empty. */
    @Override
    public void close() {
        arena.close();
    }
}
