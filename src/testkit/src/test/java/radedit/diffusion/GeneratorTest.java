package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import radedit.tensor.Latents;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;

class GeneratorTest {
    private static final Shape ONE = Shape.of(1, 4, 3, 5);
    /** DDIM draws nothing. */
    private static final Noise NONE = shape -> {
        throw new IllegalStateException("drew " + shape);
    };
    private final Ddim ddim = new Ddim(Ddim.Config.MODEL_CARD, 5);
    private final Tensor noise = Fixtures.random(Shape.of(3, 4, 3, 5), 1);
    private final Tensor negative = Tensor.of(Shape.of(1, 1, 1), 0.3);
    private final List<Tensor> prompts = List.of(Tensor.of(Shape.of(1, 1, 1), 1), Tensor.of(Shape.of(1, 1, 1), 2),
            Tensor.of(Shape.of(1, 1, 1), 3));
    private final CountedLatents latents = new CountedLatents();
    private final List<CountedLatents.Call> calls = new ArrayList<>();
    private final NoisePredictor unet = latents.predictor(c -> {
        calls.add(c);
        return c.answer();
    });

    /** One latent by the formulas, without batches. */
    private Tensor alone(Tensor x, Tensor prompt, double scale, GuidedSteps steps) {
        Tensor y = x;
        for (int k = 0; k < 5; k++) {
            int t = ddim.timesteps()[k];
            Tensor c = new CountedLatents.Call(y, t, prompt).answer();
            Tensor u = new CountedLatents.Call(y, t, negative).answer();
            Tensor eps = c;
            if (scale > 1 && steps.includes(k)) {
                eps = Tensor.zeros(ONE);
                for (int i = 0; i < eps.data().length; i++) {
                    eps.data()[i] = (1 - scale) * u.data()[i] + scale * c.data()[i];
                }
            }
            y = ddim.step(y, eps, t, 0, null).toTensor();
        }
        return y;
    }

    private void check(double scale, GuidedSteps steps, int expected) {
        List<String> progress = new ArrayList<>();
        Tensor all = Generator.generate(noise, ddim, unet, prompts, negative, scale, steps, NONE,
                (k, step) -> progress.add(k + " at " + step.index()));
        assertEquals(noise.shape(), all.shape());
        for (int k = 0; k < 3; k++) {
            assertArrayEquals(alone(noise.slice(k, k + 1), prompts.get(k), scale, steps).data(),
                    all.slice(k, k + 1).data(), 1e-12, "latent " + k);
        }
        assertEquals(List.of("0 at 0", "1 at 0", "2 at 0", "0 at 1"), progress.subList(0, 4));
        assertEquals(15, progress.size());
        assertEquals(expected, calls.size());
        assertEquals(3, latents.live(), "only the results are left");
        assertTrue(latents.peak() <= Generator.latents(3, ddim), () -> latents.peak() + " live");
    }

    @Test
    void aGuidedBatchIsItsPartsOneByOne() {
        check(7.5, GuidedSteps.all(5), 5 * 6);
        assertEquals(0.3, calls.getFirst().context().data()[0], "the negative prompt comes first");
    }

    @Test
    void withoutGuidanceTheNegativePromptIsNotAsked() {
        check(1, GuidedSteps.all(5), 5 * 3);
    }

    /** Timesteps 999, 799, 599, 399, 199 of 1000: two are within, and at the others the negative prompt is not asked. */
    @Test
    void outsideTheIntervalTheNegativePromptIsNotAsked() {
        check(7.5, GuidedSteps.within(ddim.networkTimesteps(), 1000, 0.399, 0.7), 2 * 6 + 3 * 3);
        assertEquals(1, calls.getFirst().context().data()[0]);
    }

