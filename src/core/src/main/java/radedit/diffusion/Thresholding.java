package radedit.diffusion;

import java.util.Arrays;

import radedit.tensor.Latents;

/** What is done to a predicted clean latent that leaves the range of training (Saharia et al., arXiv:2205.11487, 2.3). */
public sealed interface Thresholding {
    /** Nothing. */
    Thresholding NONE = new None();

    /**
     * {@return the clean latent with the threshold applied}
     *
     * @param x0
     *            the predicted clean latent of one picture; closed, unless it is what is returned
     */
    Latents apply(Latents x0);

    /** No threshold. */
    record None() implements Thresholding {
        @Override
        public Latents apply(Latents x0) {
            return x0;
        }
    }

    /**
     * Static thresholding: each element is clamped. clip_sample of diffusers.
     *
     * @param range
     *            largest magnitude, above 0
     */
    record Static(double range) implements Thresholding {
        @Override
        public Latents apply(Latents x0) {
            try (x0) {
                return x0.clamp(range);
            }
        }
    }

    /**
     * Dynamic thresholding: elements are clamped to a quantile s of their magnitudes, at least 1, and divided by s. The
     * quantile is computed on the host, from a copy of latents that are on a device.
     *
     * @param ratio
     *            which quantile, 0 to 1
     * @param most
     *            upper limit of s; where it is below 1, s is that
     */
    record Dynamic(double ratio, double most) implements Thresholding {
        @Override
        public Latents apply(Latents x0) {
            double s = Math.min(Math.max(quantile(x0.toTensor().data()), 1), most);
            try (x0; Latents clamped = x0.clamp(s)) {
                return clamped.sum(new double[]{1 / s});
            }
        }

        /** The quantile of magnitudes, with linear interpolation as torch.quantile has it. */
        private double quantile(double[] values) {
            double[] sorted = Arrays.stream(values).map(Math::abs).sorted().toArray();
            double rank = ratio * (sorted.length - 1);
            int below = (int) rank;
            int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
        }
    }
}
