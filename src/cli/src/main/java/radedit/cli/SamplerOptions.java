package radedit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.TimestepSpacing;
import radedit.pipeline.GenerateRequest;

/** How a film is generated: the sampler, its steps, and how many of them are guided. */
final class SamplerOptions {
    @Option(names = "--steps", paramLabel = "N", description = "denoising steps (default: what suits the sampler: 100 ddim, 25 dpm++2m and dpm++2m_sde, 20 unipc, 30 euler and euler_a, 50 pndm and plms, 4 lcm)")
    private @Nullable Integer steps;

    @Option(names = "--sampler", paramLabel = "NAME", description = "ddim, dpm++2m, dpm++2m_sde, unipc, euler, euler_a, pndm, plms or lcm (for distilled models) (default: that of the model's scheduler)")
    private @Nullable SamplerMethod method;

    @Option(names = "--sigmas", paramLabel = "NAME", description = "noise levels of dpm++2m, dpm++2m_sde, unipc and euler: discrete (those of the timesteps), karras or exponential (default: as the model's scheduler)")
    private @Nullable SigmaSpacing sigmas;

    @Option(names = "--spacing", paramLabel = "NAME", description = "how timesteps are chosen: leading, trailing or linspace (default: as the model's scheduler)")
    private TimestepSpacing.@Nullable Rule spacing;

    @Option(names = "--unguided-after", paramLabel = "X", defaultValue = "1", description = "after this share of the steps, evaluate one branch without cross-attention, whose results are those of the last guided step (T-GATE): faster, an approximation, recorded (default: ${DEFAULT-VALUE}, exact)")
    private double unguidedAfter;

    /** Sets what was given. */
    GenerateRequest set(GenerateRequest r) {
        r.unguidedAfter(unguidedAfter);
        if (steps != null) {
            r.steps(steps);
        }
        return r.sampler(new SamplerChoice(method, sigmas, spacing));
    }
}
