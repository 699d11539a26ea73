package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import radedit.exec.HostLayout;
import radedit.exec.LatentPool;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * Latents on a device, in float32 and NHWC like a graph's values. They are downloaded before the device's arrays are
 * reallocated, and uploaded again at their next use. Each operation is one task of the {@link DeviceThread}.
 */
final class DeviceLatents implements LatentPool {
    private final TornadoBackend backend;
    private final Shape each;
    private final int length;
    /** First element in the array of latents. */
    private final long begin;
    private final Slot[] slots;
    private final Map<Tensor, Slot> masks = new HashMap<>();

    DeviceLatents(TornadoBackend backend, Shape each, int count) {
        this.backend = backend;
        this.each = each;
        this.length = Math.toIntExact(each.elements());
        this.slots = new Slot[count];
        this.begin = backend.context().place(this, (long) count * length);
    }

    long begin() {
        return begin;
    }

    /** First element after this pool. */
    long end() {
        return begin + (long) slots.length * length;
    }

    /** One latent of the pool. */
    private final class Slot implements Latents {
        private final int number;
        /** The latent on the host while it is not on the device; else null. */
        private float[] saved;

        Slot(int number) {
            this.number = number;
        }

        DeviceLatents pool() {
            return DeviceLatents.this;
        }

        private Offset.Latents at() {
            if (slots[number] != this) {
                throw new IllegalStateException("latents were closed");
            }
            backend.context().prepare(Footprint.NONE, Footprint.NONE, backend);
            if (saved != null) {
                device().uploads().latents(place(), saved);
                saved = null;
            }
            return place();
        }

        private Offset.Latents place() {
            return new Offset.Latents(Math.toIntExact(Device.ZEROS + begin + (long) number * length));
        }

        @Override
        public Shape shape() {
            return each;
        }

        @Override
        public Tensor toTensor() {
            float[] v = DeviceThread.call(() -> {
                Offset.Latents at = at(); // may reallocate the device's arrays
                return device().readLatents(at, length);
            });
            Tensor t = Tensor.zeros(each);
            HostLayout.toChannelsFirst(i -> v[i], each.dim(1), pixels(), t.data());
            return t;
        }

        @Override
        public Latents sum(double[] factors, Latents... others) {
            return DeviceThread.call(() -> added(factors, others));
        }

        private Slot added(double[] factors, Latents... others) {
            Slot sum = this;
            double factor = factors[0];
            int from = 0;
            do {
                int to = Math.min(others.length, from + LatentOperation.MOST_TERMS - 1);
                List<LatentOperation.Term> terms = new ArrayList<>();
                terms.add(LatentOperation.Term.of(sum.at(), factor));
                for (int k = from; k < to; k++) {
                    terms.add(LatentOperation.Term.of(((Slot) others[k]).at(), factors[1 + k]));
                }
                Slot before = sum;
                sum = result(out -> new LatentOperation.Function.Sum(terms, out));
                if (before != this) {
                    before.close();
                }
                factor = 1;
                from = to;
            } while (from < others.length);
            return sum;
        }

        @Override
        public Latents clamp(double range) {
            return DeviceThread.call(() -> {
                LatentOperation.Term bound = LatentOperation.Term.of(at(), range);
                return result(out -> new LatentOperation.Function.Clamp(bound, out));
            });
        }

        @Override
        public Latents where(Tensor mask, Latents other) {
            return DeviceThread.call(() -> {
                Slot m = masks.computeIfAbsent(mask, DeviceLatents.this::expanded);
                Offset.Latents x = at();
                Offset.Latents condition = m.at();
                Offset.Latents y = ((Slot) other).at();
                return result(out -> new LatentOperation.Function.Select(x, condition, y, out));
            });
        }

        @Override
        public void close() {
            DeviceThread.run(() -> {
                if (slots[number] == this) {
                    slots[number] = null;
                }
            });
        }
    }

    private Device device() {
        return backend.context().device();
    }

    private int pixels() {
        return length / each.dim(1);
    }

    /** Runs an operation that writes a new latent. */
    private Slot result(Function<Offset.Latents, LatentOperation.Function> operation) {
        Slot out = free();
        run(operation.apply(out.place()));
        return out;
    }

    private void run(LatentOperation.Function operation) {
        device().run(new LatentOperation(operation, length));
    }

    private Slot free() {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] == null) {
                slots[i] = new Slot(i);
                return slots[i];
            }
        }
        throw new IllegalStateException("more than " + slots.length + " latents");
    }

    @Override
    public Latents put(Tensor latents) {
        if (!latents.shape().equals(each)) {
            throw new IllegalArgumentException("latents are " + each + ", not " + latents.shape());
        }
        float[] values = new float[length];
        HostLayout.toChannelsLast(latents.data(), each.dim(1), pixels(), (i, v) -> values[i] = (float) v);
        return DeviceThread.call(() -> {
            backend.context(); // throws if the backend was closed
            Slot s = free();
            s.saved = values;
            return s;
        });
    }

    /** A mask of one channel, broadcast over all channels of a latent. */
    private Slot expanded(Tensor mask) {
        Tensor[] all = new Tensor[each.dim(1)];
        Arrays.fill(all, mask.reshape(Shape.of(1, mask.data().length)));
        return (Slot) put(Tensor.concat(List.of(all)).reshape(each));
    }

    /** The pool to which all these latents belong; null if there is none. */
    static DeviceLatents of(List<Latents> latents) {
        DeviceLatents pool = !latents.isEmpty() && latents.getFirst() instanceof Slot s ? s.pool() : null;
        return pool != null
                && latents.stream().allMatch(l -> l instanceof Slot s && s.pool() == pool && pool.slots[s.number] == s)
                        ? pool
                        : null;
    }

    TornadoBackend backend() {
        return backend;
    }

    /** Copies latents to consecutive values. */
    void toValues(List<Latents> latents, Offset.Values to) {
        for (int i = 0; i < latents.size(); i++) {
            run(new LatentOperation.Function.ToValues(((Slot) latents.get(i)).at(), to.plus(i * length)));
        }
    }

    /** Copies consecutive values to new latents. */
    List<Latents> ofValues(Offset.Values from, int count) {
        List<Latents> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Offset.Values x = from.plus(i * length);
            all.add(result(out -> new LatentOperation.Function.ToLatents(x, out)));
        }
        return all;
    }

    /** Downloads all latents before the device's arrays are freed. */
    void save(Device device) {
        for (Slot s : slots) {
            if (s != null && s.saved == null) {
                s.saved = device.readLatents(s.place(), length);
            }
        }
    }

    @Override
    public void close() {
        DeviceThread.run(() -> {
            Arrays.fill(slots, null);
            masks.clear();
            if (!backend.isClosed()) {
                backend.context().closed(this);
            }
        });
    }
}
