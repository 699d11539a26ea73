package radedit.diffusion;

import java.util.List;

import radedit.tensor.Tensor;

/** Classifier-free guidance (Ho and Salimans, arXiv:2207.12598), plain and confined to a mask. */
public final class Guidance {
    private Guidance() {
    }

    /** u + scale (c - u). */
    public static Tensor combine(Tensor unconditional, Tensor conditional, double scale) {
        return masked(unconditional, List.of(conditional), new double[]{scale}, null);
    }

    /**
     * u + mask * sum over k of weight[k] (c[k] - u).
     *
     * @param unconditional
     *            u [1, channels, height, width]
     * @param conditional
     *            c, one for each prompt
     * @param mask
     *            [1, 1, height, width] of 0 and 1; null for 1 everywhere
     */
    public static Tensor masked(Tensor unconditional, List<Tensor> conditional, double[] weights, Tensor mask) {
        double[] u = unconditional.data();
        double[] out = u.clone();
        for (int k = 0; k < weights.length; k++) {
            double[] c = conditional.get(k).data();
            for (int i = 0; i < out.length; i++) {
                double m = mask == null ? 1 : mask.data()[i % mask.data().length];
                out[i] += m * weights[k] * (c[i] - u[i]);
            }
        }
        return Tensor.of(unconditional.shape(), out);
    }
}
