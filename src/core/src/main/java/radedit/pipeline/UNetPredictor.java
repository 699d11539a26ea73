package radedit.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Cancellation;
import radedit.exec.LatentPool;
import radedit.exec.Program;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** The UNet as a sampler's noise predictor, run on a limited number of latents at a time. */
final class UNetPredictor implements NoisePredictor, AutoCloseable {
    private static final String CONTEXT = "encoder_hidden_states";

    private final LatentPool pool;
    private final int limit;
    private final IntFunction<Program> unets;
    private final @Nullable Cancellation cancellation;
    /** Concatenated embeddings of a batch; they are the same at every step. */
    private final Map<List<Tensor>, Tensor> joined = new HashMap<>();
    /** The concatenated embeddings that each program, by batch, was given last and still has on its device. */
    private final Map<Integer, Tensor> last = new HashMap<>();

    private long evaluations;

    /**
     * @param pool
     *            holds the latents; closed with this
     * @param unets
     *            the UNet by batch, which nobody else may run meanwhile
     * @param cancellation
     *            ends a prediction early that has no cancellation of its own; null for none
     */
    UNetPredictor(LatentPool pool, int limit, IntFunction<Program> unets, @Nullable Cancellation cancellation) {
        this.pool = pool;
        this.limit = limit;
        this.unets = unets;
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
        Program.Run options = new Program.Run(Program.Timer.NONE, token, Set.of());
        List<Latents> all = new ArrayList<>();
        try {
            for (int from = 0; from < batch.size(); from += limit) {
                all.addAll(run(batch, from, Math.min(limit, batch.size() - from), options));
            }
        } catch (RuntimeException e) {
            all.forEach(Latents::close);
            throw e;
        }
        evaluations += batch.size();
        return all;
    }

    private List<Latents> run(Batch batch, int from, int n, Program.Run options) {
        Tensor t = Tensor.zeros(Shape.of(n));
        for (int i = 0; i < n; i++) {
            t.data()[i] = batch.timesteps()[from + i];
        }
        Tensor context = joined.computeIfAbsent(List.copyOf(batch.contexts().subList(from, from + n)), Tensor::concat);
        // What a run that fails has left on the device is unknown.
        Program.Run run = last.remove(n) == context ? options.withUnchanged(CONTEXT) : options;
        List<Latents> eps = unets.apply(n).run("sample", batch.latents().subList(from, from + n),
                Map.of("timestep", t, CONTEXT, context), "eps", run);
        last.put(n, context);
        return eps;
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

    /** {@return the number of latents for which the network has been run} */
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
