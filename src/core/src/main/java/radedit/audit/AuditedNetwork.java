package radedit.audit;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.model.BioVilImage;
import radedit.model.BioVilImageConfig;
import radedit.model.CxrBert;
import radedit.model.CxrBertConfig;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.Vae;
import radedit.model.VaeConfig;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightHashes;
import radedit.weights.WeightStore;

/**
 * Runs one network of a model on tensors given by name, and returns its results by name for comparison with those of
 * another program.
 */
public enum AuditedNetwork {
    /** The UNet: sample [b, 4, h, w], timestep [b] and encoder_hidden_states [b, l, c] to eps [b, 4, h, w]. */
    UNET("unet", ModelFolder.Part.UNET, List.of(UNet.SAMPLE, UNet.TIMESTEP, UNet.CONTEXT)) {
        @Override
        Map<String, Tensor> run(Context c) {
            Shape s = c.input(UNet.SAMPLE).shape();
            Shape context = c.input(UNet.CONTEXT).shape();
            c.rank(UNet.SAMPLE, 4);
            c.rank(UNet.CONTEXT, 3);
            UNetConfig config = UNetConfig.read(c.folder());
            return c.run(UNet.graph(config, s.dim(0), s.dim(2), s.dim(3), context.dim(1)));
        }
    },
    /** The VAE's encoder: image [b, 3, 8 h, 8 w] in -1..1 to mean and logvar [b, 4, h, w]. */
    VAE_ENCODER("vae-encoder", ModelFolder.Part.VAE, List.of("image")) {
        @Override
        Map<String, Tensor> run(Context c) {
            c.rank("image", 4);
            Shape s = c.input("image").shape();
            VaeConfig config = VaeConfig.read(c.folder());
            Tensor moments = Program.output(c.run(Vae.encoder(config, s.dim(0), s.dim(2), s.dim(3))), "moments");
            Map<String, Tensor> out = new LinkedHashMap<>();
            out.put("mean", Vae.mean(moments));
            out.put("logvar", Vae.logvar(moments));
            return out;
        }
    },
    /**
     * The VAE's decoder: latent [b, 4, h, w], divided by the scaling factor, to image [b, 3, 8 h, 8 w], not clamped.
     */
    VAE_DECODER("vae-decoder", ModelFolder.Part.VAE, List.of("latent")) {
        @Override
        Map<String, Tensor> run(Context c) {
            c.rank("latent", 4);
            Shape s = c.input("latent").shape();
            return c.run(Vae.decoder(VaeConfig.read(c.folder()), s.dim(0), s.dim(2), s.dim(3)));
        }
    },
    /**
     * The text encoder: input_ids [b, l] and attention_mask [b, l] to last_hidden_state [b, l, c], for which the mask
     * is not used, and projected [b, p], for which it is.
     */
    TEXT_ENCODER("text-encoder", ModelFolder.Part.TEXT_ENCODER, List.of("input_ids", "attention_mask")) {
        @Override
        Map<String, Tensor> run(Context c) {
            c.rank("input_ids", 2);
            Shape s = c.input("input_ids").shape();
            CxrBertConfig config = CxrBertConfig.read(c.folder());
            Map<String, Tensor> out = new LinkedHashMap<>(c.run(CxrBert.hiddenStates(config, s.dim(0), s.dim(1))));
            out.putAll(c.unobserved().run(CxrBert.projected(config, s.dim(0), s.dim(1))));
            return out;
        }
    },
    /**
     * The image encoder: image [b, 3, s, s] in 0..1, and previous of the same shape for pairs, to projected [b, p] and
     * patches [b, p, s / 32, s / 32].
     */
    IMAGE_ENCODER("image-encoder", ModelFolder.Part.IMAGE_ENCODER, List.of("image", "previous")) {
        @Override
        Map<String, Tensor> run(Context c) {
            c.rank("image", 4);
            int batch = c.input("image").shape().dim(0);
            BioVilImageConfig config = BioVilImageConfig.read(c.folder());
            return c.run(c.given().containsKey("previous")
                    ? BioVilImage.pair(config, batch)
                    : BioVilImage.single(config, batch));
        }
    };

    private final String label;
    private final ModelFolder.Part part;
    @SuppressWarnings("ImmutableEnumChecker") // from List.of
    private final List<String> inputs;

    AuditedNetwork(String label, ModelFolder.Part part, List<String> inputs) {
        this.label = label;
        this.part = part;
        this.inputs = inputs;
    }

