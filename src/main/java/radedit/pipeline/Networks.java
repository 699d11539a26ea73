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
import java.util.stream.Stream;

import radedit.diffusion.Ddim;
import radedit.exec.Backend;
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
    private record Key(Part part, String what, int batch, int height, int width) {}

    final UNetConfig unet;
    final VaeConfig vae;
    final Ddim.Config scheduler;
    final Backend backend;
    final TextEncoder text;
    /** Rows of the picture that the VAE works on at a time; 0 for all. */
    final int vaeTile;
    private final MemoryCheck memory;
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
        this.vaeTile = options.vaeTile();
        this.memory = new MemoryCheck(backend, new Graphs(), options.batch(), vaeTile);
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
        Requests.check(pixels > 0 && pixels % factor == 0 && pixels <= RadEdit.Options.LARGEST,
                "--size must be a multiple of "
                        + factor + " from " + factor + " to " + RadEdit.Options.LARGEST + ", not " + pixels);
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

    /**
     * Puts into the settings of a result what its texts lost: {@code unknown_words}, and as {@code dropped_tokens} how many
     * tokens of a prompt did not fit, by the prompt.
     *
     * @param prompts
     *            those that {@link #context} was asked for
     * @param others
     *            texts that are compared with films, of which none is cut
     */
    void recordTexts(Map<String, Object> settings, List<String> prompts, List<String> others) {
        text.warnings().record(settings, Stream.concat(prompts.stream(), others.stream()).toList());
        Map<String, Integer> dropped = new LinkedHashMap<>();
        for (String p : prompts) {
            int lost = text.tokens(p).dropped();
            if (lost > 0) {
                dropped.put(p, lost);
            }
        }
        if (!dropped.isEmpty()) {
            settings.put("dropped_tokens", dropped);
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
     * The UNet for latents of this size. Larger batches are seen in parts; no result depends on it.
     *
     * @param batch
     *            latents that it sees at once
     * @param latents
     *            that are live at once
     */
    UNetPredictor predictor(int side, int batch, int latents) {
        return new UNetPredictor(backend.latents(latentShape(1, side), latents), batch,
                n -> program(new Key(Part.UNET, "", n, side, side), () -> unetGraph(n, side, side)));
    }

    private Graph unetGraph(int batch, int height, int width) {
        return UNet.graph(unet, batch, height, width, WordPiece.LENGTH);
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

    /** Finds out before the work whether it fits into memory. */
    MemoryCheck memory() {
        return memory;
    }

    /** The graphs whose memory is looked at. */
    private final class Graphs implements MemoryCheck.Graphs {
        @Override
        public Planned unet(int batch, int side) {
            return new Planned(unetGraph(batch, side, side), stores.get(Part.UNET));
        }

        @Override
        public Graph decoder(int side) {
            return Vae.decoder(vae, 1, side, side);
        }

        @Override
        public Graph encoder(int side) {
            return Vae.encoder(vae, 1, side * scale(), side * scale());
        }

        @Override
        public Planned vae(Graph g) {
            return new Planned(g, stores.get(Part.VAE));
        }

        @Override
        public Shape latent(int side) {
            return latentShape(1, side);
        }

        @Override
        public int scale() {
            return vae.scaleFactor();
        }
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
