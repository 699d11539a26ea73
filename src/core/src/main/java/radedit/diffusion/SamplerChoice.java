package radedit.diffusion;

import org.jspecify.annotations.Nullable;

/**
 * What a user chooses of a sampler; the model's scheduler decides the rest.
 *
 * @param method
 *            the method; null for the scheduler's
 * @param sigmas
 *            how noise levels are chosen; null for the scheduler's way
 * @param spacing
 *            how timesteps are chosen; null for the scheduler's way
 */
public record SamplerChoice(@Nullable SamplerMethod method, @Nullable SigmaSpacing sigmas,
        TimestepSpacing.@Nullable Rule spacing) {
    /** Everything as the model's scheduler says. */
    public static final SamplerChoice OF_MODEL = new SamplerChoice(null, null, null);

    /**
     * {@return a method, with everything else as the model's scheduler says}
     *
     * @param method
     *            the method
     */
    public static SamplerChoice of(SamplerMethod method) {
        return new SamplerChoice(method, null, null);
    }

    /**
     * {@return this with noise levels chosen in a way}
     *
     * @param way
     *            the way
     */
    public SamplerChoice sigmas(SigmaSpacing way) {
        return new SamplerChoice(method, way, spacing);
    }

    /**
     * {@return this with timesteps chosen by a rule}
     *
     * @param rule
     *            the rule
     */
    public SamplerChoice spacing(TimestepSpacing.Rule rule) {
        return new SamplerChoice(method, sigmas, rule);
    }
}
