package radedit.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import radedit.diffusion.NoisePredictor;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Predictions for the steps of one sampling in which the UNet is run whole only at every n-th step; at the others, its
 * deep features are those of the last whole run, and only its first and last layers are computed (DeepCache, Ma et al.,
 * arXiv:2312.00858, with branch 0 and uniform steps). Where guidance begins or ends, and with it the texts change, it is run
 * whole, and steps are counted anew. The result is an approximation.
 */
final class DeepCachePredictor implements NoisePredictor {
    private final UNetPredictor unet;
    private final ReusingUNetRuns.Runner runner;
    private final int interval;
    /** The features of the last whole run, by the index of the first latent of a part of the batch. */
    private final Map<Integer, Map<String, Tensor>> features = new HashMap<>();
    /** The texts of the last step. */
    private List<Tensor> texts = List.of();
    /** Steps since the last whole run. */
    private int steps;

    /**
     * @param unet
     *            holds the latents and knows how many fit in one run
     * @param interval
     *            steps from one whole run to the next
     */
    DeepCachePredictor(UNetPredictor unet, ReusingUNetRuns.Runner runner, int interval) {
        this.unet = unet;
        this.runner = runner;
        this.interval = interval;
    }

    @Override
    public List<Latents> predict(List<Latents> latents, double[] timesteps, List<Tensor> contexts) {
        if (steps == interval || !texts.equals(contexts)) {
            features.clear();
            texts = List.copyOf(contexts);
            steps = 0;
        }
        steps++;
        Batch batch = new Batch(latents, timesteps, contexts);
        return unet.inParts(batch, batch.size(), (part, from) -> {
            ReusingUNetRuns.WithValues run = runner.run(part, features.get(from));
            features.put(from, run.values());
            return run.eps();
        });
    }

    @Override
    public Latents put(Tensor latents) {
        return unet.put(latents);
    }
}
