package radedit.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.PlannedGraph;
import radedit.exec.Program;
import radedit.graph.Probe;
import radedit.message.Message;
import radedit.model.BioVilImage;
import radedit.model.BioVilImageConfig;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.InertTensors;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/** The image encoder of a model: embeds films, or pairs of films, in the space shared with texts. */
final class ImageEncoder implements AutoCloseable {
    /** Films per run; larger batches are no faster. */
    private static final int BATCH = 4;

    /**
     * The embedding of a film.
     *
     * @param global
     *            [joint], of length 1
     * @param patches
     *            [joint, grid, grid], each patch of length 1
     */
    record Embedding(double[] global, Tensor patches) {}

    private record Key(int batch, boolean pair) {}

    private final BioVilImageConfig config;
    private final WeightStore weights;
    private final Backend backend;
    private final Map<Key, Program> programs = new HashMap<>();

    /**
     * @param listener
     *            receives warnings of unexpected weights
     * @throws WeightsException
     *             if the part is missing or damaged; the message says how to get it
     */
    ImageEncoder(ModelFolder model, Backend backend, Listener listener) {
        this.backend = backend;
        Path folder = folder(model);
        this.config = BioVilImageConfig.read(folder);
        this.weights = WeightStore.open(folder);
        try {
            weights.verify(BioVilImage.weights(config), BioVilImage::isOptional, InertTensors::contains)
                    .forEach(listener::warning);
            backend.announce(List.of(planned(new Key(1, false)), planned(new Key(1, true))));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Path folder(ModelFolder model) {
        try {
            return model.get(Part.IMAGE_ENCODER);
        } catch (WeightsException e) {
            throw new WeightsException(Message.of(Message.saidBy(e),
                    "\nwithout it films cannot be compared with texts; it is published with BioViL-T as a pickle, which"
                            + " 'radedit weights convert FILE.pt DIR/image_encoder' converts"),
                    e);
        }
    }

    /** {@return how a film of this size is fitted to the encoder's input} */
    Fit fit(int width, int height) {
        return new Fit(width, height, config.resize(), config.imageSize());
    }

    List<Path> files() {
        return weights.files();
    }

    int jointFeatures() {
        return config.jointFeatures();
    }

    /**
     * {@return the embedding of each film}
     *
     * @param films
     *            [b, 3, s, s] in 0..1
     * @param previous
     *            earlier films of the same shape, or null
     */
    List<Embedding> embed(Tensor films, @Nullable Tensor previous) {
        List<Embedding> all = new ArrayList<>();
        int batch = batch(films.shape().dim(0), previous != null);
        for (int from = 0; from < films.shape().dim(0); from += batch) {
            int to = Math.min(from + batch, films.shape().dim(0));
            Map<String, Tensor> inputs = new HashMap<>(Map.of("image", films.slice(from, to)));
            if (previous != null) {
                inputs.put("previous", previous.slice(from, to));
            }
            Map<String, Tensor> out = program(new Key(to - from, previous != null)).run(inputs);
            for (int i = 0; i < to - from; i++) {
                Tensor patches = Program.output(out, "patches").slice(i, i + 1);
                all.add(new Embedding(Program.output(out, "projected").slice(i, i + 1).data(),
                        patches.reshape(Shape.of(config.jointFeatures(), config.grid(), config.grid()))));
            }
        }
        return all;
    }

    /** {@return how many films fit in memory at once; no result depends on it} */
    private int batch(int films, boolean pair) {
        int n = Math.min(BATCH, films);
        while (n > 1 && !backend.fits(List.of(planned(new Key(n, pair))))) {
            n--;
        }
        return n;
    }

    private PlannedGraph planned(Key k) {
        return new PlannedGraph(k.pair ? BioVilImage.pair(config, k.batch) : BioVilImage.single(config, k.batch),
                weights);
    }

    private Program program(Key key) {
        return programs.computeIfAbsent(key, k -> {
            PlannedGraph p = planned(k);
            if (!backend.fits(List.of(p))) {
                throw new BackendException("too little memory: the image encoder needs " + (backend.memoryFor(p) >> 20)
                        + " MB, " + backend.describeMemory() + " are available");
            }
            Program compiled = backend.compile(p.graph(), weights, Probe.NONE);
            weights.unload(); // compiling copied the convolutions' weights
            return compiled;
        });
    }

    @Override
    public void close() {
        weights.close();
    }
}
