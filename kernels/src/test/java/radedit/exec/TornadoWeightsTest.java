package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import radedit.audit.AuditedNetwork;
import radedit.checkpoint.ModelFolder;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/** Weights on the device: in the file's precision, in as many arrays as the allocation limit requires. */
class TornadoWeightsTest {
    @TempDir
    Path temp;

    /** Every finite number of the format, times one. */
    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F16", "BF16"})
    void sixteenBitsAreDecodedExactly(DType dtype) throws IOException {
        double[] all = numbers(dtype);
        Graph graph = products(dtype, all);
        try (WeightStore store = WeightStore.open(temp); Backend tornado = Backends.open("tornado", 1)) {
            assertEquals(dtype, store.get("f.weight").dtype());
            requireProducts(all, tornado.compile(graph, store, Probe.NONE));
            assertEquals(2, bytes(tornado, graph, store, all.length));
        }
    }

    /** Rounded or not, in any order, and as 16-bit numbers wherever these have the rounded values. */
    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F16", "BF16", "F32"})
    void weightsAreRoundedBeforeTheyAreStored(DType dtype) throws IOException {
        double[] all = numbers(dtype);
        Graph graph = products(dtype, all);
        try (WeightStore store = WeightStore.open(temp); Backend exact = Backends.open("tornado", 1)) {
            for (Precision p : List.of(Precision.TF32, Precision.FP16, Precision.BF16)) {
                try (Backend rounding = Backends.open("tornado", BackendOptions.threads(1).withEmulated(p))) {
                    double[] rounded = Arrays.stream(all).map(p::round).toArray();
                    requireProducts(rounded, rounding.compile(graph, store, Probe.NONE));
                    requireProducts(all, exact.compile(graph, store, Probe.NONE));
                    requireProducts(rounded, rounding.compile(graph, store, Probe.NONE));
                    assertEquals(Arrays.equals(all, rounded) && dtype != DType.F32 ? 2 : 4,
                            bytes(rounding, graph, store, all.length));
                }
            }
        }
    }

    /** All finite numbers of a 16-bit type; of float32 those halfway between two of bfloat16, and beside. */
    private static double[] numbers(DType dtype) {
        return IntStream.range(0, 1 << 16).mapToDouble(i -> switch (dtype) {
            case F16 -> Float.float16ToFloat((short) i);
            case BF16 -> Float.intBitsToFloat(i << 16);
            default -> Float.intBitsToFloat(i << 16 | 0x8000 + i % 3);
        }).filter(Double::isFinite).toArray();
    }

    /** Stores numbers as a weight, and returns a graph that multiplies each with an input. */
    private Graph products(DType dtype, double[] all) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.add("f.weight", dtype, Tensor.of(Shape.of(all.length, 1), all));
        try (OutputStream out = Files.newOutputStream(temp.resolve("model.safetensors"))) {
            writer.writeTo(out);
        }
        Scope s = Scope.root();
        return s.build(Map.of("y", s.linear("f", s.input("x", Shape.of(1, 1, 1)), all.length, false)));
    }

    private static void requireProducts(double[] expected, Program timesOne) {
        double[] y = timesOne.run(Map.of("x", Tensor.of(Shape.of(1, 1, 1), 1))).get("y").data();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i] + 0.0, y[i], "number " + i); // a sum of zeros has no sign
        }
    }

    /** Bytes of an element of a weight with one channel, which has a slice of 8 to itself. */
    private static long bytes(Backend backend, Graph graph, WeightStore store, int n) {
        return (backend.memoryFor(new PlannedGraph(graph, store)) - 4L * n) / (8L * n);
    }

    /** With allocations limited to 12 MB, the tiny UNet's weights take several arrays, and nothing else changes. */
    @Test
    void severalArraysGiveTheSameAsOne() throws IOException {
        Map<String, Tensor> in = Fixtures.withPrefix(
                Fixtures.tensors(TestData.reference("tiny/unet_1x16x24.safetensors")), "in.");
        double[] one = eps(in, "0");
        assertArrayEquals(one, eps(in, String.valueOf(12 << 20)));
        BackendException e = assertThrows(BackendException.class, () -> eps(in, String.valueOf(1 << 12)));
        assertTrue(e.getMessage().contains("in one piece"), e.getMessage());
    }

    private static double[] eps(Map<String, Tensor> in, String piece) {
        System.setProperty("radedit.tornado.piece", piece);
        try (Backend tornado = Backends.open("tornado", 1)) {
            return AuditedNetwork.UNET.run(ModelFolder.of(Fixtures.model(Size.TINY)), tornado, in, Probe.NONE)
                    .get("eps")
                    .data();
        } finally {
            System.clearProperty("radedit.tornado.piece");
        }
    }

    /** The description names what results depend on: device, driver, flags, and the hash of the generated source. */
    @Test
    void arithmeticIsStrictUnlessAskedForAndTold() throws IOException {
        OpCase c = OpCase.all().stream().filter(x -> x.name().equals("linear geglu")).findFirst().orElseThrow();
        BackendOptions fast = new BackendOptions(1, true, (phase, done, total) -> {});
        String strict = describedAfter(c, BackendOptions.threads(1));
        String loose = describedAfter(c, fast);
        assertTrue(strict.contains("compiler flags -cl-fp32-correctly-rounded-divide-sqrt -w, "), strict);
        assertTrue(loose.contains("-cl-fast-relaxed-math"), loose);
        assertEquals(strict.replaceAll(".*generated source ", ""), loose.replaceAll(".*generated source ", ""));
    }

    private String describedAfter(OpCase c, BackendOptions options) throws IOException {
        try (Backend b = Backends.open("tornado", options); WeightStore w = c.weights(temp)) {
            b.compile(c.graph(), w, Probe.NONE).run(c.inputs());
            assertTrue(b.describe().contains(", generated source "), b.describe());
            return b.describe();
        }
    }
}
