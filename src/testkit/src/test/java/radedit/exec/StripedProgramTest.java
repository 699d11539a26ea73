package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.model.Vae;
import radedit.model.VaeConfig;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.SyntheticInputs;
import radedit.weights.WeightStore;

class StripedProgramTest {
    /** A grey level is 2/255 of the decoder's range; strips have to be far below it. */
    private static final double GREY_LEVEL = 2.0 / 255;

    @ParameterizedTest
    @CsvSource({"TINY, 16, 16, 16", "TINY, 12, 20, 24", "VARIANT, 16, 16, 40", "VARIANT, 20, 12, 8"})
    void stripsGiveWhatTheWholeGives(Size size, int height, int width, int rows) {
        Path folder = ModelFolder.of(Fixtures.model(size)).get(Part.VAE);
        VaeConfig config = VaeConfig.read(folder);
        int f = config.scaleFactor();
        Tensor latent = SyntheticInputs.of("latent", Shape.of(1, config.latentChannels(), height, width), 1);
        Tensor image = SyntheticInputs.of("image", Shape.of(1, 3, f * height, f * width), 1).map(v -> Math.tanh(v));
        Graph decoder = Vae.decoder(config, 1, height, width);
        Graph encoder = Vae.encoder(config, 1, f * height, f * width);
        try (Backend cpu = Backends.open("cpu", 2); WeightStore store = WeightStore.open(folder)) {
            compare(cpu, store, decoder, Map.of("latent", latent), rows);
            compare(cpu, store, encoder, Map.of("image", image), rows);
            long whole = cpu.memoryFor(new PlannedGraph(decoder, store));
            long strips = StripedProgram.planned(decoder, store, rows).stream().mapToLong(cpu::memoryFor).max()
                    .orElseThrow();
            System.out.printf("%s VAE decoder in strips of %d of %d rows: %.2f of the memory%n", size, rows, f * height,
                    (double) strips / whole);
            assertTrue(strips < whole);
            long largest = decoder.nodes().stream().mapToLong(n -> n.shape().elements()).max().orElseThrow();
            long host = StripedProgram.hostBytes(decoder, rows);
            assertTrue(host >= 4 * largest && host <= 40 * largest, () -> host + " bytes for values of " + largest);
        }
    }

    private static void compare(Backend cpu, WeightStore store, Graph graph, Map<String, Tensor> in, int rows) {
        Map<String, Tensor> whole = cpu.compile(graph, store, Probe.NONE).run(in);
        new StripedProgram(cpu, graph, store, rows).run(in).forEach((name, ours) -> {
            double[] exact = whole.get(name).data();
            double worst = 0;
            double most = 0;
            for (int i = 0; i < exact.length; i++) {
                worst = Math.max(worst, Math.abs(ours.data()[i] - exact[i]));
                most = Math.max(most, Math.abs(exact[i]));
            }
            System.out.printf("%s in strips of %d rows: at most %.1e from the whole, %.5f of a grey level%n", name,
                    rows,
                    worst, worst / GREY_LEVEL);
            assertTrue(worst <= 1e-4 * Math.max(1, most) && most > 0.01, name + ": " + worst + " of " + most);
        });
    }

    /** Values that no array of Java can hold need more memory than there can be. */
    @Test
    void valuesBeyondAnArrayAreNotReckonedAsMemory() {
        Scope s = Scope.root();
        Graph g = s.build(Map.of("y", s.conv2d("f", s.input("x", Shape.of(1, 1 << 14, 1 << 14, 3)), 8, 3)));
        assertTrue(StripedProgram.hostBytes(g, 1 << 12) > 1L << 60);
    }

    @Test
    void whatIsNoChainOfConvolutionsIsRefused() {
        Scope s = Scope.root();
        var x = s.input("x", Shape.of(1, 16, 16, 8));
        var small = s.conv2d("f", x, 8, 3, 2, radedit.graph.Padding.all(1), true);
        Graph g = s.build(Map.of("y", s.add("sum", s.layerNorm("norm", x, 1e-5), s.upsample("up", small, 16, 16))));
        try (Backend cpu = Backends.open("cpu", 1)) {
            assertThrows(IllegalArgumentException.class, () -> new StripedProgram(cpu, g, null, 8));
        }
    }
}
