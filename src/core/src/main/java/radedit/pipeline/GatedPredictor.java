package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Cancellation;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Predictions for the steps of one guided sampling, of which only the first ones attend to texts (T-GATE, Zhang et al.,
 * arXiv:2404.02747, without its reuse of self-attention). In the last of these, the results of each cross-attention are kept,
 * the mean of the two branches of a picture; at later steps, for which one prediction is asked for each picture, they take
 * the place of cross-attention. The result is an approximation.
 */
final class GatedPredictor implements NoisePredictor {
    /** Latents for each picture at a guided step. */
    static final int BRANCHES = 2;

    private final UNetPredictor unet;
    private final ReusingUNetRuns.Runner runner;
    private final int guided;
    private final @Nullable Cancellation token;
    /** Results of cross-attention by name, one for each picture. */
    private final Map<String, List<Tensor>> attended = new LinkedHashMap<>();
    /** The same for the pictures of a part of the batch, by the index of its first one. */
    private final Map<Integer, Map<String, Tensor>> joined = new LinkedHashMap<>();
    private int steps;

    /**
     * @param unet
     *            predicts at all steps but the last guided one and those after it
     * @param runner
     *            runs the UNet and hands out results of cross-attention, or is given them
     * @param guided
     *            number of steps with two branches for each picture, negative and prompt, which are neighbours; at least 1
     * @param token
     *            ends a prediction early; null for none
     */
    GatedPredictor(UNetPredictor unet, ReusingUNetRuns.Runner runner, int guided, @Nullable Cancellation token) {
        this.unet = unet;
        this.runner = runner;
        this.guided = guided;
        this.token = token;
    }

    @Override
    public List<Latents> predict(List<Latents> latents, double[] timesteps, List<Tensor> contexts) {
        Batch batch = new Batch(latents, timesteps, contexts);
        int step = steps++;
        if (step < guided - 1) {
            return unet.predict(batch, token);
        }
        if (step == guided - 1) {
            return unet.inParts(batch, BRANCHES, (part, from) -> { // one picture at a time, because these values are many
                ReusingUNetRuns.WithValues run = runner.run(part, null);
                run.values()
                        .forEach((name, v) -> keep(attended.computeIfAbsent(name, n -> new ArrayList<>()), v, from));
                return run.eps();
            });
        }
        List<Latents> eps = unet.inParts(batch, batch.size(), (part, from) -> runner.run(part,
                joined.computeIfAbsent(from, f -> join(f, f + part.size()))).eps());
        attended.clear();
        return eps;
    }

    /** Keeps a picture's first branch, then the mean of both. */
    private static void keep(List<Tensor> pictures, Tensor branches, int from) {
        for (int i = 0; i < branches.shape().dim(0); i++) {
            Tensor branch = branches.slice(i, i + 1);
            int picture = (from + i) / BRANCHES;
            if (picture == pictures.size()) {
                pictures.add(branch);
            } else {
                Latents first = pictures.get(picture);
                pictures.set(picture, first.sum(new double[]{0.5, 0.5}, branch).toTensor());
            }
        }
    }

    private Map<String, Tensor> join(int from, int to) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        attended.forEach((name, each) -> all.put(name, Tensor.concat(each.subList(from, to))));
        return all;
    }

    @Override
    public Latents put(Tensor latents) {
        return unet.put(latents);
    }
}
