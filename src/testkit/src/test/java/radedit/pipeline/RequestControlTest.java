package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Cancellation;
import radedit.exec.CancelledException;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;

/** Ending a request early, and looking into the networks while it runs. */
class RequestControlTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY));

    private static GenerateRequest text() {
        return new GenerateRequest("Cardiomegaly").steps(4).seed(3);
    }

    private static EditRequest film() {
        Picture film = new Picture(8, 8, 1, new byte[64]);
        return new EditRequest(film, Mask.filled(8, 8, true)).prompt("Cardiomegaly").steps(4);
    }

    private static RadEdit open(int vaeTile) {
        return RadEdit.open(MODEL, new RunOptions("cpu", 2, 0, false, vaeTile));
    }

    /** Cancels in a phase and keeps what it heard of. */
    private static final class Canceller implements Listener {
        private final Cancellation token;
        private final String phase;
        private final List<String> heard = new ArrayList<>();

        Canceller(Cancellation token, String phase) {
            this.token = token;
            this.phase = phase;
        }

        @Override
        public void progress(String what, int done, int total) {
            assertFalse(token.isCancelled(), what + " after the end was asked for");
            heard.add(what);
            if (what.equals(phase)) {
                token.cancel();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoding", "inverting", "denoising", "decoding"})
    void aRequestEndsWhereItIsCancelledAndTheNextOneRuns(String phase) {
        try (RadEdit radEdit = open(0)) {
            double[] edited;
            try (RadEdit undisturbed = open(0)) {
                edited = undisturbed.edit(film()).latents().data();
            }
            Cancellation token = new Cancellation();
            Canceller listener = new Canceller(token, phase);
            if (phase.equals("encoding") || phase.equals("inverting")) {
                assertThrows(CancelledException.class, () -> radEdit.edit(film().cancellation(token), listener));
            } else {
                assertThrows(CancelledException.class, () -> radEdit.generate(text().cancellation(token), listener));
            }
            assertEquals(phase, listener.heard.getLast());
            assertArrayEquals(edited, radEdit.edit(film().cancellation(new Cancellation())).latents().data());
        }
    }

    @Test
    void whatIsCancelledBeforeItBeginsDoesNotBegin() {
        try (RadEdit radEdit = open(0)) {
            Cancellation token = new Cancellation();
            token.cancel();
            Canceller listener = new Canceller(token, "none");
            assertThrows(CancelledException.class, () -> radEdit.generate(text().cancellation(token), listener));
            assertThrows(CancelledException.class, () -> radEdit.edit(film().cancellation(token), listener));
            assertEquals(List.of(), listener.heard);
        }
    }

    /** Where the network predicts no noise, DDIM does nothing but scale what it began with. */
    @Test
    void requestsAreCheckedWhileAnotherRuns() {
        RadEdit radEdit = open(0);
        List<String> said = new ArrayList<>();
        try (radEdit) {
            radEdit.generate(text(), new Listener() {
                @Override
                public void progress(String what, int done, int total) {
                    radEdit.check(text());
                    radEdit.check(film());
                    said.add(assertThrows(InvalidRequestException.class, () -> radEdit.check(film().deepCache(0)))
                            .getMessage());
                    said.add(assertThrows(InvalidRequestException.class, () -> radEdit.check(film().steps(1001)))
                            .getMessage());
                    said.add(assertThrows(InvalidRequestException.class, () -> radEdit.check(text().size(9)))
                            .getMessage());
                }
            });
        }
        assertTrue(said.get(0).startsWith("deep cache must be from 1"), said.get(0));
        assertTrue(said.get(1).startsWith("steps must be from 1"), said.get(1));
        assertTrue(said.get(2).startsWith("size must be a multiple"), said.get(2));
        assertThrows(IllegalStateException.class, () -> radEdit.check(text()));
        assertThrows(IllegalStateException.class, () -> radEdit.check(film()));
    }

    @Test
    void aReplacedValueMakesThePicture() {
        try (RadEdit radEdit = open(0)) {
            Tensor usual = radEdit.generate(text()).latents();
            Tensor noise = Rng.TORCH.seeded(3).randn(usual.shape());
            Result r = radEdit.generate(text().probe(Part.UNET, Probe.replacing("conv_out", t -> t.map(v -> 0))));
            double scale = r.latents().data()[0] / noise.data()[0];
            for (int i = 0; i < noise.data().length; i++) {
                assertEquals(scale * noise.data()[i], r.latents().data()[i], 1e-9 * Math.abs(scale));
            }
            assertNotEquals(usual.data()[0], r.latents().data()[0]);
            assertEquals(List.of("unet"), r.settings().getFirst().get("probes"));
            Result again = radEdit.generate(text());
            assertArrayEquals(usual.data(), again.latents().data(), "a probe is for one request");
            assertFalse(again.settings().getFirst().containsKey("probes"));
        }
    }

    @Test
    void valuesOfEachNetworkAreSeen() {
        try (RadEdit radEdit = open(0)) {
            List<Tensor> latents = new ArrayList<>();
            List<Tensor> pictures = new ArrayList<>();
            List<Tensor> words = new ArrayList<>();
            Result r = radEdit.generate(text().probe(Part.UNET, Probe.watching("conv_out", latents::add))
                    .probe(Part.VAE, Probe.watching("decoder.conv_out", pictures::add))
                    .probe(Part.TEXT_ENCODER, Probe.watching("bert.encoder.layer.0.output.LayerNorm", words::add)));
            assertEquals(4, latents.size(), "one for each step");
            assertEquals(r.latents().shape().with(0, 2), latents.getFirst().shape(), "with and without the prompt");
            assertEquals(r.images().shape(), pictures.getFirst().shape());
            double v = Math.clamp(pictures.getFirst().data()[0] / 2 + 0.5, 0, 1);
            assertEquals(v, r.images().data()[0]);
            assertEquals(2, words.size(), "the prompt and the negative one");
        }
    }

    @Test
    void aProbeThatWouldSeeNothingIsRefused() {
        Probe misspelled = Probe.watching("conv_uot", t -> {});
        try (RadEdit radEdit = open(0); RadEdit striped = open(8)) {
            String why = assertThrows(InvalidRequestException.class,
                    () -> radEdit.generate(text().probe(Part.UNET, misspelled))).getMessage();
            assertEquals("the probe names no value of the unet", why);
            assertThrows(InvalidRequestException.class,
                    () -> radEdit.edit(film().probe(Part.SCHEDULER, misspelled)));
            why = assertThrows(InvalidRequestException.class, () -> striped.generate(
                    text().probe(Part.VAE, Probe.watching("decoder.conv_out", t -> {})))).getMessage();
            assertTrue(why.contains("VAE tile"), why);
        }
    }

    @Test
    void aTryWhoseScoreIsNoNumberNeverWins() {
        Judgement.Try none = new Judgement.Try(1, Double.NaN, null);
        Judgement.Try worst = new Judgement.Try(2, -1, null);
        assertTrue(worst.isBetterThan(none));
        assertFalse(none.isBetterThan(worst));
        assertFalse(none.isBetterThan(none));
        assertTrue(new Judgement.Try(3, Double.NaN, -0.5).isBetterThan(new Judgement.Try(4, 0.9, Double.NaN)),
                "the edit score counts where there is one");
        assertFalse(new Judgement(List.of(none), 0, -1.0).passed());
    }
}
