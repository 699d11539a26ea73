package radedit.exec.tornado;

import java.util.List;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.Program;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.weights.WeightStore;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/**
 * Runs graphs on the device that TornadoVM finds.
 *
 * <p>
 * Both arrays on the device grow when something larger comes; the weights of several networks stay there side by side as
 * long as they fit, else they make room for one another.
 */
final class TornadoBackend implements Backend {
    /** What a device keeps for itself, as a part of its memory. */
    private static final double KEPT = 0.05;
    /** Lengths to begin with, in floats, so that small networks come and go without a new plan. */
    private static final Needs LEAST = new Needs(1 << 22, 1 << 22);

    /** Room for weights that come without being reserved, such as the text encoder's: 512 MB. */
    private static final Needs UNRESERVED = new Needs(0, 1 << 27);

    private final TornadoDevice onto;
    private final String flags;
    /** From how many tiles of 128 x 128 on they are used: enough to give every unit of the device one. */
    private final int tiles128;
    private final Residents residents = new Residents();
    private Needs capacity = Needs.NONE;
    private Needs reserved = LEAST;
    private Device device;

    /**
     * @param flags
     *            for the driver's compiler; null for strict arithmetic
     * @param tile
     *            side of the tiles that products are made of, 64 or 128; 0 to choose for each
     */
    TornadoBackend(TornadoDevice onto, String flags, int tile) {
        this.onto = onto;
        this.flags = flags;
        boolean small = tile == 64 || tile == 0 && onto.getDeviceType() == TornadoDeviceType.CPU;
        this.tiles128 = small
                ? Integer.MAX_VALUE
                : tile == 128 ? 0 : onto.getPhysicalDevice().getDeviceMaxComputeUnits();
    }

    @Override
    public String name() {
        return "tornado";
    }

    @Override
    public String describe() {
        return "float32, " + Runtimes.describe(onto) + ", " + Runtimes.version(onto) + ", kernels "
                + Kernels.fingerprint() + (flags == null ? "" : ", compiler flags " + flags);
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        return new TornadoProgram(Fusion.apply(graph.prune(probe::wants), probe::wants), weights, probe, this,
                tiles128);
    }

    @Override
    public long memoryFor(Graph graph) {
        return needs(graph).bytes();
    }

    private static Needs needs(Graph graph) {
        return Needs.of(Fusion.apply(graph.prune(n -> false), n -> false));
    }

    @Override
    public void reserve(List<Graph> graphs) {
        Needs each = Needs.NONE;
        Needs all = Needs.NONE;
        for (Graph g : graphs) {
            each = each.or(needs(g));
            all = all.and(needs(g));
        }
        require(each);
        Needs more = all.and(UNRESERVED);
        reserved = reserved.or(fits(more) ? more : fits(all) ? all : each);
    }

    @Override
    public long memoryAvailable() {
        return (long) (onto.getMaxGlobalMemory() * (1 - KEPT));
    }

    private boolean fits(Needs n) {
        return n.bytes() <= memoryAvailable() && 4 * Math.max(n.values(), n.weights()) <= onto.getMaxAllocMemory()
                && Math.max(n.values(), n.weights()) < Integer.MAX_VALUE;
    }

    private void require(Needs n) {
        if (!fits(n)) {
            throw new BackendException("too little memory on the GPU: " + (n.values() >> 18) + " MB for values and "
                    + (n.weights() >> 18) + " MB for weights are needed; it has " + (memoryAvailable() >> 20)
                    + " MB, at most " + (onto.getMaxAllocMemory() >> 20)
                    + " MB in one piece; a smaller --size, a smaller --batch or --backend cpu helps");
        }
    }

    /**
     * Makes room for a program.
     *
     * @param epoch
     *            of {@link Residents} when its weights were brought; they need no room while it is the same
     */
    void prepare(Needs n, int epoch) {
        boolean bound = device != null && epoch == residents.epoch();
        boolean roomForValues = n.values() <= capacity.values();
        if (bound && roomForValues) {
            return;
        }
        if (device != null && roomForValues && residents.used() + n.weights() <= capacity.weights()) {
            return;
        }
        Needs wanted = capacity.or(reserved).or(n);
        Needs both = new Needs(wanted.values(), Math.max(wanted.weights(), residents.used() + n.weights()));
        open(fits(both) ? both : fits(wanted) ? wanted : n);
    }

    private void open(Needs n) {
        require(n);
        if (device != null && n.values() <= capacity.values() && n.weights() <= capacity.weights()) {
            residents.reset(device); // the weights of others make room
            return;
        }
        closeDevice();
        device = new Device(onto, n.values(), n.weights(), flags);
        capacity = n;
        residents.reset(device);
    }

    Device device() {
        return device;
    }

    Residents residents() {
        return residents;
    }

    private void closeDevice() {
        if (device != null) {
            Device old = device;
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
