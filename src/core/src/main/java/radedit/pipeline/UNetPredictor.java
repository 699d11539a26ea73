package radedit.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Cancellation;
import radedit.exec.LatentPool;
import radedit.exec.Program;
import radedit.model.UNetSections.Cached;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** The UNet as a sampler's noise predictor, run on a limited number of latents at a time. */
final class UNetPredictor implements NoisePredictor, AutoCloseable {
    private final LatentPool pool;
    private final int limit;
    private final UNetRuns runs;
    private final @Nullable Cancellation cancellation;

    private long evaluations;

    /**
     * @param pool
     *            holds the latents; closed with this
     * @param runs
     *            runs the UNet, which nobody else may do meanwhile
     * @param cancellation
     *            ends a prediction early that has no cancellation of its own; null for none
     */
    UNetPredictor(LatentPool pool, int limit, UNetRuns runs, @Nullable Cancellation cancellation) {
        this.pool = pool;
        this.limit = limit;
        this.runs = runs;
        this.cancellation = cancellation;
    }

    @Override
    public List<Latents> predict(List<Latents> latents, double[] timesteps, List<Tensor> contexts) {
        return predict(new Batch(latents, timesteps, contexts), cancellation);
    }

    /**
     * {@return the prediction for each latent of a batch; the caller closes it}
     *
     * @param token
     *            ends the prediction early; null for none
     * @throws radedit.exec.CancelledException
     *             if it was cancelled
     */
    List<Latents> predict(Batch batch, @Nullable Cancellation token) {
        Program.Run options = run(token);
        List<Latents> all = inParts(batch, limit, (part, from) -> runs.run(part, options));
        evaluations += batch.size();
        return all;
    }

    private static Program.Run run(@Nullable Cancellation token) {
        return new Program.Run(Program.Timer.NONE, token, Set.of());
    }

    /** Runs the network on what fits in one run. */
    @FunctionalInterface
    interface PartRun {
        /**
         * {@return the prediction for each latent}
         *
         * @param from
         *            index of the part's first latent in the batch
         */
        List<Latents> run(Batch part, int from);
    }

    /**
     * {@return the predictions for a batch, one part after the other}
     *
     * @param most
     *            latents in a part, which are no more than fit in one run either
     */
    List<Latents> inParts(Batch batch, int most, PartRun run) {
        int size = Math.min(limit, most);
        List<Latents> all = new ArrayList<>();
        try {
            for (int from = 0; from < batch.size(); from += size) {
                all.addAll(run.run(batch.part(from, Math.min(from + size, batch.size())), from));
            }
        } catch (RuntimeException e) {
            all.forEach(Latents::close);
            throw e;
        }
        return all;
    }

    /** {@return this predictor, whose predictions end early by another cancellation; null for none} */
    NoisePredictor cancelledBy(@Nullable Cancellation token) {
        return new NoisePredictor() {
            @Override
            public List<Latents> predict(List<Latents> latents, double[] timesteps, List<Tensor> contexts) {
                return UNetPredictor.this.predict(new Batch(latents, timesteps, contexts), token);
            }

            @Override
            public Latents put(Tensor latents) {
                return UNetPredictor.this.put(latents);
            }
        };
    }

    /**
     * {@return a predictor for the steps of one sampling that runs the whole network at every n-th step only}
     *
     * @param interval
     *            n
     * @param token
     *            ends a prediction early; null for none
     */
    NoisePredictor deepCached(int interval, @Nullable Cancellation token) {
        ReusingUNetRuns reusing = reusing();
        Program.Run options = run(token);
        return new DeepCachePredictor(this, (part, features) -> {
            evaluations += features == null ? part.size() : 0;
            return reusing.run(Cached.DEEP_FEATURES, part, options, pool::put, features);
        }, interval);
    }

    /**
     * {@return a predictor for the steps of one guided sampling without cross-attention from a step on}
     *
     * @param guided
     *            number of steps before
     * @param token
     *            ends a prediction early; null for none
     */
    NoisePredictor gated(int guided, @Nullable Cancellation token) {
        ReusingUNetRuns reusing = reusing();
        Program.Run options = run(token);
        return new GatedPredictor(this, (part, attended) -> {
            evaluations += part.size();
            return reusing.run(Cached.CROSS_ATTENTION, part, options, pool::put, attended);
        }, guided, token);
    }

    private ReusingUNetRuns reusing() {
        if (!(runs instanceof ReusingUNetRuns reusing)) {
            throw new IllegalStateException("values to reuse are those of a UNet in parts");
        }
        return reusing;
    }

    /** {@return the number of latents for which the network has been run, other than given deep features} */
    long evaluations() {
        return evaluations;
    }

    @Override
    public Latents put(Tensor latents) {
        return pool.put(latents);
    }

    @Override
    public void close() {
        pool.close();
    }
}