    @Test
    void guidedSteps() {
        double[] t = ddim.networkTimesteps();
        assertEquals(5, GuidedSteps.within(t, 1000, 0, 1).count(0));
        assertEquals(3, GuidedSteps.within(t, 1000, 0, 1).count(2));
        assertEquals(0, GuidedSteps.within(t, 1000, 0.2, 0.3).count(0));
        assertEquals(1, GuidedSteps.within(t, 1000, 0.999, 0.999).count(0), "both ends are within");
        assertEquals(5, GuidedSteps.first(5, 1).count(0));
        assertEquals(1, GuidedSteps.first(5, 1e-300).count(0));
        assertEquals(2, GuidedSteps.first(5, 0.4).count(0));
        assertEquals(3, GuidedSteps.first(5, 0.41).count(0));
        assertEquals(7, GuidedSteps.first(100, 0.07).count(0), "0.07 times 100 is a little more than 7");
        GuidedSteps two = GuidedSteps.first(5, 0.4);
        assertTrue(two.includes(1) && !two.includes(2));
        assertEquals(2 * 2 + 3, two.evaluations(0, 2, 1, 1));
        assertEquals(2 + 3, two.evaluations(1, 2, 1, 1));
        assertEquals(2 + 1 + 1, two.evaluations(0, 2, 1, 2), "steps 0, 2 and 4");
        assertEquals(2 + 1, two.evaluations(0, 2, 1, 3), "steps 0 and 2, where guidance ends");
        assertEquals(2 * 2, two.evaluations(0, 2, 2, 3), "steps 0 and 3");
    }

