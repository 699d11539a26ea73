package radedit.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import radedit.diffusion.NoisePredictor;
import radedit.exec.LatentPool;
import radedit.exec.Program;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** The UNet as samplers ask it, a limited number of latents at a time. */
final class UNetPredictor implements NoisePredictor, AutoCloseable {
    private final LatentPool pool;
    private final int limit;
    private final IntFunction<Program> unets;
    /** From step to step the embeddings are the same, and so is their tensor, which may then stay on a device. */
    private final Map<List<Tensor>, Tensor> joined = new HashMap<>();

    /**
     * @param pool
     *            where the latents are; closed with this
     * @param unets
     *            the UNet for a batch of this size
     */
    UNetPredictor(LatentPool pool, int limit, IntFunction<Program> unets) {
        this.pool = pool;
        this.limit = limit;
        this.unets = unets;
    }

    @Override
    public List<Latents> predict(List<Latents> latents, int[] timesteps, List<Tensor> contexts) {
        List<Latents> all = new ArrayList<>();
        for (int from = 0; from < timesteps.length; from += limit) {
            int n = Math.min(limit, timesteps.length - from);
            Tensor t = Tensor.zeros(Shape.of(n));
            for (int i = 0; i < n; i++) {
                t.data()[i] = timesteps[from + i];
            }
            Tensor context = joined.computeIfAbsent(List.copyOf(contexts.subList(from, from + n)), Tensor::concat);
            all.addAll(unets.apply(n).run("sample", latents.subList(from, from + n),
                    Map.of("timestep", t, "encoder_hidden_states", context), "eps"));
        }
        return all;
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
