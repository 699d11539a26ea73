package radedit.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.audit.TensorErrors;
import radedit.audit.AuditedNetwork;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Probe;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/**
 * Whole networks against PyTorch, diffusers and transformers: the float32 backend may be three times as far from the
 * float64 result as PyTorch's own float32 is; the double backend has to be as good as equal.
 */
class ModelCasesTest {
    record Case(Size size, String name, AuditedNetwork part) {
        Map<String, Tensor> tensors() {
            return Fixtures.tensors(TestData.reference(folder() + "/" + name + ".safetensors"));
        }

        private String folder() {
            return size.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static List<Case> cases() {
        List<Case> all = new ArrayList<>();
        for (Size size : List.of(Size.TINY, Size.VARIANT)) {
            for (String n : List.of("unet_2x16x16", "unet_1x16x24", "unet_3x12x20")) {
                all.add(new Case(size, n, AuditedNetwork.UNET));
            }
            for (String grid : List.of("16x16", "12x20")) {
                all.add(new Case(size, "vae_decoder_" + grid, AuditedNetwork.VAE_DECODER));
                all.add(new Case(size, "vae_encoder_" + grid, AuditedNetwork.VAE_ENCODER));
            }
            all.add(new Case(size, "text_encoder", AuditedNetwork.TEXT_ENCODER));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void cpuIsAboutAsCloseAsPyTorch(Case c) {
        Map<String, Tensor> t = c.tensors();
        for (TensorErrors.Row r : TensorErrors.compareAll(run(c, "cpu", 2, Fixtures.withPrefix(t, "in."), Probe.NONE),
                Fixtures.withPrefix(t, "torch."), Fixtures.withPrefix(t, "exact."))) {
            System.out.printf("%s %s %s: error %.2e, PyTorch %.2e%n", c.size, c.name, r.name(), r.error(),
                    r.referenceError());
            assertTrue(r.ratio() <= 3, r::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void referenceIsExact(Case c) {
        Map<String, Tensor> t = c.tensors();
        double bound = c.part == AuditedNetwork.UNET ? 1e-7 : 1e-9; // the UNet's timestep embedding is float32
        List<TensorErrors.Row> rows = TensorErrors.compareAll(
                run(c, "reference", 2, Fixtures.withPrefix(t, "in."), Probe.NONE),
                Fixtures.withPrefix(t, "exact."), null);
        assertEquals(Fixtures.withPrefix(t, "exact.").size(), rows.size());
        for (TensorErrors.Row r : rows) {
            assertTrue(r.error() <= bound, r::toString);
        }
    }

    /** The image encoder has one size, the published one. Its expected results are stored as float32. */
    @Test
    void imageEncoder() {
        imageEncoder("cpu", true);
        imageEncoder("reference", false);
    }

    /** A film and, where asked for, a pair of films. */
    static void imageEncoder(String backend, boolean withPair) {
        Tensor film = given("xray", 1, 3, 448, 448).map(v -> (float) v * 0.28f + 0.5f);
        Tensor earlier = given("prior", 1, 3, 448, 448).map(v -> (float) v * 0.28f + 0.5f);
        for (String name : withPair ? List.of("image_encoder", "image_encoder_pair") : List.of("image_encoder")) {
            Map<String, Tensor> t = Fixtures.tensors(TestData.reference("image_encoder/" + name + ".safetensors"));
            Map<String, Tensor> in = new HashMap<>(Map.of("image", film));
            if (name.endsWith("pair")) {
                in.put("previous", earlier);
            }
            Map<String, Tensor> ours;
            try (Backend b = Backends.open(backend, 2)) {
                ours = AuditedNetwork.IMAGE_ENCODER.run(ModelFolder.of(Fixtures.model(Size.TINY)), b, in, Probe.NONE);
            }
            Map<String, Tensor> exact = Fixtures.withPrefix(t, "exact.");
            ours.keySet().retainAll(exact.keySet());
            assertEquals(exact.keySet(), ours.keySet());
            for (TensorErrors.Row r : TensorErrors.compareAll(ours, Fixtures.withPrefix(t, "torch."), exact)) {
                System.out.printf("%s %s on %s: error %.2e, PyTorch %.2e%n", name, r.name(), backend, r.error(),
                        r.referenceError());
                assertTrue(backend.equals("reference") ? r.error() <= 1e-6 : r.ratio() <= 3, r::toString);
            }
        }
    }

    private static Map<String, Tensor> run(Case c, String backend, int threads, Map<String, Tensor> in, Probe probe) {
        try (Backend b = Backends.open(backend, threads)) {
            return c.part.run(ModelFolder.of(Fixtures.model(c.size)), b, in, probe);
        }
    }

    @Test
    void neitherThreadsNorRunsNorBatchChangeABit() {
        for (Size size : List.of(Size.TINY, Size.VARIANT)) {
            Case c = new Case(size, "unet_3x12x20", AuditedNetwork.UNET);
            Map<String, Tensor> in = Fixtures.withPrefix(c.tensors(), "in.");
            double[] one = run(c, "cpu", 1, in, Probe.NONE).get("eps").data();
            for (int threads : new int[]{1, 2, 3}) {
                assertArrayEquals(one, run(c, "cpu", threads, in, Probe.NONE).get("eps").data());
            }
            List<Tensor> singly = new ArrayList<>();
            for (int b = 0; b < 3; b++) {
                int at = b;
                Map<String, Tensor> part = new HashMap<>();
                in.forEach((name, t) -> part.put(name, t.slice(at, at + 1)));
                singly.add(run(c, "cpu", 2, part, Probe.NONE).get("eps"));
            }
            assertArrayEquals(one, Tensor.concat(singly).data());
        }
    }

    /** Remembers everything it sees. */
    private static final class Recorder implements Probe {
        private final Map<String, Tensor> seen = new HashMap<>();

        @Override
        public boolean wants(String name) {
            return true;
        }

        @Override
        public void accept(String name, Tensor value) {
            assertTrue(seen.put(name, value) == null, name + " is shown once");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet", "vae"})
    void everyModuleIsVisibleUnderItsNameAndHasPyTorchsValue(String network) throws IOException {
        Recorder probe = new Recorder();
        ModelFolder model = ModelFolder.of(Fixtures.model(Size.TINY));
        try (Backend b = Backends.open("cpu", 2)) {
            if (network.equals("unet")) {
                AuditedNetwork.UNET.run(model, b, Map.of("sample", given("sample", 1, 4, 16, 16), "timestep",
                        Tensor.of(Shape.of(1), 401), "encoder_hidden_states", given("context", 1, 128, 48)), probe);
            } else {
                AuditedNetwork.VAE_DECODER.run(model, b, Map.of("latent", given("latent", 1, 4, 4, 4)), probe);
                AuditedNetwork.VAE_ENCODER.run(model, b, Map.of("image", given("image", 1, 3, 32, 32)), probe);
            }
        }
        JsonNode rows = new ObjectMapper().readTree(TestData.reference("tiny/trace_" + network + ".json").toFile());
        double worst = 0;
        for (JsonNode row : rows) {
            Tensor t = probe.seen.get(row.get("name").asText());
            assertTrue(t != null, row.get("name") + " is not visible");
            assertEquals(row.get("shape").toString().replace(",", ", "), t.shape().toString(),
                    row.get("name").asText());
            double norm = row.get("norm").asDouble();
            double rms = norm / Math.sqrt(t.data().length);
            int step = Math.max(1, t.data().length / 7);
            for (int i = 0; i < row.get("sample").size(); i++) {
                worst = Math.max(worst, Math.abs(t.data()[i * step] - row.get("sample").get(i).asDouble()) / rms);
            }
            double ours = Math.sqrt(java.util.Arrays.stream(t.data()).map(v -> v * v).sum());
            worst = Math.max(worst, Math.abs(ours / norm - 1));
        }
        System.out.printf("trace of the tiny %s: %d modules, worst difference %.1e of the rms%n", network, rows.size(),
                worst);
        assertTrue(worst < 2e-5, "worst " + worst);
    }

    /** The inputs that the expected traces were made from. */
    private static Tensor given(String name, int... shape) {
        return radedit.testkit.SyntheticInputs.of(name, Shape.of(shape), 1);
    }

    @Test
    void textTraceHasPyTorchsValues() {
        Recorder probe = new Recorder();
        Map<String, Tensor> c = Fixtures.tensors(TestData.reference("tiny/text_encoder.safetensors"));
        Map<String, Tensor> in = new HashMap<>();
        Fixtures.withPrefix(c, "in.").forEach((n, t) -> in.put(n, t.slice(0, 1)));
        Path model = Fixtures.model(Size.TINY);
        try (Backend b = Backends.open("cpu", 1)) {
            AuditedNetwork.TEXT_ENCODER.run(ModelFolder.of(model), b, in, probe);
        }
        Map<String, Tensor> expected = Fixtures.tensors(TestData.reference("tiny/trace_text_encoder.safetensors"));
        List<TensorErrors.Row> rows = TensorErrors.compareAll(probe.seen, expected, null);
        assertEquals(expected.size(), rows.size());
        rows.forEach(r -> assertTrue(r.error() < 2e-6, r::toString));
    }
}
