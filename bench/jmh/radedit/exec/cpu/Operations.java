package radedit.exec.cpu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Program;
import radedit.exec.Workers;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Padding;
import radedit.graph.Probe;
import radedit.graph.Value;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * The operations of the published networks in their real shapes, and the processor's peak beside them. Only the node
 * under test is timed, not the way of its inputs into the backend.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx6g",
        "-XX:+UseSerialGC", "-XX:ObjectAlignmentInBytes=64"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Operations {
    /** One operation of a network and its shape. */
    public enum Shapes {
        PEAK(null, 0, 0, 0), CONV_64x64_320("conv", 64, 320, 320), CONV_64x64_960_320("conv", 64, 960, 320),
        CONV_32x32_640("conv", 32, 640, 640), CONV_32x32_1920_640("conv", 32, 1920, 640),
        CONV_16x16_1280("conv", 16, 1280, 1280), CONV_8x8_2560_1280("conv", 8, 2560, 1280),
        VAE_CONV_64x64_512("conv1", 64, 512, 512), VAE_CONV_256x256_256("conv1", 256, 256, 256),
        VAE_CONV_512x512_128("conv1", 512, 128, 128), STRIDED_64x64_320("strided", 64, 320, 320),
        POINTWISE_64x64_640_320("point", 64, 640, 320), LINEAR_4096_320("linear", 64, 320, 320),
        GEGLU_4096_320("geglu", 64, 320, 2560), LINEAR_4096_1280_320("linear", 64, 1280, 320),
        GEGLU_1024_640("geglu", 32, 640, 5120), GEGLU_256_1280("geglu", 16, 1280, 10240),
        LINEAR_256_5120_1280("linear", 16, 5120, 1280), LINEAR_64_1280("linear", 8, 1280, 1280),
        ATTENTION_4096_8x40("attention", 64, 320, 8), ATTENTION_1024_8x80("attention", 32, 640, 8),
        ATTENTION_256_8x160("attention", 16, 1280, 8), ATTENTION_VAE_4096_512("attention1", 64, 512, 1),
        CROSS_4096_128_8x40("cross", 64, 320, 8), GROUP_NORM_64x64_320("norm", 64, 320, 32),
        LAYER_NORM_4096_320("layer", 64, 320, 0);

        final String kind;
        final int side;
        final int in;
        final int out;

        Shapes(String kind, int side, int in, int out) {
            this.kind = kind;
            this.side = side;
            this.in = in;
            this.out = out;
        }

        Graph graph() {
            int batch = kind.endsWith("1") ? 1 : 2;
            radedit.graph.Scope s = radedit.graph.Scope.root();
            Shape tokens = Shape.of(batch, side * side, in);
            Value x = s.input("x", kind.startsWith("conv") || kind.equals("strided") || kind.equals("point")
                    || kind.equals("norm") ? Shape.of(batch, side, side, in) : tokens);
            Value y = switch (kind) {
                case "conv", "conv1" -> s.conv2d("op", x, out, 3);
                case "strided" -> s.conv2d("op", x, out, 3, 2, Padding.all(1), true);
                case "point" -> s.conv2d("op", x, out, 1);
                case "linear" -> s.linear("op", x, out);
                case "geglu" -> s.geglu("gate", s.linear("op", x, out));
                case "attention", "attention1" -> s.attention("op", x, x, x, out);
                case "cross" -> {
                    Value text = s.input("text", Shape.of(batch, 128, in));
                    yield s.attention("op", x, text, text, out);
                }
                case "norm" -> s.groupNorm("op", x, out, 1e-5);
                case "layer" -> s.layerNorm("op", x, 1e-5);
                default -> throw new IllegalStateException(kind);
            };
            return s.build(Map.of("y", y));
        }
    }

    @Param
    public Shapes shape;

    private Path folder;
    private Backend backend;
    private CpuProgram program;
    private PeakStep peak;
    private Memory own;

    @Setup(Level.Trial)
    public void open() throws Exception {
        int threads = Integer.getInteger("threads", 0);
        if (shape == Shapes.PEAK) {
            peak = new PeakStep();
            own = new Memory(new Workers(threads > 0 ? threads : Runtime.getRuntime().availableProcessors()));
            return;
        }
        backend = Backends.open("cpu", threads);
        Graph graph = shape.graph();
        folder = Files.createTempDirectory("radedit-bench");
        Random random = new Random(1);
        SafetensorsWriter writer = new SafetensorsWriter();
        graph.weights().forEach((name, s) -> writer.add(name, DType.F32, random(s, random, 0.05)));
        try (var out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
            writer.writeTo(out);
        }
        program = (CpuProgram) backend.compile(graph, WeightStore.open(folder), Probe.NONE);
        Map<String, Tensor> inputs = new HashMap<>();
        for (Node n : graph.inputs()) {
            Shape s = n.shape();
            inputs.put(n.name(), random(
                    s.rank() == 4 ? Shape.of(s.dim(0), s.dim(3), s.dim(1), s.dim(2)) : s, random, 1));
        }
        program.run(inputs);
    }

    private static Tensor random(Shape s, Random random, double scale) {
        return Tensor.zeros(s).map(v -> scale * random.nextGaussian());
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        if (peak != null) {
            own.workers().close();
        } else {
            backend.close();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        }
    }

    /** The steps again, on the values that the first run left in the arena. */
    @Benchmark
    public void run() {
        if (peak != null) {
            peak.run(own);
        } else {
            program.compute(Program.Timer.NONE);
        }
    }

    static double flops(Shapes s) {
        return s == Shapes.PEAK ? PeakStep.FLOPS : s.graph().flops();
    }

    /** Runs all shapes and prints GFLOP/s, percent of the measured peak and the operation's arithmetic intensity. */
    public static void main(String[] args) throws RunnerException {
        var options = new OptionsBuilder().include(Operations.class.getName() + ".run");
        if (args.length > 0) {
            options.param("shape", Stream.concat(Stream.of("PEAK"), Stream.of(args)).toArray(String[]::new));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        double peak = 0;
        System.out.printf("%n%-24s %10s %10s %8s %14s%n", "operation", "ms", "GFLOP/s", "of peak", "FLOP per byte");
        for (RunResult r : results) {
            Shapes s = Shapes.valueOf(r.getParams().getParam("shape"));
            double ms = r.getPrimaryResult().getScore();
            double rate = flops(s) / ms / 1e6;
            peak = s == Shapes.PEAK ? rate : peak;
            System.out.printf(Locale.ROOT, "%-24s %10.3f %10.1f %7.1f%% %14.1f%n", s.name().toLowerCase(Locale.ROOT),
                    ms,
                    rate, 100 * rate / peak, intensity(s));
        }
    }

    /** Multiplications and additions for each byte of inputs, weights and result, each moved once. */
    private static double intensity(Shapes s) {
        if (s == Shapes.PEAK) {
            return Double.POSITIVE_INFINITY;
        }
        Graph g = s.graph();
        double bytes = 4.0 * g.outputs().values().stream().mapToLong(v -> v.shape().elements()).sum();
        bytes += 4.0 * g.weights().values().stream().mapToLong(Shape::elements).sum();
        bytes += 4.0 * g.inputs().stream().mapToLong(n -> n.shape().elements()).sum();
        return g.flops() / bytes;
    }
}
