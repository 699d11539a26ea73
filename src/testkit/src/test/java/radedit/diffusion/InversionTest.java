package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import radedit.audit.TensorErrors;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;

class InversionTest {
    private static final Shape LATENT = Shape.of(1, 4, 3, 5);
    private final Ddim ddim = new Ddim(Ddim.Config.MODEL_CARD, 10);
    private final Tensor x0 = Fixtures.random(LATENT, 1);
    private final Tensor context = Fixtures.random(Shape.of(1, 2, 3), 2);
    private final List<Integer> asked = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    /** Predicts something that depends on latent, timestep and text. */
    private final NoisePredictor unet = (latents, t, contexts) -> {
        batches.add(t.length);
        List<Latents> out = new ArrayList<>();
        for (int b = 0; b < t.length; b++) {
            asked.add((int) t[b]);
            Tensor one = latents.get(b).toTensor().map(v -> v);
            for (int i = 0; i < one.data().length; i++) {
                one.data()[i] = Math.sin(one.data()[i] + t[b] + contexts.get(b).data()[i % 6]);
            }
            out.add(one);
        }
        return out;
    };

    private Inversion invert(int first, int batch) {
        return invert(first, batch, null);
    }

    private Inversion invert(int first, int batch, Map<Integer, Tensor> found) {
        List<Tensor> noise = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            noise.add(Fixtures.random(LATENT, 10 + i));
        }
        return Inversion.of(x0, noise, ddim, unet, context, first, 1, batch, found, (d, t) -> {});
    }

    @Test
    void asksForNoStepBeforeTheSkipNorForTheLast() {
        Inversion inverted = invert(3, 4);
        assertEquals(List.of(699, 599, 499, 399, 299, 199), asked);
        assertEquals(List.of(4, 2), batches);
        assertNull(inverted.z().get(2));
        assertArrayEquals(new double[60], inverted.z().get(9).toTensor().data());
    }

    @Test
    void batchSizeChangesNothing() {
        List<Latents> one = invert(0, 1).z();
        List<Latents> many = invert(0, 100).z();
        for (int i = 0; i < 10; i++) {
            assertArrayEquals(one.get(i).toTensor().data(), many.get(i).toTensor().data());
        }
    }

    @Test
    void whatEarlierInversionsFoundIsNotComputedAgain() {
        List<Latents> alone = invert(2, 3).z();
        Map<Integer, Tensor> found = new HashMap<>();
        invert(5, 2, found);
        asked.clear();
        List<Latents> rest = invert(2, 3, found).z();
        assertEquals(List.of(799, 699, 599), asked, "only the noisier levels");
        asked.clear();
        List<Latents> again = invert(2, 3, found).z();
        assertEquals(List.of(), asked);
        for (int i = 2; i < 10; i++) {
            assertArrayEquals(alone.get(i).toTensor().data(), rest.get(i).toTensor().data());
            assertArrayEquals(alone.get(i).toTensor().data(), again.get(i).toTensor().data());
        }
        assertEquals(Set.of(2, 3, 4, 5, 6, 7, 8), found.keySet(), "the last step needs no noise");
    }

    @Test
    void denoisingWithTheNoiseFoundLeadsBack() {
        Inversion inverted = invert(2, 3);
        Tensor ones = Tensor.zeros(Shape.of(1, 1, 3, 5)).map(v -> 1);
        Editor.Plan plan = new Editor.Plan(context, List.of(context), new double[]{7.5}, ones, null, 2, 1,
                Editor.Mode.PAPER, GuidedSteps.all(10));
        Tensor y = Editor.edit(inverted, ddim, unet, plan, s -> {
            Tensor x = inverted.x().get(10 - s.index() - 1).toTensor();
            assertTrue(s.index() == 9 || TensorErrors.relative(s.after().toTensor(), x) < 1e-9, "step " + s.index());
            double a = ddim.alphaCumprod(ddim.timesteps()[s.index()]);
            Tensor noisy = s.before().toTensor();
            Tensor eps = s.output().toTensor();
            for (int k = 0; k < 60; k++) {
                assertEquals((noisy.data()[k] - Math.sqrt(1 - a) * eps.data()[k]) / Math.sqrt(a),
                        s.clean().data()[k], 1e-12);
            }
        });
        // The last step has no noise to correct it: it ends where the network says, not at x0.
        assertTrue(TensorErrors.relative(y, x0) > 1e-6);
    }

    @Test
    void theKeptRegionEndsAsTheFilmsOwnLatent() {
        Inversion inverted = invert(2, 3);
        Tensor edit = Tensor.zeros(Shape.of(1, 1, 3, 5));
        Tensor keep = Tensor.zeros(Shape.of(1, 1, 3, 5));
        for (int i = 0; i < 15; i++) {
            edit.data()[i] = i % 5 < 3 ? 1 : 0;
            keep.data()[i] = i % 5 > 1 ? 1 : 0; // overlaps the edit mask in one column
        }
        Tensor other = Fixtures.random(Shape.of(1, 2, 3), 99);
        Tensor y = Editor.edit(inverted, ddim, unet,
                new Editor.Plan(context, List.of(other), new double[]{7.5}, edit, keep, 2, 1, Editor.Mode.PAPER,
                        GuidedSteps.all(10)),
                s -> {});
        int changed = 0;
        for (int i = 0; i < 60; i++) {
            if (keep.data()[i % 15] == 1) {
                assertEquals(x0.data()[i], y.data()[i], "kept cell " + i);
            } else {
                changed += x0.data()[i] != y.data()[i] ? 1 : 0;
            }
        }
        assertTrue(changed > 20, "the rest changes");
    }

    @Test
    void releasedPutsTheNoisierLatentOutsideTheEditMask() {
        Inversion inverted = invert(2, 3);
        Tensor edit = Tensor.zeros(Shape.of(1, 1, 3, 5));
        edit.data()[7] = 1;
        Tensor keep = Tensor.zeros(Shape.of(1, 1, 3, 5));
        Tensor y = Editor.edit(inverted, ddim, unet,
                new Editor.Plan(context, List.of(context), new double[]{7.5}, edit, keep, 2, 1, Editor.Mode.RELEASED,
                        GuidedSteps.all(10)),
                s -> {});
        for (int i = 0; i < 60; i++) {
            if (i % 15 != 7) {
                assertEquals(inverted.x().get(1).toTensor().data()[i], y.data()[i]);
            }
        }
    }
}
