package radedit.diffusion;

import java.util.Arrays;
import java.util.List;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** The network of a diffusion model, which predicts noise. */
@FunctionalInterface
public interface NoisePredictor {
    /**
     * What a prediction is wanted for.
     *
     * @param latents
     *            each [1, channels, height, width]
     * @param timesteps
     *            one for each latent
     * @param contexts
     *            one text embedding [1, tokens, channels] for each latent
     */
    record Batch(List<Latents> latents, double[] timesteps, List<Tensor> contexts) {
        /**
         * {@return several batches as one, in their order}
         *
         * @param batches
         *            the batches
         */
        public static Batch joined(List<Batch> batches) {
            return new Batch(batches.stream().flatMap(b -> b.latents.stream()).toList(),
                    batches.stream().flatMapToDouble(b -> Arrays.stream(b.timesteps)).toArray(),
                    batches.stream().flatMap(b -> b.contexts.stream()).toList());
        }

        /**
         * {@return a part of this batch}
         *
         * @param from
         *            index of its first latent
         * @param to
         *            index after its last latent
         */
        public Batch part(int from, int to) {
            return new Batch(latents.subList(from, to), Arrays.copyOfRange(timesteps, from, to),
                    contexts.subList(from, to));
        }

        /** {@return the number of latents} */
        public int size() {
            return timesteps.length;
        }
    }

    /**
     * Runs the network on a batch of latents.
     *
     * @param latents
     *            each [1, channels, height, width], from {@link #put} or earlier predictions
     * @param timesteps
     *            one for each latent; may be fractional
     * @param contexts
     *            one text embedding [1, tokens, channels] for each latent; must not be modified after the first call
     * @return the prediction for each latent, of its shape; the caller closes it
     */
    List<Latents> predict(List<Latents> latents, double[] timesteps, List<Tensor> contexts);

    /**
     * {@return latents where the network runs; the caller closes them}
     *
     * @param latents
     *            [1, channels, height, width] on the host
     */
    default Latents put(Tensor latents) {
        return latents;
    }
}
