package radedit.exec.tornado;

import java.util.List;
import java.util.Locale;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.LatentPool;
import radedit.exec.Planned;
import radedit.exec.Program;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/**
 * Runs graphs on the device that TornadoVM finds.
 *
 * <p>
 * The arrays on the device grow when something larger comes; the weights of several networks stay there side by side as
 * long as they fit, else they make room for one another.
 */
final class TornadoBackend implements Backend {
    /** What a device keeps for itself, as a part of its memory. */
    private static final double KEPT = 0.05;
    /** With less memory than 11 GB, transformed weights may leave no room for the rest: 1.8 times what they are in the file. */
    private static final long WINOGRAD_MEMORY = 11L << 30;
    /** Lengths to begin with, so that small networks come and go without a new plan. */
    private static final Needs LEAST = new Needs(1 << 22, 1 << 20, 1 << 22, 0, 0);
    /** Room for weights that come without being reserved, such as the text encoder's: 512 MB. */
    private static final Needs UNRESERVED = new Needs(0, 1 << 25, 3 << 25, 0, 0);
    /** IEEE arithmetic: no flags but "no warnings". */
    private static final String STRICT = "-w";
    private static final String FAST = "-cl-mad-enable -cl-fast-relaxed-math -w";

    /** 16 MB: 256 latents of 64 x 64. */
    private static final long LEAST_LATENTS = 1 << 22;

    private final TornadoDevice onto;
    private final BackendOptions options;
    /** The most bytes in one piece. */
    private final long piece;
    private final Choices choices;
    private final Residents residents = new Residents();
    private Needs capacity = Needs.NONE;
    private Needs reserved = LEAST;
    private Device device;
    private TornadoProgram running;
    /** Numbers that latents take at a time. */
    private long latentRoom;
    private long latentCapacity;
    private DeviceLatents latents;

    /**
     * @param piece
     *            the most bytes in one piece; 0 for what the device says
     * @param tile
     *            columns of the tiles that products are made of, 64 or 128; 0 to choose for each
     * @param winograd
     *            which convolutions are made so; null to choose by the device
     */
    TornadoBackend(TornadoDevice onto, BackendOptions options, long piece, int tile, Winograd winograd) {
        this.onto = onto;
        this.options = options;
        this.piece = piece == 0 ? onto.getMaxAllocMemory() : piece;
        boolean processor = onto.getDeviceType() == TornadoDeviceType.CPU;
        int units = tile == 64 || tile == 0 && processor
                ? Choices.NARROW
                : tile == 128 ? 0 : onto.getPhysicalDevice().getDeviceMaxComputeUnits();
        boolean suits = !processor && memoryAvailable() >= WINOGRAD_MEMORY;
        this.choices = new Choices(units, winograd != null ? winograd : suits ? Winograd.AUTO : Winograd.OFF,
                Choices.PLANES);
    }

    @Override
    public String name() {
        return "tornado";
    }

    @Override
    public String describe() {
        return identity() + (device == null ? "" : ", generated source " + device.source());
    }

    /** Device, versions, kernels and arithmetic: what the numbers depend on. */
    String identity() {
        return "float32, " + Runtimes.describe(onto) + ", " + Runtimes.version(onto) + ", kernels "
                + Kernels.fingerprint() + ", " + choices.tiles() + ", Winograd " + choices.winograd().name().toLowerCase(Locale.ROOT)
                + ", compiler flags " + flags();
    }

    private String flags() {
        return options.fastMath() ? FAST : STRICT;
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        return new TornadoProgram(Fusion.apply(graph.prune(probe::wants), probe::wants), weights, probe, this,
                choices);
    }

    @Override
    public long memoryFor(Planned planned) {
        return Needs.of(planned, choices).bytes() + 4 * latentRoom;
    }

    @Override
    public void reserve(List<Planned> graphs) {
        Needs each = Needs.NONE;
        Needs all = Needs.NONE;
        for (Planned p : graphs) {
            each = each.or(Needs.of(p, choices));
            all = all.and(Needs.of(p, choices));
        }
        arenas(each);
        Needs more = all.and(UNRESERVED);
        reserved = reserved.or(fits(more) ? more : fits(all) ? all : each);
    }

    @Override
    public long memoryAvailable() {
        return (long) (onto.getMaxGlobalMemory() * (1 - KEPT));
    }

    @Override
    public void reserveLatents(long elements) {
        latentRoom = elements;
    }

    @Override
    public LatentPool latents(Shape each, int count) {
        if (latents != null) {
            throw new IllegalStateException("one pool of latents at a time");
        }
        reserveLatents(count * each.elements());
        latents = new DeviceLatents(this, each, count);
        return latents;
    }

    /** The pool that is open; null if none is. */
    DeviceLatents latents() {
        return latents;
    }

    void closed(DeviceLatents pool) {
        if (latents == pool) {
            latents = null;
        }
    }

    /** There is always room for some latents, so that requests come and go without a new plan. */
    private long room() {
        return Math.max(latentRoom, Math.min(LEAST_LATENTS, Arenas.most(piece)));
    }

    boolean fits(Needs n) {
        Arenas a = Arenas.of(n, piece);
        return a != null && latentRoom <= Arenas.most(piece) && a.bytes() + 4 * room() <= memoryAvailable();
    }

    private Arenas arenas(Needs n) {
        if (!fits(n)) {
            throw new BackendException("too little memory on the GPU: " + (n.values() >> 18) + " MB for values and "
                    + (n.bytes() - 4 * n.values() >> 20) + " MB for weights are needed; it has "
                    + (memoryAvailable() >> 20) + " MB, at most " + (piece >> 20)
                    + " MB in one piece; a smaller --size, a smaller --batch, weights in float16 or --backend cpu helps");
        }
        return Arenas.of(n, piece);
    }

    /**
     * Makes room for a program.
     *
     * @param epoch
     *            of {@link Residents} when its weights were brought; they need no room while it is the same
     */
    void prepare(Needs n, int epoch) {
        if (device != null && holds(epoch == residents.epoch()
                ? Needs.NONE.withValues(n.values())
                : residents.used().and(n))) {
            return;
        }
        Needs wanted = capacity.or(reserved).or(n);
        Needs both = wanted.or(residents.used().and(n));
        open(fits(both) ? both : fits(wanted) ? wanted : n);
    }

    private boolean holds(Needs n) {
        return latentRoom <= latentCapacity && capacity.covers(n);
    }

    private void open(Needs n) {
        Arenas arenas = arenas(n);
        if (device != null && holds(n)) {
            residents.reset(device); // the weights of others make room
            return;
        }
        closeDevice();
        device = new Device(onto, arenas, room(), choices, flags(), options.progress());
        capacity = n;
        latentCapacity = room();
        residents.reset(device);
    }

    /** Notes which program runs now; the inputs of the one before are lost if it is another. */
    void runs(TornadoProgram p) {
        if (running != null && running != p) {
            running.forgetInputs();
        }
        running = p;
    }

    Device device() {
        return device;
    }

    Choices choices() {
        return choices;
    }

    Residents residents() {
        return residents;
    }

    private void closeDevice() {
        if (device != null) {
            Device old = device;
            if (latents != null) {
                latents.save(old);
            }
            device = null;
            capacity = Needs.NONE;
            old.close();
        }
    }

    @Override
    public void close() {
        closeDevice();
    }
}
