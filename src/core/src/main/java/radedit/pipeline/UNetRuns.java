package radedit.pipeline;

import java.util.List;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Program;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Runs the UNet on batches that fit in memory, one after the other; remembers what further ones can use. */
@FunctionalInterface
interface UNetRuns {
    /**
     * {@return the prediction for each latent; the caller closes it}
     *
     * @param batch
     *            what to run it on
     * @param options
     *            options of the run, with all inputs new
     */
    List<Latents> run(NoisePredictor.Batch batch, Program.Run options);

    /** {@return timesteps as an input [batch] of the UNet} */
    static Tensor tensor(double[] timesteps) {
        return Tensor.of(Shape.of(timesteps.length), timesteps.clone());
    }
}