    /** {@return the name on the command line} */
    public String label() {
        return label;
    }

    /** {@return the names of its input tensors} */
    public List<String> inputs() {
        return inputs;
    }

    /** {@return all names on the command line} */
    public static List<String> labels() {
        return Arrays.stream(values()).map(AuditedNetwork::label).toList();
    }

    /**
     * {@return the part with a name}
     *
     * @param label
     *            name on the command line
     * @throws IllegalArgumentException
     *             if there is none
     */
    public static AuditedNetwork of(String label) {
        return Arrays.stream(values()).filter(p -> p.label.equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part '" + label + "' (there are: "
                        + labels().stream().collect(Collectors.joining(", ")) + ")"));
    }

    @SuppressWarnings("ExposedPrivateType") // only this class has and calls it
    abstract Map<String, Tensor> run(Context c);

    /** A way to run graphs on given tensors. */
    @FunctionalInterface
    public interface Runner {
        /**
         * Runs a graph.
         *
         * @param graph
         *            the graph
         * @param store
         *            its weights
         * @param given
         *            its inputs, by name
         * @return its outputs, by name
         */
        Map<String, Tensor> run(Graph graph, WeightStore store, Map<String, Tensor> given);

        /**
         * {@return the runner for graphs that repeat another one up to its last layers; a runner that observes values
         * need not observe them twice}
         */
        default Runner unobserved() {
            return this;
        }
    }

    /**
     * Runs the network once.
     *
     * @param model
     *            the model
     * @param backend
     *            where to run it
     * @param given
     *            its inputs, by name
     * @param probe
     *            observes or replaces its values
     * @return its outputs, by name
     * @throws IllegalArgumentException
     *             if an input is missing or has an impossible shape
     * @throws radedit.weights.WeightsException
     *             if weights are missing or invalid
     */
    public Map<String, Tensor> run(ModelFolder model, Backend backend, Map<String, Tensor> given, Probe probe) {
        return run(model, given, probed(backend, probe));
    }

    /**
     * Runs the network once, by a runner.
     *
     * @param model
     *            the model
     * @param given
     *            its inputs, by name
     * @param runner
     *            how to run its graphs
     * @return its outputs, by name
     * @throws IllegalArgumentException
     *             if an input is missing or has an impossible shape
     * @throws radedit.weights.WeightsException
     *             if weights are missing or invalid
     */
    public Map<String, Tensor> run(ModelFolder model, Map<String, Tensor> given, Runner runner) {
        try (WeightStore store = WeightStore.open(model.get(part))) {
            return run(new Context(store, runner, given));
        }
    }

    /**
     * {@return SHA-256 of the files of the network's weights, in hexadecimal, by the folder of the published layout}
     *
     * @param model
     *            the model
     * @throws radedit.weights.WeightsException
     *             if weights are missing or invalid
     * @throws java.io.UncheckedIOException
     *             if a file cannot be read
     */
    public Map<String, List<String>> weightsSha256(ModelFolder model) {
        try (WeightStore store = WeightStore.open(model.get(part))) {
            return Map.of(part.folder(), WeightHashes.of(store.files()));
        }
    }

    private static Runner probed(Backend backend, Probe probe) {
        return new Runner() {
            @Override
            public Map<String, Tensor> run(Graph graph, WeightStore store, Map<String, Tensor> given) {
                return backend.compile(graph, store, probe).run(given);
            }

            @Override
            public Runner unobserved() {
                return probed(backend, Probe.NONE);
            }
        };
    }

    /** The weights, runner and inputs of a run. */
    private record Context(WeightStore store, Runner runner, Map<String, Tensor> given) {
        Path folder() {
            return store.folder();
        }

        Context unobserved() {
            return new Context(store, runner.unobserved(), given);
        }

        Tensor input(String name) {
            Tensor t = given.get(name);
            if (t == null) {
                throw new IllegalArgumentException("tensor '" + name + "' is missing");
            }
            return t;
        }

        void rank(String name, int rank) {
            if (input(name).shape().rank() != rank || input(name).shape().elements() == 0) {
                throw new IllegalArgumentException(
                        "tensor '" + name + "' has shape " + input(name).shape() + "; " + rank + " axes are expected");
            }
        }

        Map<String, Tensor> run(Graph graph) {
            return runner.run(graph, store, given);
        }
    }
}
