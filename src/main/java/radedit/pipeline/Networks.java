package radedit.pipeline;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import radedit.diffusion.Ddim;
import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.Planned;
import radedit.exec.Program;
import radedit.exec.StripedProgram;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.model.SchedulerConfig;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.Vae;
import radedit.model.VaeConfig;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.text.Encoding;
import radedit.text.WordPiece;
import radedit.weights.InertTensors;
import radedit.weights.ModelFolder;
import radedit.weights.ModelFolder.Part;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/** The networks of one model on one backend: their configurations, weights and compiled programs. */
final class Networks implements AutoCloseable {
    /** Rows of the strips that are proposed where the VAE does not fit. */
    private static final int SMALL_TILE = 64;

    private record Key(Part part, String what, int batch, int height, int width) {}

    final UNetConfig unet;
    final VaeConfig vae;
    final Ddim.Config scheduler;
    final Backend backend;
    final TextEncoder text;
    /** Rows of the picture that the VAE works on at a time; 0 for all. */
    final int vaeTile;
    private final int maxBatch;
    private final Map<Part, WeightStore> stores = new EnumMap<>(Part.class);
    private final Map<Key, Program> programs = new HashMap<>();
    private final Map<String, Tensor> contexts = new HashMap<>();

    /**
     * Reads configurations, maps weights and checks that they belong together.
     *
     * @param options
     *            how many latents the UNet and how many rows the VAE sees at once
     * @param listener
     *            hears of weights that are not quite as they are published
     */
    Networks(ModelFolder model, Backend backend, RadEdit.Options options, Listener listener) {
        this.backend = backend;
        this.maxBatch = options.batch();
        this.vaeTile = options.vaeTile();
        this.unet = UNetConfig.read(model.get(Part.UNET));
        this.vae = VaeConfig.read(model.get(Part.VAE));
        if (model.names(Part.SCHEDULER)) {
            model.get(Part.SCHEDULER);
        }
        this.scheduler = model.find(Part.SCHEDULER).map(Networks::scheduler).orElse(Ddim.Config.MODEL_CARD);
        this.text = new TextEncoder(model, backend, listener);
        try {
            check(model);
            open(model, Part.UNET, UNet.weights(unet), InertTensors::contains, listener);
            open(model, Part.VAE, Vae.weights(vae), name -> !Vae.isArchitecture(name), listener);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Ddim.Config scheduler(Path folder) {
        SchedulerConfig c = SchedulerConfig.read(folder);
        return new Ddim.Config(c.trainTimesteps(), c.betaStart(), c.betaEnd(),
                Ddim.BetaSchedule.valueOf(c.betaSchedule().toUpperCase(Locale.ROOT)),
                Ddim.Spacing.valueOf(c.spacing().toUpperCase(Locale.ROOT)), c.stepsOffset(),
                Ddim.Prediction.valueOf(c.predictionType().toUpperCase(Locale.ROOT)), c.setAlphaToOne(),
                c.clipRange());
    }

    private void check(ModelFolder model) {
        require(unet.inChannels() == vae.latentChannels() && unet.outChannels() == vae.latentChannels(),
                "the UNet works on " + unet.inChannels() + " latent channels, the VAE on " + vae.latentChannels(),
                model);
        require(unet.crossAttentionDim()[0] == text.hiddenSize(), "the UNet expects texts of "
                + unet.crossAttentionDim()[0] + " channels, the text encoder gives " + text.hiddenSize(), model);
        require(vae.inChannels() == 3 && vae.outChannels() == 3, "the VAE does not work on RGB pictures", model);
        require(text.maxTokens() >= WordPiece.LENGTH, "the text encoder takes " + text.maxTokens()
                + " tokens only, " + WordPiece.LENGTH + " are needed", model);
    }

    private static void require(boolean holds, String fault, ModelFolder model) {
        if (!holds) {
            throw new WeightsException(model + ": the parts do not fit together: " + fault);
        }
    }

    private void open(ModelFolder model, Part part, Map<String, Shape> demanded, Predicate<String> unused,
            Listener listener) {
        WeightStore store = WeightStore.open(model.get(part));
        stores.put(part, store);
        store.verify(demanded, name -> false, unused).forEach(listener::warning);
    }

    /** The weight files of each part. */
    Map<String, List<Path>> files() {
        Map<String, List<Path>> all = new LinkedHashMap<>();
        stores.forEach((part, store) -> all.put(part.folder(), store.files()));
        all.put(Part.TEXT_ENCODER.folder(), text.files());
        return all;
    }

    /** The side of the pictures the model was trained at. */
    int defaultSize() {
        return unet.sampleSize() * vae.scaleFactor();
    }

    /** The side of the latent for a picture of this size. */
    int latentSide(int size) {
        int pixels = size == 0 ? defaultSize() : size;
        int factor = vae.scaleFactor();
        Requests.check(pixels > 0 && pixels % factor == 0 && pixels <= 1 << 14,
                "--size must be a multiple of " + factor + " from " + factor + " to " + (1 << 14) + ", not " + pixels);
        return pixels / factor;
    }

    Shape latentShape(int batch, int side) {
        return Shape.of(batch, vae.latentChannels(), side, side);
    }

    /** The sampler with so many steps. */
    Ddim ddim(int steps) {
        try {
            return new Ddim(scheduler, steps);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    /** The embedding [1, tokens, channels] that the UNet attends to. */
    Tensor context(String prompt, Listener listener) {
        Encoding tokens = text.tokens(prompt);
        if (tokens.dropped() > 0) {
            listener.warning("the prompt is " + tokens.dropped() + " tokens too long; only the first "
                    + (WordPiece.LENGTH - 2) + " are used");
        }
        text.warnings().check(prompt, listener);
        return contexts.computeIfAbsent(prompt, p -> text.context(tokens));
    }

    /**
     * The UNet for latents of this size. Batches larger than the limit are seen in parts; no result depends on it.
     *
     * @param most
     *            latents that will be asked for at once
     * @param latents
     *            that there are at a time
     */
    UNetPredictor predictor(int side, int most, int latents) {
        return new UNetPredictor(backend.latents(latentShape(1, side), latents), batch(side, side, most),
                n -> program(new Key(Part.UNET, "", n, side, side), () -> unetGraph(n, side, side)));
    }

    private Graph unetGraph(int batch, int height, int width) {
        return UNet.graph(unet, batch, height, width, WordPiece.LENGTH);
    }

    /** How many latents the UNet can see at once. */
    int batch(int height, int width, int wanted) {
        // Beyond four the gain is small, and progress would come in leaps.
        int n = Math.min(wanted, maxBatch > 0 ? maxBatch : 4);
        while (n > 1 && memoryFor(planned(Part.UNET, unetGraph(n, height, width))) > backend.memoryAvailable() / 2) {
            n--;
        }
        return Math.max(1, n);
    }

    /**
     * Decodes latents as the sampler knows them, one after the other.
     *
     * @param ready
     *            is given the index of each and its picture [1, 3, h, w] in 0..1
     */
    void decode(Tensor latents, Listener listener, BiConsumer<Integer, Tensor> ready) {
        for (double v : latents.data()) {
            if (!Double.isFinite(v)) {
                throw new NotFiniteException(
                        "the result is not a finite number; guidance or weight is too large, or the"
                                + " model's weights or settings are damaged ('radedit weights verify' looks at them)");
            }
        }
        stores.get(Part.UNET).unload(); // the decoder needs the most memory of all; the two need not be in it together
        int n = latents.shape().dim(0);
        listener.progress("decoding", 0, n);
        for (int i = 0; i < n; i++) {
            Tensor image = decode(latents.slice(i, i + 1));
            listener.progress("decoding", i + 1, n);
            ready.accept(i, image);
        }
        stores.get(Part.VAE).unload();
    }

    /** Picture in 0..1 of a latent as the sampler knows it. */
    private Tensor decode(Tensor latent) {
        Tensor unscaled = latent.map(v -> v / vae.scalingFactor() + vae.shiftFactor());
        int h = latent.shape().dim(2);
        int w = latent.shape().dim(3);
        return vaeProgram(new Key(Part.VAE, "decoder", 1, h, w), () -> Vae.decoder(vae, 1, h, w))
                .run(Map.of("latent", unscaled)).get("image").map(v -> Math.clamp(v / 2 + 0.5, 0, 1));
    }

    /** Moments of the latent of a picture in -1..1. */
    Tensor encode(Tensor image) {
        int h = image.shape().dim(2);
        int w = image.shape().dim(3);
        Tensor moments = vaeProgram(new Key(Part.VAE, "encoder", 1, h, w), () -> Vae.encoder(vae, 1, h, w))
                .run(Map.of("image", image)).get("moments");
        stores.get(Part.VAE).unload();
        return moments;
    }

    /**
     * Finds out before the work whether it will fit.
     *
     * @param most
     *            latents that the UNet will be asked for at once
     * @param latents
     *            that there are at a time
     * @throws BackendException
     *             if not, naming the size that would
     */
    void requireMemory(int side, int most, int latents, boolean encode, Listener listener) {
        backend.reserveLatents(latents * latentShape(1, side).elements());
        int n = batch(side, side, most);
        Map<String, List<Planned>> graphs = graphs(side, side, n, encode, vaeTile);
        long needed = graphs.values().stream().mapToLong(this::memoryFor).max().orElseThrow();
        listener.memory(needed, backend.memoryAvailable());
        for (Map.Entry<String, List<Planned>> e : graphs.entrySet()) {
            if (!fits(e.getValue())) {
                throw new BackendException("too little memory: " + e.getKey() + " needs " + needed(e.getValue()) + ", "
                        + (backend.memoryAvailable() >> 20) + " MB are available; "
                        + wayOut(side, encode));
            }
        }
        backend.reserve(graphs.values().stream().flatMap(List::stream).toList());
    }

    private Map<String, List<Planned>> graphs(int height, int width, int batch, boolean encode, int tile) {
        Map<String, List<Planned>> all = new LinkedHashMap<>();
        all.put("the UNet at batch " + batch, List.of(planned(Part.UNET, unetGraph(batch, height, width))));
        all.put("the VAE's decoder", planned(Vae.decoder(vae, 1, height, width), tile));
        if (encode) {
            all.put("the VAE's encoder",
                    planned(Vae.encoder(vae, 1, height * vae.scaleFactor(), width * vae.scaleFactor()), tile));
        }
        return all;
    }

    private List<Planned> planned(Graph graph, int tile) {
        return tile == 0
                ? List.of(planned(Part.VAE, graph))
                : StripedProgram.planned(graph, stores.get(Part.VAE), tile);
    }

    private Planned planned(Part part, Graph graph) {
        return new Planned(graph, stores.get(part));
    }

    /** Bytes needed; more than there can be where the backend cannot even address them. */
    private long memoryFor(Planned p) {
        try {
            return backend.memoryFor(p);
        } catch (BackendException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The most that any of them needs. */
    private long memoryFor(List<Planned> all) {
        return all.stream().mapToLong(this::memoryFor).max().orElse(0);
    }

    private boolean fits(List<Planned> all) {
        return memoryFor(all) <= backend.memoryAvailable();
    }

    private boolean fits(int side, boolean encode, int tile) {
        return graphs(side, side, 1, encode, tile).values().stream().allMatch(this::fits);
    }

    private String needed(List<Planned> all) {
        long bytes = memoryFor(all);
        return bytes == Long.MAX_VALUE ? "more than the backend can address" : (bytes >> 20) + " MB";
    }

    /** What fits, each network by itself with one latent at a time: strips, or else a smaller size. */
    private String wayOut(int side, boolean encode) {
        if (fits(side, encode, vaeTile)) {
            return "--batch 1 fits";
        }
        if (vaeTile == 0 && fits(side, encode, SMALL_TILE)) {
            return "--batch 1 --vae-tile " + SMALL_TILE + " fits";
        }
        int below = 0;
        int above = side + 1;
        while (above - below > 1) {
            int s = (below + above) >>> 1;
            if (fits(s, encode, vaeTile)) {
                below = s;
            } else {
                above = s;
            }
        }
        return below == 0
                ? "no size fits; weights in float16 (weights convert --dtype f16), more memory or another --backend helps"
                : "--size " + below * vae.scaleFactor() + " --batch 1 fits, or more memory";
    }

    private Program vaeProgram(Key key, Supplier<Graph> graph) {
        return vaeTile == 0
                ? program(key, graph)
                : programs.computeIfAbsent(key,
                        k -> new StripedProgram(backend, graph.get(), stores.get(k.part), vaeTile));
    }

    private Program program(Key key, Supplier<Graph> graph) {
        return programs.computeIfAbsent(key, k -> backend.compile(graph.get(), stores.get(k.part), Probe.NONE));
    }

    @Override
    public void close() {
        stores.values().forEach(WeightStore::close);
        stores.clear();
        text.close();
    }
}
