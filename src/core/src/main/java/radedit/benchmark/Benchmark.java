package radedit.benchmark;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Backend;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.model.BioVilImage;
import radedit.model.BioVilImageConfig;
import radedit.model.CxrBert;
import radedit.model.CxrBertConfig;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.Vae;
import radedit.model.VaeConfig;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.text.WordPiece;
import radedit.weights.WeightStore;

/** Times networks and whole requests on random inputs. Two warm-up runs, in which the JVM compiles, are not counted. */
public final class Benchmark implements AutoCloseable {
    /** What is timed. */
    public enum Target {
        /** One run of the UNet. */
        UNET,
        /** One run of the VAE's decoder. */
        VAE_DECODER,
        /** One run of the VAE's encoder. */
        VAE_ENCODER,
        /** One run of the text encoder. */
        TEXT_ENCODER,
        /** One run of the image encoder on single films. */
        IMAGE_ENCODER,
        /** A request for one picture. */
        GENERATE,
        /** A request to edit one film. */
        EDIT;

        /** {@return the name on the command line} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Sizes and number of runs.
     *
     * @param batch
     *            latents of the UNet, texts of the text encoder, films of the image encoder
     * @param size
     *            side of the picture in pixels; 0 for the model's own
     * @param runs
     *            number of timed runs, at least 1
     * @param steps
     *            steps of {@link Target#GENERATE} and {@link Target#EDIT}
     */
    public record Settings(int batch, int size, int runs, int steps) {}

    /**
     * Mean cost per run of the operations of one kind.
     *
     * @param kind
     *            kind of operation, such as self-attention
     * @param operations
     *            number of operations per run
     * @param seconds
     *            seconds per run
     * @param flops
     *            floating-point operations per run; 0 where they are not counted
     */
    public record OperationCost(String kind, int operations, double seconds, double flops) {}

    /**
     * The times of one network or request.
     *
     * @param target
     *            what was timed
     * @param seconds
     *            seconds of each run, ascending
     * @param flops
     *            floating-point operations of one run; 0 where they are not counted
     * @param costs
     *            shares of a network's operations, the longest first; empty for whole requests
     */
    public record Times(Target target, double[] seconds, double flops, List<OperationCost> costs) {
        /** {@return the median, in seconds; the upper one of an even number of runs} */
        public double median() {
            return seconds[seconds.length / 2];
        }

        /** {@return the shortest time, in seconds} */
        public double min() {
            return seconds[0];
        }
    }

    private static final int WARM_UP = 2;

    private final ModelFolder model;
    private final RunOptions options;
    private final Backend backend;

    /**
     * Opens the backend.
     *
     * @param model
     *            the model
     * @param options
     *            how the networks run
     * @param listener
     *            receives the progress of preparations
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public Benchmark(ModelFolder model, RunOptions options, Listener listener) {
        this.model = model;
        this.options = options;
        this.backend = options.open(listener);
    }

    /** {@return the backend and its device, on one line} */
    public String device() {
        return backend.label();
    }

    /**
     * Times one network or request.
     *
     * @param target
     *            what to time
     * @param s
     *            sizes and number of runs
     * @return its times
     * @throws InvalidRequestException
     *             if the size is not a multiple of the VAE's scale factor, or too large
     * @throws radedit.weights.WeightsException
     *             if parts of the model are missing or damaged
     * @throws radedit.exec.BackendException
     *             if there is too little memory
     */
    public Times run(Target target, Settings s) {
        if (target != Target.TEXT_ENCODER && target != Target.IMAGE_ENCODER && s.size != 0) {
            int factor = VaeConfig.read(model.get(Part.VAE)).scaleFactor();
            if (s.size % factor != 0 || s.size > RunOptions.MAX_SIDE) {
                throw new InvalidRequestException(Message.of(Setting.SIZE, " must be a multiple of ", factor, " up to ",
                        RunOptions.MAX_SIDE, ", not ", s.size));
            }
        }
        return switch (target) {
            case UNET -> {
                UNetConfig c = UNetConfig.read(model.get(Part.UNET));
                int side = s.size == 0 ? c.sampleSize() : s.size / VaeConfig.read(model.get(Part.VAE)).scaleFactor();
                yield network(target, Part.UNET, UNet.graph(c, s.batch, side, side, WordPiece.LENGTH), s.runs);
            }
            case VAE_DECODER -> {
                VaeConfig c = VaeConfig.read(model.get(Part.VAE));
                int side = pixels(s) / c.scaleFactor();
                yield network(target, Part.VAE, Vae.decoder(c, 1, side, side), s.runs);
            }
            case VAE_ENCODER -> network(target, Part.VAE,
                    Vae.encoder(VaeConfig.read(model.get(Part.VAE)), 1, pixels(s), pixels(s)), s.runs);
            case TEXT_ENCODER -> network(target, Part.TEXT_ENCODER, CxrBert.hiddenStates(
                    CxrBertConfig.read(model.get(Part.TEXT_ENCODER)), s.batch, WordPiece.LENGTH), s.runs);
            case IMAGE_ENCODER -> network(target, Part.IMAGE_ENCODER,
                    BioVilImage.single(BioVilImageConfig.read(model.get(Part.IMAGE_ENCODER)), s.batch), s.runs);
            case GENERATE, EDIT -> request(target, s);
        };
    }

