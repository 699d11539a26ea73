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
    private final Program.Run options;
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
     *            ends a prediction early; null for none
     */
    UNetPredictor(LatentPool pool, int limit, IntFunction<Program> unets, @Nullable Cancellation cancellation) {
        this.pool = pool;
        this.limit = limit;
        this.unets = unets;
        this.options = new Program.Run(Program.Timer.NONE, cancellation, Set.of());
    }

    @Override
    public List<Latents> predict(List<Latents> latents, int[] timesteps, List<Tensor> contexts) {
        List<Latents> all = new ArrayList<>();
        evaluations += timesteps.length;
        for (int from = 0; from < timesteps.length; from += limit) {
            int n = Math.min(limit, timesteps.length - from);
            Tensor t = Tensor.zeros(Shape.of(n));
            for (int i = 0; i < n; i++) {
                t.data()[i] = timesteps[from + i];
            }
            Tensor context = joined.computeIfAbsent(List.copyOf(contexts.subList(from, from + n)), Tensor::concat);
            Program.Run run = last.put(n, context) == context ? options.withUnchanged(CONTEXT) : options;
            all.addAll(unets.apply(n).run("sample", latents.subList(from, from + n),
                    Map.of("timestep", t, CONTEXT, context), "eps", run));
        }
        return all;
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
