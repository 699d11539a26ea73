package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

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
    private Tensor alone(Tensor x, Tensor prompt, double scale) {
        Tensor y = x;
        for (int t : ddim.timesteps()) {
            Tensor c = new CountedLatents.Call(y, t, prompt).answer();
            Tensor u = new CountedLatents.Call(y, t, negative).answer();
            Tensor eps = c;
            if (scale > 1) {
                eps = Tensor.zeros(ONE);
                for (int i = 0; i < eps.data().length; i++) {
                    eps.data()[i] = (1 - scale) * u.data()[i] + scale * c.data()[i];
                }
            }
            y = ddim.step(y, eps, t, 0, null).toTensor();
        }
        return y;
    }

    private void check(double scale, int callsOfAStep) {
        List<String> progress = new ArrayList<>();
        Tensor all = Generator.generate(noise, ddim, unet, prompts, negative, scale, NONE,
                (k, step) -> progress.add(k + " at " + step.index()));
        assertEquals(noise.shape(), all.shape());
        for (int k = 0; k < 3; k++) {
            assertArrayEquals(alone(noise.slice(k, k + 1), prompts.get(k), scale).data(),
                    all.slice(k, k + 1).data(), 1e-12, "latent " + k);
        }
        assertEquals(List.of("0 at 0", "1 at 0", "2 at 0", "0 at 1"), progress.subList(0, 4));
        assertEquals(15, progress.size());
        assertEquals(5 * callsOfAStep, calls.size());
        assertEquals(3, latents.live(), "only the results are left");
        assertTrue(latents.peak() <= Generator.latents(3, ddim), () -> latents.peak() + " live");
    }

    @Test
    void aGuidedBatchIsItsPartsOneByOne() {
        check(7.5, 6);
        assertEquals(0.3, calls.getFirst().context().data()[0], "the negative prompt comes first");
    }

    @Test
    void withoutGuidanceTheNegativePromptIsNotAsked() {
        check(1, 3);
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
                Editor.Plan plan = new Editor.Plan(negative, prompts, new double[]{1, 2, 3}, half, keep, 1, 1, mode);
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
