package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import radedit.audit.TensorErrors;
import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Backend;
import radedit.exec.Program;
import radedit.graph.CachedValues;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.UNetSections;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.weights.WeightStore;

/** Steps that share the UNet's deep features. */
class DeepCacheTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY));
    private static final int TOKENS = 8;

    private static RadEdit open(int batch) {
        return RadEdit.open(MODEL, new RunOptions("cpu", 2, batch));
    }

    private static GenerateRequest request() {
        return new GenerateRequest("Cardiomegaly", "Normal").steps(5).seed(4);
    }

    private static EditRequest edit() {
        byte[] grey = new byte[128 * 128];
        boolean[] left = new boolean[128 * 128];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (i % 128 + i / 256);
            left[i] = i % 128 < 60;
        }
        return new EditRequest(new Picture(128, 128, 1, grey), new Mask(128, 128, left))
                .prompt("Large left-sided pleural effusion", 7.5).steps(6).skipRatio(0);
    }

    /** Given the values that it computes itself, a network gives the same bits as the whole one. */
    static void requireSameBits(Graph unet, CachedValues c, UNetConfig config) {
        Map<String, Tensor> inputs = Map.of("sample", Fixtures.random(Shape.of(2, config.inChannels(), 16, 16), 1),
                "timestep", Tensor.of(Shape.of(2), 400, 20), "encoder_hidden_states",
                Fixtures.random(Shape.of(2, TOKENS, config.crossAttentionDim()[0]), 2));
        try (Backend cpu = new RunOptions("cpu", 2, 0).open(Listener.NONE);
                WeightStore weights = WeightStore.open(MODEL.get(Part.UNET))) {
            Tensor plain = cpu.compile(unet, weights, Probe.NONE).run(inputs, "eps", Program.Run.DEFAULT);
            Map<String, Tensor> whole = cpu.compile(c.whole(), weights, Probe.NONE).run(inputs);
            assertArrayEquals(plain.data(), Program.output(whole, "eps").data());
            Map<String, Tensor> given = new HashMap<>(whole);
            given.putAll(inputs);
            given.keySet().retainAll(c.given().inputs().stream().map(Node::name).toList());
            Tensor eps = cpu.compile(c.given(), weights, Probe.NONE).run(given, "eps", Program.Run.DEFAULT);
            assertArrayEquals(plain.data(), eps.data());
        }
    }

    /** Given the features that it computes itself, the shallow network gives the same bits as the whole one. */
    @Test
    void sameFeaturesSameBits() {
        UNetConfig config = UNetConfig.read(MODEL.get(Part.UNET));
        Graph unet = UNet.graph(config, 2, 16, 16, TOKENS);
        CachedValues d = UNetSections.cached(unet, UNetSections.Cached.DEEP_FEATURES);
        requireSameBits(unet, d, config);
        // What is left: the time embedding, the first convolution, and the last resnet with what follows it.
        String last = "up_blocks." + (config.blockOutChannels().length - 1);
        int layers = config.layersPerBlock()[0];
        Set<String> left = d.given().nodes().stream().filter(n -> n.flops() > 0).map(Node::name)
                .collect(Collectors.toSet());
        assertTrue(left.contains("conv_in") && left.contains(last + ".resnets." + layers + ".conv1"));
        assertTrue(left.stream().allMatch(n -> n.startsWith("conv_") || n.startsWith("time_")
                || n.startsWith(last + ".resnets." + layers) || n.startsWith(last + ".attentions." + layers)),
                left::toString);
        assertTrue(d.given().flops() < 0.3 * unet.flops());
        assertEquals(1, d.given().nodes().stream()
                .filter(n -> n.op() instanceof Op.Input && n.name().equals("deep_features")).count());
    }

    @Test
    void generationIsApproximated() {
        try (RadEdit r = open(0); RadEdit one = open(1)) {
            Result exact = r.generate(request());
            Result first = r.generate(request().steps(1).deepCache(3));
            assertArrayEquals(r.generate(request().steps(1)).latents().data(), first.latents().data(),
                    "the first step is whole");
            Result cached = r.generate(request().deepCache(2));
            double error = TensorErrors.relative(cached.latents(), exact.latents());
            System.out.println("relative deviation of the latents, every 2nd step: " + error);
            assertTrue(error > 0 && error < 0.5, () -> "deviation " + error);
            assertArrayEquals(cached.latents().data(), one.generate(request().deepCache(2)).latents().data(),
                    "independent of the batch");
            assertEquals(2, cached.settings().getFirst().get("deep_cache"));
            assertEquals(2 * 3, cached.settings().getFirst().get("evaluations"),
                    "of two branches, at three of five steps");
            assertEquals(2 * 5, exact.settings().getFirst().get("evaluations"));
            assertFalse(exact.settings().getFirst().containsKey("deep_cache"));
        }
    }

    @Test
    void editsAreApproximated() {
        AtomicLong evaluations = new AtomicLong();
        Listener counting = new Listener() {
            @Override
            public void evaluations(long done, long saved) {
                evaluations.addAndGet(done);
            }
        };
        try (RadEdit r = open(0)) {
            Result exact = r.edit(edit(), counting);
            assertEquals(5 + 2 * 6, evaluations.getAndSet(0), "five levels inverted, two branches of six steps");
            Result cached = r.edit(edit().deepCache(3), counting);
            assertEquals(2 * 2, evaluations.get(), "the inversion is known, two steps of six are whole");
            double error = TensorErrors.relative(cached.latents(), exact.latents());
            System.out.println("relative deviation of an edit's latent, every 3rd step: " + error);
            assertTrue(Double.isFinite(error));
            Result again = r.edit(edit().deepCache(3));
            assertArrayEquals(cached.latents().data(), again.latents().data());
            assertFalse(Arrays.equals(cached.latents().data(), exact.latents().data()));
        }
    }

    @Test
    void refusals() {
        try (RadEdit r = open(0)) {
            for (int bad : new int[]{0, -1, 101}) {
                assertThrows(InvalidRequestException.class, () -> r.generate(request().deepCache(bad)));
                assertThrows(InvalidRequestException.class, () -> r.edit(edit().deepCache(bad)));
            }
            assertThrows(InvalidRequestException.class,
                    () -> r.generate(
                            request().deepCache(2).probe(Part.UNET, Probe.watching("conv_in", t -> {}))));
        }
        try (RadEdit r = RadEdit.open(MODEL, new RunOptions("cpu", 1, 0).withoutReuse())) {
            assertThrows(InvalidRequestException.class, () -> r.generate(request().deepCache(2)));
        }
    }
}