    private int pixels(Settings s) {
        return s.size == 0
                ? UNetConfig.read(model.get(Part.UNET)).sampleSize()
                        * VaeConfig.read(model.get(Part.VAE)).scaleFactor()
                : s.size;
    }

    private Times network(Target target, Part part, Graph whole, int runs) {
        Graph graph = whole.prune(name -> false);
        try (WeightStore weights = WeightStore.open(model.get(part))) {
            Program program = backend.compile(graph, weights, Probe.NONE);
            Map<String, Tensor> inputs = new HashMap<>();
            Random r = new Random(1);
            for (Node n : graph.inputs()) {
                Shape in = n.shape();
                Shape outside = in.rank() == 4 ? Shape.of(in.dim(0), in.dim(3), in.dim(1), in.dim(2)) : in;
                inputs.put(n.name(), Tensor.zeros(outside).map(v -> switch (n.name()) {
                    case "timestep" -> 401;
                    case "input_ids" -> r.nextInt(500);
                    default -> r.nextGaussian();
                }));
            }
            Map<String, double[]> kinds = new TreeMap<>(); // operations, seconds, flops
            boolean[] counting = {false};
            double[] seconds = time(runs, counting, () -> program.run(inputs, (node, nanos) -> {
                double[] sums = kinds.computeIfAbsent(kind(node), k -> new double[3]);
                if (counting[0]) {
                    sums[0]++;
                    sums[1] += nanos / 1e9;
                    sums[2] += node.flops();
                }
            }));
            List<OperationCost> costs = kinds.entrySet().stream()
                    .map(e -> new OperationCost(e.getKey(), (int) Math.round(e.getValue()[0] / runs),
                            e.getValue()[1] / runs,
                            e.getValue()[2] / runs))
                    .filter(share -> share.seconds > 0)
                    .sorted(Comparator.comparingDouble(OperationCost::seconds).reversed()).toList();
            return new Times(target, seconds, graph.flops(), costs);
        }
    }

    private Times request(Target target, Settings s) {
        int n = pixels(s);
        byte[] film = new byte[n * n];
        boolean[] mask = new boolean[n * n];
        for (int i = 0; i < film.length; i++) {
            film[i] = (byte) (i % n * 255 / n);
            mask[i] = i % n < n / 2;
        }
        EditRequest edit = new EditRequest(new Picture(n, n, 1, film), new Mask(n, n, mask)).prompt("Pleural effusion")
                .steps(s.steps).size(n);
        GenerateRequest generate = new GenerateRequest("Pleural effusion").steps(s.steps).size(n);
        try (RadEdit radEdit = RadEdit.open(model, options)) {
            return new Times(target, time(s.runs, new boolean[1], () -> {
                if (target == Target.EDIT) {
                    radEdit.edit(edit);
                } else {
                    radEdit.generate(generate);
                }
            }), 0, List.of());
        }
    }

    /** {@return the kind under which an operation is counted} */
    private static String kind(Node n) {
        return switch (n.op()) {
            case Op.Conv2d c -> "convolution " + c.kernel() + " x " + c.kernel()
                    + (c.stride() > 1 ? ", stride " + c.stride() : "");
            case Op.Linear l -> "linear";
            case Op.Attention a ->
                    n.inputs().get(1).dim(1) == n.shape().dim(1) ? "self-attention" : "cross-attention";
            case Op.GroupNorm g -> "group norm";
            case Op.LayerNorm l -> "layer norm";
            default -> "other";
        };
    }

    /** {@return the seconds of each counted run, ascending} */
    private static double[] time(int runs, boolean[] counting, Runnable work) {
        double[] seconds = new double[runs];
        for (int i = -WARM_UP; i < runs; i++) {
            counting[0] = i >= 0;
            long start = System.nanoTime();
            work.run();
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        return seconds;
    }

    /** Closes the backend. */
    @Override
    public void close() {
        backend.close();
    }
}
