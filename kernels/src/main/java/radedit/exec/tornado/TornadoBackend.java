package radedit.exec.tornado;

import java.util.List;
import java.util.Locale;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions.Progress;
import radedit.exec.HostMemory;
import radedit.exec.LatentPool;
import radedit.exec.LiveData;
import radedit.exec.PlannedGraph;
import radedit.exec.Program;
import radedit.exec.TornadoPlaceholder;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;

/**
 * Runs graphs on a device through TornadoVM. All backends of a process on one device share its arrays and kernels ({@link
 * DeviceContext}). Thread-safe: runs of programs and operations on latents are serialised.
 */
final class TornadoBackend implements Backend {
    private final DeviceContext context;
    private final TilePolicy policy;
    private final Progress progress;
    private final String identity;
    private final Reservation reservation = new Reservation();
    private boolean closed;

    /**
     * Call on the {@link DeviceThread}.
     *
     * @param progress
     *            receives the progress of compilation
     */
    TornadoBackend(DeviceContext context, TilePolicy policy, Progress progress) {
        this.context = context;
        this.policy = policy;
        this.progress = progress;
        this.identity = context.identity() + ", " + policy.tiles() + ", Winograd "
                + policy.winograd().name().toLowerCase(Locale.ROOT);
        context.add(this);
    }

    @Override
    public String name() {
        return TornadoPlaceholder.NAME;
    }

    @Override
    public String describe() {
        return DeviceThread.call(() -> {
            Device d = context.device();
            return identity + (d == null || closed
                    ? ""
                    : ", generated source "
                            + d.source(needs()));
        });
    }

    /** Device, versions, kernels, tile policy and compiler flags: everything that results depend on. */
    String identity() {
        return identity;
    }

    @Override
    public Program compile(Graph graph, WeightStore weights, Probe probe) {
        if (graph.nodes().stream().anyMatch(n -> probe.replaces(n.resultName()))) {
            throw new BackendException("the tornado backend does not replace values; the cpu backend does");
        }
        return DeviceThread.call(() -> {
            requireOpen();
            Graph fused = Fusion.apply(graph.prune(probe::wants), probe::wants);
            TornadoProgram p = new TornadoProgram(fused, weights, probe, this, policy);
            reservation.addFused(new PlannedGraph(fused, weights), policy, n -> probe.wants(n.resultName()));
            return p;
        });
    }

    @Override
    public long memoryFor(PlannedGraph planned) {
        return Footprint.of(planned, policy).bytes();
    }

    @Override
    public boolean fits(List<PlannedGraph> graphs, LiveData live) {
        return DeviceThread.call(() -> {
            long latents = live.latentElements() + context.latentsOfOthers(this);
            return HostMemory.canAllocate(live.hostBytes()) && graphs.stream().allMatch(p -> fits(p, latents));
        });
    }

    @Override
    public boolean fits(List<PlannedGraph> graphs) {
        return fits(graphs, new LiveData(reservation.latents(), 0));
    }

    private boolean fits(PlannedGraph p, long latents) {
        try {
            return context.fits(Footprint.of(p, policy).withLatents(latents));
        } catch (BackendException e) {
            return false; // more than can be addressed
        }
    }

    @Override
    public void announce(List<PlannedGraph> graphs) {
        DeviceThread.run(() -> graphs.forEach(p -> reservation.add(p, policy)));
    }

    @Override
    public void reserve(List<PlannedGraph> graphs, LiveData live) {
        DeviceThread.run(() -> {
            requireOpen();
            long latents = live.latentElements() + context.latentsOfOthers(this);
            graphs.forEach(p -> context.require(Footprint.of(p, policy).withLatents(latents)));
            graphs.forEach(p -> reservation.add(p, policy));
            reservation.latents(live.latentElements());
        });
    }

    @Override
    public long memoryAvailable() {
        return context.memoryAvailable();
    }

    @Override
    public String describeMemory() {
        return context.describeMemory();
    }

    @Override
    public boolean gainsFromBatches() {
        return true;
    }

    @Override
    public LatentPool latents(Shape each, int count) {
        return DeviceThread.call(() -> {
            requireOpen();
            reservation.latents(count * each.elements());
            return new DeviceLatents(this, each, count);
        });
    }

    DeviceContext context() {
        requireOpen();
        return context;
    }

    boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new BackendException("this tornado backend was closed; open another");
        }
    }

    TilePolicy policy() {
        return policy;
    }

    Progress progress() {
        return progress;
    }

    /** Device memory that its programs will need. */
    Reservation reservation() {
        return reservation;
    }

    /** What its networks, as far as they are known, need of the kernels. */
    KernelNeeds needs() {
        return reservation.needs(policy);
    }

    /** Compiles the kernels of all networks and compares them with the reference backend. */
    void test() {
        context.test(this, SelfTest.KERNELS);
    }

    /** Mean time of a minimal launch, in seconds. */
    double secondsACall() {
        return context.device().secondsACall();
    }

    @Override
    public void close() {
        DeviceThread.run(() -> {
            if (!closed) {
                closed = true;
                context.remove(this);
            }
        });
    }
}
