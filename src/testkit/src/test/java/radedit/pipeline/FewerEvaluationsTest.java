package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import radedit.audit.TensorErrors;
import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.NoisePredictor;
import radedit.diffusion.SamplerMethod;
import radedit.exec.Backend;
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
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;

/** Steps without guidance: outside of an interval of noise levels, and after a share of the steps. */
class FewerEvaluationsTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY));
    private static final int TOKENS = 8;

    /** Counts evaluations that were made, and keeps warnings. */
    private static final class Heard implements Listener {
        private long evaluations;
        private final List<String> warnings = new ArrayList<>();

        @Override
        public void evaluations(long computed, long shared) {
            evaluations += computed;
        }

        @Override
        public void warning(String message) {
            if (!message.startsWith("no image-text score")) { // of this model
                warnings.add(message);
            }
        }
    }

    private static RadEdit open(int batch) {
        return RadEdit.open(MODEL, new RunOptions("cpu", 2, batch));
    }

    /** Timesteps 999, 799, 599, 399, 199 of 1000. */
    private static GenerateRequest request() {
        return new GenerateRequest("Cardiomegaly", "Normal").steps(5).seed(4);
    }

    private static Mask left(boolean is) {
        boolean[] cells = new boolean[128 * 128];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = i % 128 < 64 == is;
        }
        return new Mask(128, 128, cells);
    }

    /** Six steps, of which none is skipped: 999, 833, 666, 499, 333, 166 of 1000. */
    private static EditRequest edit(boolean keepsTheRest) {
        byte[] grey = new byte[128 * 128];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (i % 128 + i / 256);
        }
        return new EditRequest(new Picture(128, 128, 1, grey), left(true)).keepMask(keepsTheRest ? left(false) : null)
                .prompt("Large left-sided pleural effusion", 7.5).steps(6).skipRatio(0);
    }

    /** A generation's evaluations as they were counted, which are those that its pictures record. */
    private static long evaluations(RadEdit r, GenerateRequest request) {
        Heard heard = new Heard();
        Result all = r.generate(request, heard);
        assertEquals(heard.evaluations, all.settings().stream().mapToLong(
                s -> ((Number) s.get("evaluations")).longValue()).sum());
        return heard.evaluations;
    }

    @Test
    void neutralSettingsChangeNoBit() {
        try (RadEdit r = open(0)) {
            Result plain = r.generate(request());
            assertFalse(plain.settings().getFirst().containsKey("exact"));
            for (GenerateRequest neutral : List.of(request().guidanceInterval(0, 1), request().unguidedAfter(1),
                    request().unguidedAfter(0.81), request().guidanceInterval(0.199, 0.999))) {
                Result same = r.generate(neutral);
                assertArrayEquals(plain.latents().data(), same.latents().data());
                assertArrayEquals(plain.images().data(), same.images().data());
                assertFalse(same.settings().getFirst().containsKey("exact"));
                assertEquals(20, evaluations(r, neutral));
            }
            Result edited = r.edit(edit(true));
            for (EditRequest neutral : List.of(edit(true).guidanceInterval(0, 1),
                    edit(true).guidanceInterval(0.1, 1))) {
                assertArrayEquals(edited.latents().data(), r.edit(neutral).latents().data());
            }
        }
    }

    @Test
    void interval() {
        try (RadEdit r = open(0); RadEdit one = open(1)) {
            Result exact = r.generate(request());
            GenerateRequest middle = request().guidanceInterval(0.399, 0.7);
            Result some = r.generate(middle);
            assertEquals(2 * (2 * 2 + 3), evaluations(r, middle), "of two pictures, with two of five steps guided");
            assertArrayEquals(some.latents().data(), one.generate(middle).latents().data());
            double error = TensorErrors.relative(some.latents(), exact.latents());
            assertTrue(error > 0 && Double.isFinite(error));
            assertEquals(List.of(0.399, 0.7), some.settings().getFirst().get("guidance_interval"));
            assertEquals(false, some.settings().getFirst().get("exact"));
            // Weight 1 is what sampling without guidance does.
            assertArrayEquals(r.generate(request().guidance(1).steps(1)).latents().data(),
                    r.generate(request().guidance(1.0000001).steps(1)).latents().data(), 1e-5);
            for (SamplerMethod method : SamplerMethod.values()) {
                GenerateRequest low = new GenerateRequest("Cardiomegaly").steps(6).sampler(method);
                long all = evaluations(r, low);
                long fewer = evaluations(r, low.guidanceInterval(0, 0.5));
                assertTrue(fewer >= all / 2 && fewer < all, () -> method + ": " + fewer + " of " + all);
            }
        }
    }

    @Test
    void intervalWithDeepFeatures() {
        try (RadEdit r = open(0); RadEdit one = open(1)) {
            GenerateRequest both = request().guidanceInterval(0, 0.7).deepCache(2);
            assertEquals(2 * (1 + 2 + 2), evaluations(r, both), "whole at steps 0, 2 (where guidance begins) and 4");
            assertArrayEquals(r.generate(both).latents().data(), one.generate(both).latents().data());
            Heard heard = new Heard();
            r.edit(edit(true), new Heard());
            r.edit(edit(true).guidanceInterval(0.4, 1).deepCache(3), heard);
            assertEquals(2 + 2 + 1, heard.evaluations, "steps 0, 3 and, where guidance ends, 4");
        }
    }

    @Test
    void intervalOfAnEdit() {
        try (RadEdit r = open(0)) {
            r.edit(edit(false)); // inverts
            for (boolean keepsTheRest : new boolean[]{true, false}) {
                Heard plain = new Heard();
                Result exact = r.edit(edit(keepsTheRest), plain);
                assertEquals(2 * 6, plain.evaluations);
                Heard heard = new Heard();
                Result some = r.edit(edit(keepsTheRest).guidanceInterval(0.4, 0.9), heard);
                assertEquals(keepsTheRest ? 2 * 3 + 3 : 2 * 6, heard.evaluations);
                assertEquals(keepsTheRest
                        ? List.of()
                        : List.of(
                                "guidance interval saves no evaluation of this edit, which needs the base prompt at every"
                                        + " step: 128 cells of the latent grid are neither in the edit mask nor kept"),
                        heard.warnings);
                assertEquals(false, some.settings().getFirst().get("exact"));
                assertFalse(Arrays.equals(exact.latents().data(), some.latents().data()));
            }
            // An edit of weight 0 is none, whatever the interval is.
            Result none = r.edit(noEdit());
            Result still = r.edit(noEdit().guidanceInterval(0.4, 0.9));
            assertArrayEquals(none.latents().data(), still.latents().data());
            assertFalse(still.settings().getFirst().containsKey("exact"));
            // Together with others, which have more branches.
            List<Result> together = r.editAll(List.of(edit(true).guidanceInterval(0.4, 0.9), edit(false))).stream()
                    .map(EditOutcome::get).toList();
            assertArrayEquals(r.edit(edit(true).guidanceInterval(0.4, 0.9)).latents().data(),
                    together.getFirst().latents().data());
            assertArrayEquals(r.edit(edit(false)).latents().data(), together.getLast().latents().data());
        }
    }

    private static EditRequest noEdit() {
        EditRequest r = edit(true);
        return new EditRequest(new Picture(128, 128, 1, new byte[128 * 128]), left(true)).keepMask(left(false))
                .prompt("Normal", 0).steps(6).skipRatio(0).seed(r.seed);
    }

    /** Given the results of cross-attention that it computes itself, the UNet gives the same bits, and reads no text. */
    @Test
    void sameAttentionSameBits() {
        UNetConfig config = UNetConfig.read(MODEL.get(Part.UNET));
        Graph unet = UNet.graph(config, 2, 16, 16, TOKENS);
        CachedValues c = UNetSections.cached(unet, UNetSections.Cached.CROSS_ATTENTION);
        DeepCacheTest.requireSameBits(unet, c, config);
        List<String> attentions = unet.nodes().stream().map(Node::name).filter(n -> n.endsWith(".attn2.to_out.0"))
                .toList();
        assertFalse(attentions.isEmpty());
        Set<String> left = c.given().nodes().stream().filter(n -> n.name().contains(".attn2.")
                && !n.name().endsWith(".to_out.1") || n.op() instanceof Op.Input).map(Node::name)
                .collect(Collectors.toSet());
        Set<String> expected = new HashSet<>(attentions);
        expected.addAll(List.of("sample", "timestep"));
        assertEquals(expected, left);
        double saved = unet.nodes().stream().filter(n -> n.name().contains(".attn2.") || n.name().endsWith(".norm2")
                && n.name().contains("transformer_blocks")).mapToDouble(Node::flops).sum();
        assertEquals(unet.flops() - saved, c.given().flops());
    }

    @Test
    void unguidedAfter() {
        try (RadEdit r = open(0); RadEdit one = open(1)) {
            Result exact = r.generate(request());
            GenerateRequest gated = request().unguidedAfter(0.4);
            assertEquals(2 * (2 * 2 + 3), evaluations(r, gated));
            Result some = r.generate(gated);
            assertArrayEquals(some.latents().data(), one.generate(gated).latents().data(), "independent of the batch");
            assertArrayEquals(some.latents().slice(1, 2).data(), r.generate(gated.only(2)).latents().data());
            double error = TensorErrors.relative(some.latents(), exact.latents());
            assertTrue(error > 0 && Double.isFinite(error));
            assertEquals(0.4, some.settings().getFirst().get("unguided_after"));
            assertEquals(false, some.settings().getFirst().get("exact"));
            assertFalse(Arrays.equals(some.latents().data(),
                    r.generate(request().guidanceInterval(0.7, 1)).latents().data()), "which attends to the prompt");
        }
    }

    /** The mean of both branches at the last guided step is what later steps are given. */
    @Test
    void meanOfBranches() {
        for (int limit : new int[]{1, 2, 3, 4, 9}) {
            List<String> runs = new ArrayList<>();
            ReusingUNetRuns.Runner runner = (part, values) -> {
                double[] texts = part.contexts().stream().mapToDouble(c -> c.data()[0]).toArray();
                runs.add(Arrays.toString(texts)
                        + (values == null ? "" : " given " + Arrays.toString(value(values).data())));
                return new ReusingUNetRuns.WithValues(List.copyOf(part.latents()), values == null
                        ? Map.of("a", Tensor.of(Shape.of(texts.length, 1), texts))
                        : values);
            };
            try (Backend cpu = new RunOptions("cpu", 1, 0).open(Listener.NONE);
                    UNetPredictor unet = new UNetPredictor(cpu.latents(Shape.of(1, 1, 1, 1), 9), limit, (b, o) -> {
                        runs.add("plain");
                        return List.copyOf(b.latents());
                    }, null)) {
                NoisePredictor gated = new GatedPredictor(unet, runner, 2, null);
                predict(gated, 1, 3, 1, 5);
                assertTrue(runs.stream().allMatch("plain"::equals), runs::toString);
                runs.clear();
                predict(gated, 1, 3, 1, 5);
                assertEquals(limit == 1
                        ? List.of("[1.0]", "[3.0]", "[1.0]", "[5.0]")
                        : List.of("[1.0, 3.0]", "[1.0, 5.0]"), runs);
                for (int step = 2; step < 5; step++) {
                    runs.clear();
                    predict(gated, 3, 5);
                    assertEquals(limit == 1
                            ? List.of("[3.0] given [2.0]", "[5.0] given [3.0]")
                            : List.of("[3.0, 5.0] given [2.0, 3.0]"), runs);
                }
            }
        }
    }

    private static Tensor value(Map<String, Tensor> values) {
        return values.values().iterator().next();
    }

    private static void predict(NoisePredictor p, double... texts) {
        Tensor x = Tensor.zeros(Shape.of(1, 1, 1, 1));
        List<Latents> latents = new ArrayList<>();
        List<Tensor> contexts = new ArrayList<>();
        for (double t : texts) {
            latents.add(x);
            contexts.add(Tensor.of(Shape.of(1, 1, 1), t));
        }
        assertEquals(texts.length, p.predict(latents, new double[texts.length], contexts).size());
    }

    @Test
    void refusals() {
        double nan = Double.NaN;
        try (RadEdit r = open(0)) {
            for (double[] bad : new double[][]{{-0.1, 1}, {0, 1.1}, {0.6, 0.4}, {nan, 1}, {0, nan}, {2, 3}}) {
                refused(r, q -> q.guidanceInterval(bad[0], bad[1]), "guidance interval must be two numbers");
                InvalidRequestException e = assertThrows(InvalidRequestException.class,
                        () -> r.edit(edit(true).guidanceInterval(bad[0], bad[1])));
                assertTrue(e.getMessage().contains("guidance interval must be"), e::getMessage);
                assertThrows(InvalidRequestException.class,
                        () -> edit(true).guidanceInterval(bad[0], bad[1]).checkSettings(Listener.NONE));
            }
            for (double bad : new double[]{0, -1, 1.5, nan}) {
                refused(r, q -> q.unguidedAfter(bad), "unguided after must be above 0 and at most 1");
            }
            refused(r, q -> q.guidanceInterval(0.25, 0.3), "0.25,0.3 has none of the 5 steps in it");
            refused(r, q -> q.guidanceInterval(0, 0.5).guidance(1), "guidance interval needs a guidance above 1");
            refused(r, q -> q.unguidedAfter(0.5).guidance(0.5), "unguided after needs a guidance above 1");
            refused(r, q -> q.unguidedAfter(0.5).guidanceInterval(0, 0.5), "exclude each other");
            refused(r, q -> q.unguidedAfter(0.5).deepCache(2), "unguided after and deep cache exclude each other");
            refused(r, q -> q.unguidedAfter(0.5).probe(Part.UNET, Probe.watching("conv_in", t -> {})),
                    "unguided after and a probe of the UNet exclude each other");
            EditRequest without = edit(true).skipRatio(0.5).guidanceInterval(0.9, 1);
            for (Consumer<EditRequest> use : List.<Consumer<EditRequest>>of(r::edit, r::check)) {
                InvalidRequestException e = assertThrows(InvalidRequestException.class, () -> use.accept(without));
                assertTrue(e.getMessage().contains("has none of the "), e::getMessage);
            }
        }
        try (RadEdit r = RadEdit.open(MODEL, new RunOptions("cpu", 1, 0).withoutReuse())) {
            refused(r, q -> q.unguidedAfter(0.5), "unguided after and no reuse exclude each other");
            assertEquals(2 * (2 * 2 + 3), evaluations(r, request().guidanceInterval(0.399, 0.7)));
        }
    }

    private static void refused(RadEdit r, Consumer<GenerateRequest> setting, String why) {
        GenerateRequest q = request();
        setting.accept(q);
        InvalidRequestException e = assertThrows(InvalidRequestException.class, () -> r.generate(q));
        assertTrue(e.getMessage().contains(why), e::getMessage);
    }
}
