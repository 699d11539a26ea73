package radedit.pipeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
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
import radedit.text.WordPiece;
import radedit.weights.ModelFolder;
import radedit.weights.ModelFolder.Part;
import radedit.weights.WeightStore;

/**
 * Times networks and whole requests on random inputs. The first runs, in which the JVM compiles, do not count.
 */
public final class Benchmark implements AutoCloseable {
    /** What can be timed. */
    public enum What {
        UNET, VAE_DECODER, VAE_ENCODER, TEXT_ENCODER, IMAGE_ENCODER, GENERATE, EDIT;

        /** The name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * How large and how often.
     *
     * @param batch
     *            latents of the UNet, texts of the text encoder, films of the image encoder
     * @param size
     *            side of the picture in pixels; 0 for the model's own
     * @param steps
     *            of generate and edit
     */
    public record Settings(int batch, int size, int runs, int steps) {}

    /**
     * Times of one thing.
     *
     * @param seconds
     *            of each run, in order of length
     * @param flops
     *            of one run; 0 where they are not counted
     */
    public record Times(What what, double[] seconds, double flops) {
        public double median() {
            return seconds[seconds.length / 2];
        }

        public double min() {
            return seconds[0];
        }
    }

    private static final int WARM_UP = 2;

    private final ModelFolder model;
    private final RadEdit.Options options;
    private final Backend backend;

    public Benchmark(ModelFolder model, RadEdit.Options options) {
        this.model = model;
        this.options = options;
        this.backend = Backends.open(options.backend(), options.threads());
    }

    /** One line about the device. */
    public String device() {
        return backend.name() + " (" + backend.describe() + ")";
    }

    public Times run(What what, Settings s) {
        return switch (what) {
            case UNET -> {
                UNetConfig c = UNetConfig.read(model.get(Part.UNET));
                int side = s.size == 0 ? c.sampleSize() : s.size / VaeConfig.read(model.get(Part.VAE)).scaleFactor();
                yield network(what, Part.UNET, UNet.graph(c, s.batch, side, side, WordPiece.LENGTH), s.runs);
            }
            case VAE_DECODER -> {
                VaeConfig c = VaeConfig.read(model.get(Part.VAE));
                int side = pixels(s) / c.scaleFactor();
                yield network(what, Part.VAE, Vae.decoder(c, 1, side, side), s.runs);
            }
            case VAE_ENCODER -> network(what, Part.VAE,
                    Vae.encoder(VaeConfig.read(model.get(Part.VAE)), 1, pixels(s), pixels(s)), s.runs);
            case TEXT_ENCODER -> network(what, Part.TEXT_ENCODER, CxrBert.hiddenStates(
                    CxrBertConfig.read(model.get(Part.TEXT_ENCODER)), s.batch, WordPiece.LENGTH), s.runs);
            case IMAGE_ENCODER -> network(what, Part.IMAGE_ENCODER,
                    BioVilImage.single(BioVilImageConfig.read(model.get(Part.IMAGE_ENCODER)), s.batch), s.runs);
            case GENERATE, EDIT -> request(what, s);
        };
    }

    private int pixels(Settings s) {
        return s.size == 0
                ? UNetConfig.read(model.get(Part.UNET)).sampleSize()
                        * VaeConfig.read(model.get(Part.VAE)).scaleFactor()
                : s.size;
    }

    private Times network(What what, Part part, Graph whole, int runs) {
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
            return time(what, graph.flops(), runs, () -> program.run(inputs));
        }
    }

    private Times request(What what, Settings s) {
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
            return time(what, 0, s.runs, () -> {
                if (what == What.EDIT) {
                    radEdit.edit(edit);
                } else {
                    radEdit.generate(generate);
                }
            });
        }
    }

    private static Times time(What what, double flops, int runs, Runnable work) {
        double[] seconds = new double[runs];
        for (int i = -WARM_UP; i < runs; i++) {
            long start = System.nanoTime();
            work.run();
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        return new Times(what, seconds, flops);
    }

    /** All there is to time. */
    public static List<What> all() {
        return List.of(What.values());
    }

    @Override
    public void close() {
        backend.close();
    }
}