    /** Outside of the interval the weight is 1, and the base prompt counts where cells are neither edited nor kept. */
    @Test
    void intervalOfAnEdit() {
        List<Tensor> draws = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            draws.add(Fixtures.random(ONE, 20 + i));
        }
        Inversion inverted = Inversion.of(Fixtures.random(ONE, 9), draws, ddim, unet, negative, 0, 1, 2, null,
                (done, total) -> {});
        Tensor half = Tensor.zeros(Shape.of(1, 1, 3, 5));
        for (int i = 0; i < 15; i += 2) {
            half.data()[i] = 1;
        }
        Tensor rest = half.map(v -> 1 - v);
        Tensor less = rest.map(v -> v);
        less.data()[1] = 0;
        GuidedSteps first = GuidedSteps.first(5, 0.4);
        for (Editor.Mode mode : Editor.Mode.values()) {
            boolean paper = mode == Editor.Mode.PAPER;
            assertEquals(2 * 2 + 3, branches(inverted, 7.5, half, rest, mode, first));
            assertEquals(paper ? 10 : 2 * 2 + 3, branches(inverted, 7.5, half, less, mode, first));
            assertEquals(10, branches(inverted, 7.5, half, null, mode, first));
            assertEquals(2 * 2 + 3, branches(inverted, 7.5, half.map(v -> 1), null, mode, first));
            assertEquals(10, branches(inverted, 0.5, half, rest, mode, first));
            assertEquals(2 * 2 + 3, branches(inverted, 1, half, rest, mode, first));
            assertEquals(10, branches(inverted, 7.5, half, rest, mode, GuidedSteps.all(5)));
        }
        assertEquals("there are several prompts",
                Editor.needOfBase(ddim, new double[]{1, 1}, half, rest, Editor.Mode.PAPER));
    }

    /** Evaluations of an edit, whose result is that of the formulas. */
    private int branches(Inversion inverted, double weight, Tensor edit, Tensor keep, Editor.Mode mode,
            GuidedSteps guided) {
        Tensor prompt = prompts.getLast();
        Latents y = inverted.x().get(5);
        for (int i = 0; i < 5; i++) {
            int t = ddim.timesteps()[i];
            Tensor u = new CountedLatents.Call(y.toTensor(), t, negative).answer();
            Tensor c = new CountedLatents.Call(y.toTensor(), t, prompt).answer();
            double w = guided.includes(i) ? weight : Math.min(weight, 1);
            Tensor eps = u.sum(new double[]{1 - w, w}, c).toTensor().where(edit, u).toTensor();
            Tensor free = ddim.step(y.toTensor(), eps, t, 1, inverted.z().get(i).toTensor()).toTensor();
            y = keep == null
                    ? free
                    : mode == Editor.Mode.PAPER
                            ? inverted.x().get(4 - i).toTensor().where(keep, free)
                            : free.where(edit, inverted.x().get(5 - i).toTensor());
        }
        calls.clear();
        Tensor edited = Editor.edit(inverted, ddim, unet, new Editor.Plan(negative, List.of(prompt),
                new double[]{weight}, edit, keep, 0, 1, mode, guided), s -> {});
        assertArrayEquals(y.toTensor().data(), edited.data(), 1e-12);
        return calls.size();
    }

    @Test
    void roomForABatch() {
        assertEquals(9, Generator.latents(1, ddim));
        assertEquals(15, Generator.latents(3, ddim));
    }

    @Test
    void editingKeepsToTheRoomThatItDeclares() {
        List<Tensor> draws = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            draws.add(Fixtures.random(ONE, 20 + i));
        }
        Tensor x0 = Fixtures.random(ONE, 9);
        List<String> levels = new ArrayList<>();
        Inversion inverted = Inversion.of(x0, draws, ddim, unet, negative, 1, 1, 2, null,
                (done, total) -> levels.add(done + "/" + total));
        assertEquals(List.of("2/3", "3/3"), levels);
        assertEquals(5 + 5 - 1, latents.live(), "x[0] to x[4], z[1] to z[4]");
        assertTrue(latents.peak() <= Inversion.latents(5, 2), () -> latents.peak() + " live");
        assertEquals(16, Inversion.latents(5, 2));
        int kept = latents.live();

        // what is at each level, and the noise between levels, by the formulas
        int[] t = ddim.timesteps();
        for (int i = 1; i < 5; i++) {
            double a = Math.sqrt(ddim.alphaCumprod(t[i]));
            double b = Math.sqrt(1 - ddim.alphaCumprod(t[i]));
            double[] x = inverted.x().get(5 - i).toTensor().data();
            for (int k = 0; k < x.length; k++) {
                assertEquals(a * x0.data()[k] + b * draws.get(4 - i).data()[k], x[k], 1e-12);
            }
        }

        Tensor half = Tensor.zeros(Shape.of(1, 1, 3, 5));
        for (int i = 0; i < 15; i += 2) {
            half.data()[i] = 1;
        }
        List<Integer> steps = new ArrayList<>();
        for (Editor.Mode mode : Editor.Mode.values()) {
            for (Tensor keep : new Tensor[]{null, half.map(v -> 1 - v)}) {
                Editor.Plan plan = new Editor.Plan(negative, prompts, new double[]{1, 2, 3}, half, keep, 1, 1, mode,
                        GuidedSteps.all(5));
                Tensor y = Editor.edit(inverted, ddim, unet, plan, s -> {
                    steps.add(s.index());
                    assertTrue(Double.isFinite(s.output().toTensor().data()[0] + s.after().toTensor().data()[0]));
                });
                assertEquals(kept + 1, latents.live(), "the result alone is new");
                assertTrue(latents.peak() <= kept + Editor.latents(4) + 1);
                latents.closeHolding(y);
            }
        }
        assertEquals(List.of(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4), steps);
        assertEquals(12, Editor.latents(4));
    }

    @Test
    void guidanceWeighsPromptsInsideTheMaskOnly() {
        Tensor u = Fixtures.random(ONE, 1);
        List<Latents> c = List.of(Fixtures.random(ONE, 2), Fixtures.random(ONE, 3));
        Tensor mask = Tensor.zeros(Shape.of(1, 1, 3, 5));
        mask.data()[4] = 1;
        double[] w = {2, -0.5};
        double[] inside = Guidance.masked(u, c, w, null).toTensor().data();
        double[] masked = Guidance.masked(u, c, w, mask).toTensor().data();
        for (int i = 0; i < masked.length; i++) {
            double expected = u.data()[i] + 2 * (c.get(0).toTensor().data()[i] - u.data()[i])
                    - 0.5 * (c.get(1).toTensor().data()[i] - u.data()[i]);
            assertEquals(expected, inside[i], 1e-12);
            assertEquals(i % 15 == 4 ? inside[i] : u.data()[i], masked[i]);
        }
    }
}
