package radedit.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Cancellation;
import radedit.exec.LatentPool;
import radedit.exec.Program;
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
        List<Latents> all = inParts(batch, (part, from) -> runs.run(part, options));
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

    /** {@return the predictions for a batch, one part after the other} */
    List<Latents> inParts(Batch batch, PartRun run) {
        List<Latents> all = new ArrayList<>();
        try {
            for (int from = 0; from < batch.size(); from += limit) {
                all.addAll(run.run(batch.part(from, Math.min(from + limit, batch.size())), from));
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
        if (!(runs instanceof ReusingUNetRuns reusing)) {
            throw new IllegalStateException("deep features are of a UNet in parts");
        }
        Program.Run options = run(token);
        return new DeepCachePredictor(this, (part, features) -> {
            ReusingUNetRuns.Deep deep = reusing.run(part, options, pool::put, features);
            evaluations += features == null ? part.size() : 0;
            return deep;
        }, interval);
    }

    /** {@return the number of latents for which the whole network has been run} */
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
