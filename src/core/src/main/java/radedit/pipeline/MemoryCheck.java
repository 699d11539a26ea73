package radedit.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.HostMemory;
import radedit.exec.LiveData;
import radedit.exec.PlannedGraph;
import radedit.exec.StripedProgram;
import radedit.graph.Graph;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.tensor.Shape;

/**
 * Determines before the work whether a request fits in memory, and which settings would fit if it does not. Both come
 * from {@link Backend#fits}, so that what is proposed is not refused in turn.
 */
final class MemoryCheck {
    /**
     * The memory demand of a request.
     *
     * @param usefulBatch
     *            latents that could be in one batch of the UNet
     * @param perStep
     *            latents that every step of sampling runs the UNet on
     * @param latents
     *            peak number of live latents, as a function of the UNet's batch
     * @param pictures
     *            number of pictures that are decoded
     * @param encode
     *            whether a film is encoded
     * @param attended
     *            latents for which the host keeps the results of cross-attention, as a function of the UNet's batch
     */
    record Demand(int usefulBatch, int perStep, IntUnaryOperator latents, int pictures, boolean encode,
            IntUnaryOperator attended) {
        /** {@return the demand of requests whose steps are done together} */
        static Demand together(List<Demand> all) {
            int perStep = all.stream().mapToInt(Demand::perStep).sum();
            return new Demand(Math.max(perStep, all.stream().mapToInt(Demand::usefulBatch).max().orElseThrow()),
                    perStep,
                    n -> all.stream().mapToInt(d -> d.latents.applyAsInt(n)).sum(),
                    all.stream().mapToInt(Demand::pictures).sum(), all.stream().anyMatch(Demand::encode),
                    n -> all.stream().mapToInt(d -> d.attended.applyAsInt(n)).sum());
        }
    }

    /** The graphs of a model's networks and the weights they run on. */
    interface Graphs {
        PlannedGraph unet(int batch, int side);

        /** The UNet for the branches of one latent, which hands out the results of cross-attention. */
        PlannedGraph attending(int batch, int side);

        Graph decoder(int side);

        Graph encoder(int side);

        /** A graph of the VAE and its weights. */
        PlannedGraph vae(Graph g);

        Shape latent(int side);

        /** {@return pixels of the picture per latent pixel, in each direction} */
        int scale();
    }

    /** Largest batch chosen beyond what a step needs: the gain is small, and progress would be reported too rarely. */
    private static final int MAX_AUTOMATIC_BATCH = 4;
    /** Largest batch chosen for what a step needs; no larger one has been measured. */
    private static final int MAX_BATCH_OF_STEP = 8;
    /** Heights of strips that are proposed where the VAE does not fit, the fastest first. */
    private static final int[] TILES = {64, 32, 16, 8};

    private final Backend backend;
    private final Graphs graphs;
    private final int maxBatch;
    private final int vaeTile;

    /**
     * @param maxBatch
     *            largest batch of the UNet; 0 to choose by the memory
     * @param vaeTile
     *            rows of the picture that the VAE processes at a time; 0 for all
     */
    MemoryCheck(Backend backend, Graphs graphs, int maxBatch, int vaeTile) {
        this.backend = backend;
        this.graphs = graphs;
        this.maxBatch = maxBatch;
        this.vaeTile = vaeTile;
    }

    /** Graphs by their names in messages, and what is live while they run. */
    private record Workload(Map<String, List<PlannedGraph>> networks, LiveData live) {
        List<PlannedGraph> all() {
            return networks.values().stream().flatMap(List::stream).toList();
        }
    }

    /**
     * Chooses the batch of a request, or of several that are sampled together, and reserves the memory.
     *
     * @param listeners
     *            are told what is needed and available
     * @return latents per run of the UNet
     * @throws BackendException
     *             if it does not fit; the message proposes settings that do
     */
    int require(int side, Demand d, List<Listener> listeners) {
        int batch = batch(side, d);
        Workload w = workload(side, batch, vaeTile, d);
        long needed = w.all().stream().mapToLong(this::bytes).max().orElseThrow();
        long available = backend.memoryAvailable();
        listeners.forEach(l -> l.memory(needed, available));
        if (!fits(w)) {
            throw new BackendException(Message.of("too little memory: ", shortage(w), "; ", alternative(side, d)));
        }
        backend.reserve(w.all(), w.live);
        return batch;
    }

    /** {@return how many of these requests, from the first on, fit in memory together; at least 1} */
    int together(int side, List<Demand> all) {
        int n = all.size();
        while (n > 1 && !fits(side, vaeTile, Demand.together(all.subList(0, n)))) {
            n--;
        }
        return n;
    }

    /** {@return latents per run of the UNet; no result depends on it} */
    private int batch(int side, Demand d) {
        int largest = Math.clamp(d.perStep, MAX_AUTOMATIC_BATCH, MAX_BATCH_OF_STEP);
        int n = Math.min(d.usefulBatch, maxBatch > 0 ? maxBatch : largest);
        while (n > 1 && !fitsInHalf(graphs.unet(n, side), new LiveData(latents(side, n, d), 0))) {
            n--;
        }
        return Math.max(1, n);
    }

