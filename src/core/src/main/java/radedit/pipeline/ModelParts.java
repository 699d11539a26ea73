package radedit.pipeline;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.Ddim;
import radedit.diffusion.Sampler;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerConfig;
import radedit.exec.Backend;
import radedit.exec.PlannedGraph;
import radedit.graph.Graph;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.model.SchedulerConfig;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.UNetSections;
import radedit.model.Vae;
import radedit.model.VaeConfig;
import radedit.tensor.Shape;
import radedit.text.WordPiece;
import radedit.weights.InertTensors;
import radedit.weights.WeightStore;

/** The parts of one model: configurations, mapped weights, and the graphs built from them. */
final class ModelParts implements MemoryCheck.Graphs, AutoCloseable {
    final UNetConfig unet;
    final VaeConfig vae;
    final SchedulerConfig scheduler;
    final TextEncoder text;
    /** Whether the UNet is run in parts that are computed as rarely as possible. */
    final boolean reuse;
    /** Whether what depends on the timestep only is one of them. */
    final boolean timesApart;
    private final Map<String, String> settings;
    private final Map<Part, WeightStore> stores = new EnumMap<>(Part.class);

    /**
     * Reads configurations, maps weights and checks that the parts belong together.
     *
     * @param backend
     *            runs the text encoder
     * @param reuse
     *            whether the UNet computes once what does not depend on the step
     * @param listener
     *            receives warnings of unexpected weights
     */
    ModelParts(ModelFolder model, Backend backend, boolean reuse, Listener listener) {
        this.reuse = reuse;
        this.timesApart = reuse && backend.onHost();
        this.unet = UNetConfig.read(model.get(Part.UNET));
        this.vae = VaeConfig.read(model.get(Part.VAE));
        this.scheduler = ModelSettings.scheduler(model);
        this.text = new TextEncoder(model, backend, listener);
        this.settings = ModelSettings.hashes(model);
        try {
            ModelSettings.checkFit(model, unet, vae, text.config());
            open(model, Part.UNET, UNet.weights(unet), InertTensors::contains, listener);
            open(model, Part.VAE, Vae.weights(vae), name -> !Vae.indicatesOtherArchitecture(name), listener);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(ModelFolder model, Part part, Map<String, Shape> demanded, Predicate<String> unused,
            Listener listener) {
        WeightStore store = WeightStore.open(model.get(part));
        stores.put(part, store);
        store.verify(demanded, name -> false, unused).forEach(listener::warning);
    }

    /** {@return the weight files of each part} */
    Map<String, List<Path>> files() {
        Map<String, List<Path>> all = new LinkedHashMap<>();
        stores.forEach((part, store) -> all.put(part.folder(), store.files()));
        all.put(Part.TEXT_ENCODER.folder(), text.files());
        return all;
    }

    /** {@return the hash of each part's settings, which are its files in JSON and its vocabulary, by the part's folder} */
    Map<String, String> settings() {
        return settings;
    }

    /** {@return the side, in pixels, of the pictures that the model was trained on} */
    int defaultSize() {
        return unet.sampleSize() * vae.scaleFactor();
    }

    /**
     * {@return the side of the latent for a picture of this size; 0 for the default size}
     *
     * @throws InvalidRequestException
     *             if the size is not a multiple of the VAE's scale factor, or too large
     */
    int latentSide(int size) {
        int pixels = size == 0 ? defaultSize() : size;
        int factor = vae.scaleFactor();
        RequestChecks.check(pixels > 0 && pixels % factor == 0 && pixels <= RunOptions.MAX_SIDE,
                Setting.SIZE, " must be a multiple of ", factor, " from ", factor, " to ", RunOptions.MAX_SIDE,
                ", not ",
                pixels);
        return pixels / factor;
    }

    Shape latentShape(int batch, int side) {
        return Shape.of(batch, vae.latentChannels(), side, side);
    }

    /**
     * {@return the sampler of edits with this number of steps}
     *
     * @throws InvalidRequestException
     *             if the number is out of range
     */
    Ddim ddim(int steps) {
        return (Ddim) sampler(scheduler.ddim(), steps);
    }

    /**
     * {@return the settings of a sampler}
     *
     * @throws InvalidRequestException
     *             if parts of the choice exclude each other
     */
    SamplerConfig sampler(SamplerChoice choice) {
        try {
            return scheduler.chosen(choice);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(Message.saidBy(e));
        }
    }

    /**
     * {@return a sampler with this number of steps}
     *
     * @throws InvalidRequestException
     *             if the number is out of range
     */
    Sampler sampler(SamplerConfig config, int steps) {
        try {
            return config.sampler(steps);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(Message.saidBy(e));
        }
    }

    /** {@return the mapped weights of the UNet or the VAE} */
    WeightStore weights(Part part) {
        WeightStore store = stores.get(part);
        if (store == null) {
            throw new IllegalStateException("the weights of the " + part.folder() + " are not open");
        }
        return store;
    }

    /**
     * {@return the graphs of a part that a request runs, at the size the model was trained at}
     *
     * @throws InvalidRequestException
     *             if requests run none
     */
    List<Graph> graphs(Part part) {
        return switch (part) {
            case UNET -> List.of(wholeUnet(1, unet.sampleSize()));
            case VAE -> List.of(encoder(unet.sampleSize()), decoder(unet.sampleSize()));
            case TEXT_ENCODER -> List.of(text.contextGraph());
            default ->
                    throw new InvalidRequestException("no network of the " + part.folder() + " computes the picture");
        };
    }

    /** {@return the whole UNet} */
    Graph wholeUnet(int batch, int side) {
        return UNet.graph(unet, batch, side, side, WordPiece.LENGTH);
    }

    @Override
    public PlannedGraph unet(int batch, int side) {
        return unet(batch, side, 1);
    }

    /**
     * {@return what of the UNet is run at every step}
     *
     * @param group
     *            neighbours in the batch that differ in their texts only
     */
    PlannedGraph unet(int batch, int side, int group) {
        Graph whole = wholeUnet(batch, side);
        return new PlannedGraph(reuse ? UNetSections.rest(whole, timesApart, group) : whole, weights(Part.UNET));
    }

    @Override
    public PlannedGraph attending(int batch, int side) {
        PlannedGraph rest = unet(batch, side, batch);
        return new PlannedGraph(UNetSections.cached(rest.graph(), UNetSections.Cached.CROSS_ATTENTION).whole(),
                rest.weights());
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
    public PlannedGraph vae(Graph g) {
        return new PlannedGraph(g, weights(Part.VAE));
    }

    @Override
    public Shape latent(int side) {
        return latentShape(1, side);
    }

    @Override
    public int scale() {
        return vae.scaleFactor();
    }

    @Override
    public void close() {
        stores.values().forEach(WeightStore::close);
        stores.clear();
        text.close();
    }
}
