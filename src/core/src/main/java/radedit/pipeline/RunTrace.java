package radedit.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Ddim;
import radedit.diffusion.Inversion;
import radedit.diffusion.Sampler;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SamplerStep;
import radedit.tensor.Latents;
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

    /** Records the coefficients of the sampler of an edit: a row of timestep, abar and sigma for each step. */
    void sampler(Ddim ddim, double eta) {
        sampler(ddim, ddim.coefficients(eta), Map.of("columns", ddim.columns(), "eta", eta));
    }

    /** Records the coefficients of a sampler: a row for each evaluation of the network. */
    void sampler(Sampler sampler, SamplerMethod method) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("columns", sampler.columns());
        if (method == SamplerMethod.DDIM) {
            details.put("eta", 0.0);
        } else {
            details.put("method", method.toString());
        }
        sampler(sampler, sampler.coefficients(), details);
    }

    private void sampler(Sampler sampler, Tensor coefficients, Map<String, Object> details) {
        if (recorder.isOn()) {
            recorder.sampler(sampler.networkTimesteps());
            value("sampler", details, coefficients);
        }
    }

    /**
     * Records random numbers.
     *
     * @param offset
     *            how many the generator had drawn before
     */
    void draw(String name, Rng rng, long seed, long offset, boolean given, Tensor drawn) {
        draw(name, -1, rng, seed, offset, given, drawn);
    }

    /**
     * Records random numbers of a step.
     *
     * @param offset
     *            how many the generator had drawn before
     */
    void draw(String name, int step, Rng rng, long seed, long offset, boolean given, Tensor drawn) {
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
        recorder.host(name, step, from, () -> drawn);
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
