package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Ddim;
import radedit.diffusion.Generator;
import radedit.diffusion.SamplerStep;
import radedit.message.Setting;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * One request for pictures from text. All noise is drawn first; then groups of pictures, as many as the UNet can see at
 * once, are denoised and decoded one group after the other. No picture therefore depends on which others are computed.
 */
final class GenerateJob {
    private final GenerateRequest r;
    private final Networks networks;
    private final Listener listener;
    private final int side;
    private final Ddim ddim;
    private final int pictures;
    /** Indices of the pictures to compute, from 0. */
    private final List<Integer> wanted;
    /** Latents per picture in the UNet's batch: 2 with guidance, else 1. */
    private final int branches;
    /** Latents per run of the UNet, and pictures per group; set by {@link #requireMemory}. */
    private int batch;
    private int group;
    /** Null if no previews are wanted. */
    private @Nullable LinearDecoder linear;

    /**
     * Checks the request.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range
     */
    GenerateJob(GenerateRequest r, Networks networks, Listener listener) {
        this.r = r;
        this.networks = networks;
        this.listener = listener;
        this.side = networks.model.latentSide(r.size);
        RequestChecks.checkGuidance(Setting.GUIDANCE, r.guidance, listener);
        this.ddim = networks.model.ddim(r.steps);
        this.wanted = r.numbers().stream().map(k -> k - 1).toList();
        this.pictures = r.prompts.size() * r.count;
        this.branches = r.guidance > 1 ? 2 : 1;
    }

    /** {@return the side of the latent} */
    int side() {
        return side;
    }

    /**
     * Chooses the batch and reserves the memory; call before anything runs.
     *
     * @throws radedit.exec.BackendException
     *             if there is too little memory
     */
    void requireMemory(MemoryCheck memory) {
        batch = memory.require(side,
                new MemoryCheck.Demand(branches * wanted.size(), branches, n -> Generator.latents(group(n)), 1,
                        false),
                List.of(listener));
        group = group(batch);
    }

    private int group(int batch) {
        return Math.max(1, batch / branches);
    }

    /** Computes the pictures, and passes each on with its index in the batch when it is ready. */
    void run(BiConsumer<Integer, EditJob.Outcome> ready) {
        networks.trace.sampler(ddim, 0);
        Tensor noise = noise();
        networks.trace.draw("draw.noise", r.rng, r.seed, 0, r.noise != null, noise);
        Tensor negative = networks.context(r.negativePrompt, listener);
        List<Tensor> contexts = r.prompts.stream().map(p -> networks.context(p, listener)).toList();
        linear = listener.wantsPreviews() ? networks.linearDecoder(side) : null;
        for (int from = 0; from < wanted.size(); from += group) {
            List<Integer> these = wanted.subList(from, Math.min(from + group, wanted.size()));
            List<Tensor> starts = these.stream().map(k -> noise.slice(k, k + 1)).toList();
            List<Tensor> prompts = these.stream().map(k -> contexts.get(k / r.count)).toList();
            String phase = these.size() == wanted.size()
                    ? "denoising"
                    : "denoising " + (these.size() == 1 ? "" : from + 1 + "-") + (from + these.size()) + " of "
                            + wanted.size();
            Tensor denoised;
            try (UNetPredictor unet = networks.predictor(side, batch, Generator.latents(group),
                    ddim.timesteps())) {
                denoised = Generator.generate(Tensor.concat(starts), ddim, unet, prompts, negative, r.guidance,
                        (k, step) -> report(these, k, step, phase));
                listener.evaluations(unet.evaluations(), 0);
            }
            networks.trace.value("latent", Map.of(), denoised);
            networks.decode(denoised, listener, (i, image) -> ready.accept(these.get(i),
                    new EditJob.Outcome(denoised.slice(i, i + 1), image)));
        }
    }

    private void report(List<Integer> these, int k, SamplerStep s, String phase) {
        networks.trace.step(these.get(k), s);
        if (linear != null) {
            listener.preview(new Preview(these.get(k), s.index() + 1, r.steps, s.clean(), linear));
        }
        if (k == these.size() - 1) {
            listener.progress(phase, s.index() + 1, r.steps);
        }
    }

    private Tensor noise() {
        Shape shape = networks.model.latentShape(pictures, side);
        if (r.noise != null) {
            return RequestChecks.requireShape(r.noise, shape, "noise");
        }
        if (!r.seedPerImage) {
            return r.rng.seeded(r.seed).randn(shape);
        }
        List<Tensor> each = new ArrayList<>();
        for (int k = 0; k < pictures; k++) {
            each.add(r.rng.seeded(r.seed + k).randn(shape.with(0, 1)));
        }
        return Tensor.concat(each);
    }

    /** {@return everything needed to make the picture of this index again} */
    Map<String, Object> settings(int k) {
        Map<String, Object> s = new LinkedHashMap<>();
        s.put("command", "generate");
        s.put("prompt", r.prompts.get(k / r.count));
        s.put("negative_prompt", r.negativePrompt);
        networks.recordTexts(s, List.of(r.prompts.get(k / r.count), r.negativePrompt), List.of());
        s.put("steps", r.steps);
        s.put("guidance", r.guidance);
        s.put("noise", r.noise != null ? "given" : r.rng.toString());
        boolean alone = r.seedPerImage && r.noise == null; // given noise is that of the whole batch
        s.put("seed", r.seedPerImage ? r.seed + k : r.seed);
        s.put("image", alone ? 0 : k);
        s.put("images", alone ? 1 : pictures);
        s.put("picture", k + 1 + " of " + pictures);
        return s;
    }
}