    /** {@return whether a graph fits and takes no more than half the memory} */
    private boolean fitsInHalf(PlannedGraph p, LiveData live) {
        return bytes(p) <= backend.memoryAvailable() / 2 && fits(List.of(p), live);
    }

    private long latents(int side, int batch, Demand d) {
        return d.latents.applyAsInt(batch) * graphs.latent(side).elements();
    }

    private Workload workload(int side, int batch, int tile, Demand d) {
        Map<String, List<PlannedGraph>> all = new LinkedHashMap<>();
        all.put("the UNet at batch " + batch, List.of(graphs.unet(batch, side)));
        long attended = d.attended.applyAsInt(batch);
        long sampling = 0;
        if (attended > 0) {
            int branches = Math.min(batch, GatedPredictor.BRANCHES);
            PlannedGraph attending = graphs.attending(branches, side);
            all.put("the UNet that hands out cross-attention", List.of(attending));
            sampling = Double.BYTES * (latents(side, batch, d) + attended
                    * attending.graph().outputs().values().stream().mapToLong(v -> v.shape().elements()).sum()
                    / branches);
        }
        Graph decoder = graphs.decoder(side);
        all.put("the VAE's decoder", planned(decoder, tile));
        long strips = hostBytes(decoder, tile);
        if (d.encode) {
            Graph encoder = graphs.encoder(side);
            all.put("the VAE's encoder", planned(encoder, tile));
            strips = Math.max(strips, hostBytes(encoder, tile));
        }
        long pixels = (long) side * graphs.scale() * side * graphs.scale();
        // Three channels in float64: the finished pictures, plus two in progress or the tensor they are joined in.
        long pictures = Math.max(d.pictures + 2, 2 * d.pictures) * 3L * Double.BYTES * pixels;
        return new Workload(all, new LiveData(latents(side, batch, d), Math.max(sampling, strips + pictures)));
    }

    private List<PlannedGraph> planned(Graph g, int tile) {
        return tile == 0 ? List.of(graphs.vae(g)) : StripedProgram.planned(g, graphs.vae(g).weights(), tile);
    }

    private static long hostBytes(Graph g, int tile) {
        return tile == 0 ? 0 : StripedProgram.hostBytes(g, tile);
    }

    private boolean fits(Workload w) {
        return fits(w.all(), w.live);
    }

    private boolean fits(List<PlannedGraph> graphs, LiveData live) {
        try {
            return backend.fits(graphs, live);
        } catch (BackendException | ArithmeticException e) {
            return false; // more than can be addressed
        }
    }

    private boolean fits(int side, int tile, Demand d) {
        return fits(workload(side, batch(side, d), tile, d));
    }

    /** {@return the bytes needed; Long.MAX_VALUE where they cannot be addressed} */
    private long bytes(PlannedGraph p) {
        try {
            return backend.memoryFor(p);
        } catch (BackendException | ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** {@return what does not fit, how much it needs and how much is available} */
    private String shortage(Workload w) {
        LiveData sampling = new LiveData(w.live.latentElements(), 0);
        for (Map.Entry<String, List<PlannedGraph>> e : w.networks.entrySet()) {
            if (!fits(e.getValue(), sampling)) {
                long most = e.getValue().stream().mapToLong(this::bytes).max().orElseThrow();
                return e.getKey() + " needs "
                        + (most == Long.MAX_VALUE ? "more than can be addressed" : (most >> 20) + " MB")
                        + " and latents " + (Float.BYTES * sampling.latentElements() >> 20) + " MB; "
                        + backend.describeMemory()
                        + " are available";
            }
        }
        return "pictures and what steps share need " + (w.live.hostBytes() >> 20)
                + " MB of the heap next to the networks; "
                + (HostMemory.available() >> 20) + " MB are available there";
    }

    /** {@return what fits: the VAE in strips, or a smaller size} */
    private Message alternative(int side, Demand d) {
        for (int tile : TILES) {
            if (isSmallerTile(tile) && fits(side, tile, d)) {
                return Message.of(Setting.VAE_TILE, " ", tile, " fits");
            }
        }
        int unstriped = largest(side, s -> fits(s, vaeTile, d));
        if (unstriped > 0) {
            return Message.of(Setting.SIZE, " ", unstriped * graphs.scale(), " fits");
        }
        for (int tile : TILES) {
            int striped = isSmallerTile(tile) ? largest(side, s -> fits(s, tile, d)) : 0;
            if (striped > 0) {
                return Message.of(Setting.SIZE, " ", striped * graphs.scale(), " ", Setting.VAE_TILE, " ", tile,
                        " fits");
            }
        }
        return Message.of("no size fits, more memory is needed");
    }

    private boolean isSmallerTile(int tile) {
        return vaeTile == 0 || tile < vaeTile;
    }

    /** {@return the largest side below this one that fits; 0 if none does} */
    private static int largest(int side, IntPredicate fits) {
        int below = 0;
        int above = side;
        while (above - below > 1) {
            int s = (below + above) >>> 1;
            if (fits.test(s)) {
                below = s;
            } else {
                above = s;
            }
        }
        return below;
    }
}
