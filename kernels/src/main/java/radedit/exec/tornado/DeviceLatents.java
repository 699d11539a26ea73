package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import radedit.exec.BackendException;
import radedit.exec.Edges;
import radedit.exec.LatentPool;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * Latents in a device's array for them, in float32 and with channels last, as graphs have them. When the device's arrays
 * are made anew they are brought to the host and back. Each operation is one piece of work of the {@link DeviceThread}.
 */
final class DeviceLatents implements LatentPool {
    /** Bits of the factors of sums. */
    private static final int FACTOR_BITS = 24;
    private static final int MOST_SHIFT = 30;

    private final TornadoBackend backend;
    private final Shape each;
    private final int length;
    /** Place of the first one among those of all pools. */
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

    /** Place after the last one. */
    long end() {
        return begin + (long) slots.length * length;
    }

    /** Latents in one of the places. */
    private final class Slot implements Latents {
        private final int number;
        /** What they were when the device's arrays went away, until they are there again. */
        private float[] saved;

        Slot(int number) {
            this.number = number;
        }

        DeviceLatents pool() {
            return DeviceLatents.this;
        }

        private int at() {
            if (slots[number] != this) {
                throw new IllegalStateException("latents were given up");
            }
            backend.context().prepare(Footprint.NONE, Footprint.NONE, backend);
            if (saved != null) {
                device().uploads().latents(place(), saved);
                saved = null;
            }
            return place();
        }

        private int place() {
            return Math.toIntExact(Device.ZEROS + begin + (long) number * length);
        }

        @Override
        public Shape shape() {
            return each;
        }

        @Override
        public Tensor toTensor() {
            float[] v = DeviceThread.call(() -> {
                int at = at(); // may make the device anew
                return device().readLatents(at, length);
            });
            Tensor t = Tensor.zeros(each);
            for (int i = 0; i < length; i++) {
                t.data()[i] = v[channelsLast(i)];
            }
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
                int to = Math.min(others.length, from + LatentKernels.MOST - 1);
                Launch l = launch(LatentKernels.SUM).with(LatentKernels.COUNT, 1 + to - from);
                term(l, 0, sum, factor);
                for (int k = from; k < to; k++) {
                    term(l, 1 + k - from, (Slot) others[k], factors[1 + k]);
                }
                Slot before = sum;
                sum = result(l);
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
                Launch l = launch(LatentKernels.CLAMP);
                term(l, 0, this, range);
                return result(l);
            });
        }

        @Override
        public Latents where(Tensor mask, Latents other) {
            return DeviceThread.call(() -> {
                Slot m = masks.computeIfAbsent(mask, DeviceLatents.this::expanded);
                return result(launch(LatentKernels.WHERE).with(LatentKernels.X, at()).with(LatentKernels.MASK, m.at())
                        .with(LatentKernels.OTHER, ((Slot) other).at()));
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

    private int channelsLast(int i) {
        return Edges.channelsLast(i, each.dim(1), length / each.dim(1));
    }

    private Launch launch(int mode) {
        return Launch.over(Kernel.LATENTS, length).with(LatentKernels.LENGTH, length).with(LatentKernels.MODE, mode);
    }

    /** A factor goes as an integer over a power of two, which a float's 24 bits fit into. */
    private static void term(Launch l, int k, Slot x, double factor) {
        int at = LatentKernels.X + LatentKernels.EACH * k;
        if (!(Math.abs(factor) < 1 << MOST_SHIFT)) {
            throw new BackendException("a guidance scale, weight or clip range of this size is beyond the tornado backend;"
                    + " --backend cpu helps");
        }
        int shift = Math.clamp(FACTOR_BITS - 1 - Math.getExponent((float) factor), 0, MOST_SHIFT);
        l.with(at, x.at()).with(at + 1, (int) Math.rint(Math.scalb(factor, shift))).with(at + 2, shift);
    }

    private Slot result(Launch l) {
        Slot out = free();
        device().run(l.with(LatentKernels.OUT, out.place()));
        return out;
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
        for (int i = 0; i < length; i++) {
            values[channelsLast(i)] = (float) latents.data()[i];
        }
        return DeviceThread.call(() -> {
            backend.context(); // which is refused after it was closed
            Slot s = free();
            s.saved = values;
            return s;
        });
    }

    /** A mask of one channel for all. */
    private Slot expanded(Tensor mask) {
        Tensor[] all = new Tensor[each.dim(1)];
        Arrays.fill(all, mask.reshape(Shape.of(1, mask.data().length)));
        return (Slot) put(Tensor.concat(List.of(all)).reshape(each));
    }

    /** The pool of these latents; null if they are not all of one on a device. */
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

    /** Copies latents to places among the values, one after the other from this one on. */
    void toValues(List<Latents> latents, int to) {
        for (Latents l : latents) {
            int x = ((Slot) l).at();
            device().run(
                    launch(LatentKernels.TO_VALUES).with(LatentKernels.X, x).with(LatentKernels.OUT, to));
            to += length;
        }
    }

    /** New latents of values, so many one after the other. */
    List<Latents> ofValues(int from, int count) {
        List<Latents> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(result(launch(LatentKernels.TO_LATENTS).with(LatentKernels.X, from + i * length)));
        }
        return all;
    }

    /** Brings all to the host, because the device's arrays go away. */
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
