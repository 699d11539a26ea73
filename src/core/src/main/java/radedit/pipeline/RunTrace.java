package radedit.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Ddim;
import radedit.diffusion.Inversion;
import radedit.diffusion.SamplerStep;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.trace.Recorder;

/** Records the arithmetic of a request on the host, which lies between the networks. */
final class RunTrace {
    private final Recorder recorder;

    RunTrace(Recorder recorder) {
        this.recorder = recorder;
    }

    /** {@return whether anything is recorded} */
    boolean isOn() {
        return recorder.isOn();
    }

    /** Records a value that belongs to no step. */
    void value(String name, Map<String, Object> details, @Nullable Tensor value) {
        if (recorder.isOn() && value != null) {
            recorder.host(name, -1, details, () -> value);
        }
    }

    /** Records the sampler's coefficients: a row of timestep, abar and sigma for each step. */
    void sampler(Ddim ddim, double eta) {
        if (!recorder.isOn()) {
            return;
        }
        int[] t = ddim.timesteps();
        recorder.sampler(t);
        Tensor rows = Tensor.zeros(Shape.of(t.length, 3));
        for (int i = 0; i < t.length; i++) {
            rows.data()[3 * i] = t[i];
            rows.data()[3 * i + 1] = ddim.alphaCumprod(t[i]);
            rows.data()[3 * i + 2] = ddim.sigma(t[i], eta);
        }
        value("sampler", Map.of("columns", List.of("timestep", "alpha_cumprod", "sigma"), "eta", eta), rows);
    }

    /**
     * Records random numbers.
     *
     * @param offset
     *            how many the generator had drawn before
     */
    void draw(String name, Rng rng, long seed, long offset, boolean given, Tensor drawn) {
        if (!recorder.isOn()) {
            return;
        }
        Map<String, Object> from = new LinkedHashMap<>();
        if (given) {
            from.put("given", true);
        } else {
            from.put("generator", rng.toString());
            from.put("seed", seed);
            from.put("offset", offset);
        }
        value(name, from, drawn);
    }

    /** Records the embedding of a text. */
    void context(String text, Tensor embedding) {
        value("context", Map.of("text", text), embedding);
    }

    /** {@return what records an inversion and passes its progress on} */
    Inversion.Progress inversion(Inversion.Progress progress) {
        if (!recorder.isOn()) {
            return progress;
        }
        return new Inversion.Progress() {
            @Override
            public void levels(int done, int total) {
                progress.levels(done, total);
            }

            @Override
            public void noised(int step, Latents x) {
                recorder.host("inversion.x", step, Map.of(), x::toTensor);
            }

            @Override
            public void found(int step, Latents z, boolean known) {
                recorder.host("inversion.z", step, known ? Map.of("reused", true) : Map.of(), z::toTensor);
            }
        };
    }

    /** Records a step of the sampler for a picture. */
    void step(int picture, SamplerStep s) {
        if (!recorder.isOn()) {
            return;
        }
        Map<String, Object> which = picture == 0 ? Map.of() : Map.of("picture", picture);
        recorder.host("guidance", s.index(), which, s.output()::toTensor);
        Latents free = s.free();
        recorder.host("step", s.index(), which, free == null ? s.after()::toTensor : free::toTensor);
        if (free != null) {
            recorder.host("paste", s.index(), which, s.after()::toTensor);
        }
    }
}
