package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** Edits of one film share its encoding and inversion: fewer evaluations, the same result to the bit. */
class SharedWorkTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY));
    private static final int STEPS = 20;

    /** Evaluations of the UNet and previews of each request. */
    private static final class Counter implements Listener {
        private final List<String> evaluations = new ArrayList<>();
        private final List<Preview> previews = new ArrayList<>();

        @Override
        public void evaluations(long computed, long shared) {
            evaluations.add(computed + " and " + shared);
        }

        @Override
        public boolean wantsPreviews() {
            return true;
        }

        @Override
        public void preview(Preview p) {
            previews.add(p);
        }
    }

    private static EditRequest edit(int film, String prompt) {
        byte[] samples = new byte[32 * 32];
        new Random(film).nextBytes(samples);
        return new EditRequest(new Picture(32, 32, 1, samples), Mask.filled(32, 32, true)).prompt(prompt).steps(STEPS);
    }

    private static List<EditRequest> requests() {
        return List.of(edit(1, "Cardiomegaly"), edit(1, "Pneumothorax"), edit(1, "Pneumothorax").skipRatio(0.1),
                edit(1, "Effusion").skipRatio(0.6), edit(1, "Effusion").seed(1), edit(1, "Effusion").eta(0.5),
                edit(1, "Effusion").invertPrompt("Normal"), edit(1, "Effusion").steps(10), edit(2, "Effusion"),
                edit(1, "Pneumothorax").prompt("Effusion", 3));
    }

    @Test
    void aSecondEditOfAFilmIsSparedTheInversion() {
        Counter counter = new Counter();
        try (RadEdit together = RadEdit.open(MODEL, new RunOptions("cpu", 2, 0))) {
            for (EditRequest r : requests()) {
                double[] shared = together.edit(r, counter).images().data();
                try (RadEdit alone = RadEdit.open(MODEL, new RunOptions("cpu", 2, 0))) {
                    assertArrayEquals(alone.edit(r).images().data(), shared);
                }
            }
        }
        // 14 steps after the skip: 13 of the inversion, as the last needs none, and 28 of two branches
        assertEquals(List.of("41 and 0", "28 and 13", "40 and 13", "16 and 7", "41 and 0", "41 and 0", "41 and 0",
                "20 and 0", "41 and 0", "42 and 13"), counter.evaluations);
    }

    @Test
    void whatAProbeMayHaveChangedIsNotShared() {
        Counter counter = new Counter();
        try (RadEdit radEdit = RadEdit.open(MODEL, new RunOptions("cpu", 2, 0))) {
            double[] usual = radEdit.edit(edit(1, "Effusion"), counter).images().data();
            radEdit.edit(edit(1, "Effusion").probe(Part.UNET, Probe.replacing("conv_out", t -> t.map(v -> 0))),
                    counter);
            assertArrayEquals(usual, radEdit.edit(edit(1, "Effusion"), counter).images().data());
        }
        assertEquals(List.of("41 and 0", "41 and 0", "28 and 13"), counter.evaluations);
    }

    @Test
    void previewsFollowEachStep() {
        Counter counter = new Counter();
        try (RadEdit radEdit = RadEdit.open(MODEL, new RunOptions("cpu", 2, 0))) {
            Result r = radEdit.edit(edit(1, "Effusion"), counter);
            assertEquals(14, counter.previews.size());
            Preview last = counter.previews.getLast();
            assertEquals("14 of 14", last.done() + " of " + last.total());
            assertEquals(r.latents().shape(), last.latent().shape());
            assertEquals(r.latents().shape().dim(3), last.picture().width());

            counter.previews.clear();
            double[] watched = radEdit.generate(new GenerateRequest("A", "B").steps(3), counter).images().data();
            assertEquals(List.of("0 at 1", "1 at 1", "0 at 2", "1 at 2", "0 at 3", "1 at 3"),
                    counter.previews.stream().map(p -> p.index() + " at " + p.done()).toList());
            assertArrayEquals(watched, radEdit.generate(new GenerateRequest("A", "B").steps(3)).images().data());
            assertTrue(counter.evaluations.getLast().equals("12 and 0"), counter.evaluations::toString);
        }
    }
}
