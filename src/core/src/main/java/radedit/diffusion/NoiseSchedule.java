package radedit.diffusion;

import java.util.List;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * The noise schedule that a model was trained with: how much noise a latent has at each training timestep.
 *
 * @param trainTimesteps
 *            number of training timesteps
 * @param betaStart
 *            beta of the first training timestep, 0 to 1
 * @param betaEnd
 *            beta of the last training timestep, 0 to 1
 * @param betas
 *            how beta grows in between
 */
public record NoiseSchedule(int trainTimesteps, double betaStart, double betaEnd, Betas betas) {
    /** The schedule of the model card. */
    public static final NoiseSchedule MODEL_CARD = new NoiseSchedule(1000, 0.0001, 0.02, Betas.LINEAR);

    /** Columns of {@link #table}. */
    static final List<String> COLUMNS = List.of("timestep", "alpha_cumprod");

    /** How beta grows over the training timesteps. */
    public enum Betas {
        /** Linear. */
        LINEAR,
        /** Linear in the square root. */
        SCALED_LINEAR,
        /** From a squared-cosine abar (Nichol and Dhariwal, arXiv:2102.09672, formula 17), at most 0.999. */
        SQUAREDCOS_CAP_V2
    }

    /**
     * {@return abar[t] = product of 1 - beta[s] for s = 0..t, for every training timestep}
     *
     * <p>
     * It is computed in float32, with sums and products in the order of diffusers, because it is part of the model.
     */
    public float[] alphasCumprod() {
        float[] out = new float[trainTimesteps];
        // torch.cumprod keeps its running product in float64 and rounds what it stores
        double product = 1;
        for (int t = 0; t < out.length; t++) {
            product *= 1 - beta(t);
            out[t] = (float) product;
        }
        return out;
    }

    /** {@return a row of timestep and abar for each of some training timesteps} */
    static Tensor table(int[] timesteps, float[] alphasCumprod) {
        Tensor rows = Tensor.zeros(Shape.of(timesteps.length, COLUMNS.size()));
        for (int i = 0; i < timesteps.length; i++) {
            rows.data()[2 * i] = timesteps[i];
            rows.data()[2 * i + 1] = alphasCumprod[timesteps[i]];
        }
        return rows;
    }

    private float beta(int t) {
        return switch (betas) {
            case LINEAR -> linspace((float) betaStart, (float) betaEnd, t);
            case SCALED_LINEAR -> {
                float root = linspace((float) Math.sqrt(betaStart), (float) Math.sqrt(betaEnd), t);
                yield root * root;
            }
            case SQUAREDCOS_CAP_V2 -> (float) Math.min(
                    1 - cosine((t + 1.0) / trainTimesteps) / cosine((double) t / trainTimesteps), 0.999);
        };
    }

    /** torch.linspace in float32: counted from the start in the first half, from the end in the second. */
    private float linspace(float start, float end, int i) {
        float step = (end - start) / (trainTimesteps - 1);
        return i < trainTimesteps / 2
                ? Math.fma(step, i, start)
                : Math.fma(-step, trainTimesteps - 1 - i, end);
    }

    private static double cosine(double t) {
        return Math.pow(Math.cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
    }

    /**
     * {@return sigma[t] = sqrt((1 - abar[t]) / abar[t]), the ratio of noise to signal (Karras et al., arXiv:2206.00364), for
     * every training timestep; in float32, as diffusers has it}
     */
    float[] sigmas() {
        float[] out = alphasCumprod();
        for (int t = 0; t < out.length; t++) {
            float ratio = (1 - out[t]) / out[t];
            out[t] = (float) Math.sqrt(ratio);
        }
        return out;
    }
}
