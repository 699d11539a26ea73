package radedit.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Predictions for the steps of one sampling in which the UNet is run whole only at every n-th step; at the others, its
 * deep features are those of the last whole run, and only its first and last layers are computed (DeepCache, Ma et al.,
 * arXiv:2312.00858, with branch 0 and uniform steps). The result is an approximation.
 */
final class DeepCachePredictor implements NoisePredictor {
    /** Runs the UNet. */
    @FunctionalInterface
    interface Runner {
        /**
         * {@return the predictions, and the features of a whole run}
         *
         * @param part
         *            what fits in one run
         * @param features
         *            the features to use; null to compute them
         */
        ReusingUNetRuns.Deep run(Batch part, @Nullable Tensor features);
    }

    private final NoisePredictor unet;
    private final Runner runner;
    private final int limit;
    private final int interval;
    /** The features of the last whole run, by the index of the first latent of a part of the batch. */
    private final Map<Integer, Tensor> features = new HashMap<>();
    private int steps;

    /**
     * @param unet
     *            holds the latents
     * @param limit
     *            latents per run
     * @param interval
     *            steps from one whole run to the next
     */
    DeepCachePredictor(NoisePredictor unet, Runner runner, int limit, int interval) {
        this.unet = unet;
        this.runner = runner;
        this.limit = limit;
        this.interval = interval;
    }

    @Override
    public List<Latents> predict(List<Latents> latents, double[] timesteps, List<Tensor> contexts) {
        Batch batch = new Batch(latents, timesteps, contexts);
        if (steps++ % interval == 0) {
            features.clear();
        }
        List<Latents> all = new ArrayList<>();
        try {
            for (int from = 0; from < batch.size(); from += limit) {
                ReusingUNetRuns.Deep run = runner.run(batch.part(from, Math.min(from + limit, batch.size())),
                        features.get(from));
                features.put(from, run.features());
                all.addAll(run.eps());
            }
        } catch (RuntimeException e) {
            all.forEach(Latents::close);
            throw e;
        }
        return all;
    }

    @Override
    public Latents put(Tensor latents) {
        return unet.put(latents);
    }
}
