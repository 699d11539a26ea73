package radedit.diffusion;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** Classifier-free guidance (Ho and Salimans, arXiv:2207.12598), everywhere or inside a mask. */
public final class Guidance {
    private Guidance() {
    }

    /**
     * {@return u + scale (c - u)}
     *
     * @param unconditional
     *            u [1, channels, height, width]
     * @param conditional
     *            c, of the same shape
     * @param scale
     *            guidance scale
     */
    public static Latents combine(Latents unconditional, Latents conditional, double scale) {
        return masked(unconditional, List.of(conditional), new double[]{scale}, null);
    }

    /**
     * {@return u + mask * sum over k of weight[k] (c[k] - u)}
     *
     * @param unconditional
     *            u [1, channels, height, width]
     * @param conditional
     *            c, one of the same shape for each prompt
     * @param weights
     *            guidance weight of each prompt
     * @param mask
     *            [1, 1, height, width] of 0 and 1; null for 1 everywhere
     */
    public static Latents masked(Latents unconditional, List<Latents> conditional, double[] weights,
            @Nullable Tensor mask) {
        double[] factors = new double[1 + weights.length];
        factors[0] = 1 - Arrays.stream(weights).sum();
        System.arraycopy(weights, 0, factors, 1, weights.length);
        Latents everywhere = unconditional.sum(factors, conditional.toArray(Latents[]::new));
        if (mask == null) {
            return everywhere;
        }
        try (everywhere) {
            return everywhere.where(mask, unconditional);
        }
    }
}
