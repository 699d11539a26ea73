package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * State shared by all backends of this process on one device: its arrays, the weights in them and the compiled kernels. When
 * one execution plan is closed, TornadoVM releases all plans of the device; so there is one plan, closed with the last backend.
 *
 * <p>
 * The arrays are allocated at the first run, large enough for everything that the backends have reserved. Only a larger demand
 * reallocates them and recompiles the kernels. The weights of several networks are kept as long as they fit; otherwise they
 * evict one another. Use on the {@link DeviceThread} only.
 */
final class DeviceContext {
    /** Share of the device's memory left to its driver. */
    private static final double KEPT = 0.05;
    /** Minimum lengths, so that small networks need no reallocation. */
    private static final Footprint LEAST = new Footprint(1 << 22, 1 << 22, 1 << 20, 1 << 22, 1 << 20, 0);
    /** Room for weights that were not reserved: 64 MB of tables, 128 MB of 32-bit and 64 MB of 16-bit weights. */
    private static final Footprint SPARE = Footprint.ofWeights(1 << 24, 1 << 25, 1 << 25, 0);

    /** Contexts in use, by the number of their device. */
    private static final Map<Integer, DeviceContext> OPEN = new HashMap<>();

    /** Number of times this process has allocated a device's arrays; for tests. */
    private static int opened;

    private final int number;
    private final TornadoDevice tornadoDevice;
    private final Launcher launcher;
    private final CompilerFlags flags;
    private final long allocationLimit;
    private final List<TornadoBackend> users = new ArrayList<>();
    private final DeviceWeights deviceWeights = new DeviceWeights();
    private final List<DeviceLatents> pools = new ArrayList<>();
    private Footprint capacity = Footprint.NONE;
    private Device device;
    private TornadoProgram running;
    /** Self-tests that backends have passed ({@link SelfTest#identity}), in this process or earlier. */
    private final Set<String> tested = new HashSet<>();
    /** Whether weights of one type take several arrays. */
    private boolean split;
    /** Whether weights of closed backends still occupy the arrays. */
    private boolean leftovers;

    private DeviceContext(int number, TornadoDevice tornadoDevice, CompilerFlags flags, long allocationLimit) {
        this.number = number;
        this.tornadoDevice = tornadoDevice;
        this.flags = flags;
        this.launcher = Launcher.of(number, tornadoDevice, flags);
        this.allocationLimit = allocationLimit;
    }

    /**
     * Returns the context of a device; {@link #add} registers a backend as its user.
     *
     * @param number
     *            of the device
     * @param allocationLimit
     *            limit of a single allocation, in bytes
     * @throws BackendException
     *             if the device is in use with other compiler flags
     */
    static DeviceContext of(int number, TornadoDevice tornadoDevice, CompilerFlags flags, long allocationLimit) {
        DeviceContext open = OPEN.get(number);
        if (open == null) {
            return new DeviceContext(number, tornadoDevice, flags, allocationLimit);
        }
        if (!open.flags.equals(flags) || open.allocationLimit != allocationLimit) {
            throw new BackendException("this process already uses the GPU with other settings ("
                    + open.flags.describe() + "; not " + flags.describe()
                    + "); a device takes one set of compiler flags at a time, so close that backend first");
        }
        return open;
    }

    void add(TornadoBackend user) {
        OPEN.put(number, this);
        users.add(user);
    }

    /** Releases the device with its last user. */
    void remove(TornadoBackend user) {
        users.remove(user);
        pools.removeIf(p -> p.backend() == user);
        leftovers = true;
        if (users.isEmpty()) {
            OPEN.remove(number, this);
            closeDevice();
        }
    }

    /** Device, versions, kernels and compiler flags: everything that results depend on, except the tile policy. */
    String identity() {
        return launcher.identity();
    }

    TornadoDevice tornadoDevice() {
        return tornadoDevice;
    }

    long memoryAvailable() {
        return available(tornadoDevice);
    }

    /** The memory that arrays may take, in words. */
    String describeMemory() {
        return (memoryAvailable() >> 20) + " MB of the GPU, at most " + (allocationLimit >> 20) + " MB in one piece,";
    }

    /** Bytes of device memory that arrays may take. */
    static long available(TornadoDevice device) {
        return (long) (device.getMaxGlobalMemory() * (1 - KEPT));
    }

    /** Whether arrays for this footprint can be allocated. */
    boolean fits(Footprint n) {
        ArenaSizes a = ArenaSizes.of(n, allocationLimit);
        return a != null && a.bytes() <= memoryAvailable();
    }

    /** Latent elements reserved by the other backends. */
    long latentsOfOthers(TornadoBackend user) {
        return users.stream().filter(u -> u != user).mapToLong(u -> u.reservation().latents()).sum();
    }

    /** @throws BackendException if arrays for this footprint cannot be allocated */
    ArenaSizes require(Footprint n) {
        if (!fits(n)) {
            throw new BackendException("too little memory on the GPU: " + (n.values() >> 18) + " MB for values, "
                    + (n.latents() >> 18) + " MB for latents and " + (n.withValues(0).withLatents(0).bytes() >> 20)
                    + " MB for weights are needed; " + describeMemory() + " are available");
        }
        return ArenaSizes.of(n, allocationLimit);
    }

