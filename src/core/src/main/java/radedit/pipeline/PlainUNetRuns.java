package radedit.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Program;
import radedit.model.UNet;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** Runs the whole UNet every time. */
final class PlainUNetRuns implements UNetRuns {
    private final IntFunction<Program> unets;
    /** Concatenated embeddings of a batch; they are the same at every step. */
    private final Map<List<Tensor>, Tensor> joined = new HashMap<>();
    /** The concatenated embeddings that each program, by batch, was given last and still has on its device. */
    private final Map<Integer, Tensor> last = new HashMap<>();

    /**
     * @param unets
     *            the UNet by batch
     */
    PlainUNetRuns(IntFunction<Program> unets) {
        this.unets = unets;
    }

    @Override
    public List<Latents> run(NoisePredictor.Batch batch, Program.Run options) {
        int n = batch.size();
        Tensor context = joined.computeIfAbsent(List.copyOf(batch.contexts()), Tensor::concat);
        // What a run that fails has left on the device is unknown.
        Program.Run run = last.remove(n) == context ? options.withUnchanged(UNet.CONTEXT) : options;
        List<Latents> eps = unets.apply(n).run(UNet.SAMPLE, batch.latents(),
                Map.of(UNet.TIMESTEP, UNetRuns.tensor(batch.timesteps()), UNet.CONTEXT, context), UNet.EPS, run);
        last.put(n, context);
        return eps;
    }
}