    /**
     * Ensures that the arrays have room for a run of a program.
     *
     * @param total
     *            footprint of the program
     * @param more
     *            its values, and its weights that are not on the device yet
     * @param by
     *            the backend that runs it
     */
    void prepare(Footprint total, Footprint more, TornadoBackend by) {
        for (SelfTest t : SelfTest.of(by.needs())) {
            if (tested.add(t.identity(by)) && !SelfTestRecord.exists(t.identity(by))) {
                test(by, t);
                more = total; // it has evicted all weights
            }
        }
        if (holds(more)) {
            return;
        }
        if (leftovers && device != null) {
            deviceWeights.reset(device); // those still in use are uploaded again
            more = total;
        }
        leftovers = false;
        if (holds(more)) {
            return;
        }
        Footprint reserved = reserved();
        Footprint all = reserved.max(deviceWeights.used().plus(more));
        open(List.of(all.plus(SPARE).max(LEAST).max(capacity), all.max(capacity), reserved.max(total), total), by);
    }

    /** Whether a footprint fits next to the weights and latents on the device. */
    private boolean holds(Footprint more) {
        return device != null && covers(deviceWeights.used().plus(more).withLatents(latents()));
    }

    /** Whether the arrays are large enough. The largest weight matters only if a type has several arrays. */
    private boolean covers(Footprint n) {
        return capacity.covers(split ? n : n.withLargest(0));
    }

    /** Latent elements that are live or reserved, whichever is more. */
    private long latents() {
        long end = pools.stream().mapToLong(DeviceLatents::end).max().orElse(0);
        return Math.max(end, users.stream().mapToLong(u -> u.reservation().latents()).sum());
    }

    private Footprint reserved() {
        return users.stream().map(u -> u.reservation().footprint()).reduce(Footprint.NONE, Footprint::plus);
    }

    /**
     * Allocates arrays for the first of these footprints that fits, unless the arrays are large enough already. If the device
     * refuses because other processes use its memory, tries the next footprint.
     */
    private void open(List<Footprint> choices, TornadoBackend by) {
        List<Footprint> all = choices.stream().map(c -> c.withLatents(Math.max(c.latents(), latents()))).toList();
        List<Footprint> fit = new ArrayList<>(all.stream().filter(this::fits).distinct().toList());
        if (fit.isEmpty()) {
            require(all.getLast());
        }
        boolean made = false;
        while (device == null || !covers(fit.getFirst())) {
            closeDevice();
            try {
                ArenaSizes arenas = require(fit.getFirst());
                device = launcher.open(arenas);
                opened++;
                capacity = fit.getFirst();
                split = arenas.floats().size() > 1 || arenas.halves().size() > 1;
                made = true;
            } catch (BackendException e) {
                fit.removeFirst();
                if (fit.isEmpty()) {
                    throw e;
                }
            }
        }
        deviceWeights.reset(device); // evicts the weights of other programs
        if (made) {
            device.compile(users.stream().map(TornadoBackend::needs).reduce(KernelNeeds.NONE, KernelNeeds::plus),
                    by.progress());
        }
    }

    /**
     * Compares kernels with the reference backend, on arrays large enough for everything reserved.
     *
     * @throws BackendException
     *             if a kernel computes wrong results
     */
    void test(TornadoBackend by, SelfTest selfTest) {
        tested.add(selfTest.identity(by)); // first, because the test runs programs of this backend
        try (TornadoBackend test = new TornadoBackend(this, by.policy(), by.progress())) {
            selfTest.reserve(test.reservation());
            Footprint room = reserved().max(SelfTest.ROOM).max(LEAST);
            open(List.of(room.plus(SPARE), room, SelfTest.ROOM, Footprint.NONE), test);
            selfTest.run(test);
        } catch (RuntimeException e) {
            tested.remove(selfTest.identity(by));
            closeDevice();
            throw e;
        }
        SelfTestRecord.write(selfTest.identity(by));
    }

    /** Records which program runs now; it overwrites the inputs of the previous one. */
    void runs(TornadoProgram p) {
        if (running != null && running != p) {
            running.forgetInputs();
        }
        running = p;
    }

    /** Arrays and kernels of the device; null before the first run. */
    Device device() {
        return device;
    }

    DeviceWeights deviceWeights() {
        return deviceWeights;
    }

    /** Finds room for a pool of latents among the others; returns its first element. */
    long place(DeviceLatents pool, long length) {
        long at = 0;
        for (boolean moved = true; moved;) {
            moved = false;
            for (DeviceLatents other : pools) {
                if (at < other.end() && other.begin() < at + length) {
                    at = other.end();
                    moved = true;
                }
            }
        }
        pools.add(pool);
        return at;
    }

    static int opened() {
        return opened;
    }

    /** The context of a device in use, else null; for tests. */
    static DeviceContext inUse(int number) {
        return OPEN.get(number);
    }

    void closed(DeviceLatents pool) {
        pools.remove(pool);
    }

    private void closeDevice() {
        if (device != null) {
            Device old = device;
            pools.forEach(p -> p.save(old));
            device = null;
            capacity = Footprint.NONE;
            old.close();
        }
    }
}
