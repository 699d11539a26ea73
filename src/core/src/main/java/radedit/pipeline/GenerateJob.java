package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Generator;
import radedit.diffusion.GuidedSteps;
import radedit.diffusion.NoisePredictor;
import radedit.diffusion.Noise;
import radedit.diffusion.Sampler;
import radedit.diffusion.SamplerConfig;
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
    private final SamplerConfig config;
    private final int steps;
    private final Sampler sampler;
    private final int pictures;
    /** Indices of the pictures to compute, from 0. */
    private final List<Integer> wanted;
    /** Latents per picture in the UNet's batch: 2 with guidance, else 1. */
    private final int branches;
    private final GuidedSteps guided;
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
        r.checkSampling(networks.model.reuse);
        RequestChecks.checkGuidance(Setting.GUIDANCE, r.guidance, listener);
        r.checkGuided(networks.model.reuse);
        this.config = networks.model.sampler(r.sampler);
        this.steps = r.steps == null ? config.method().defaultSteps() : r.steps;
        this.sampler = networks.model.sampler(config, steps);
        networks.model.scheduler.warnings(config.method()).forEach(listener::warning);
        this.wanted = r.numbers().stream().map(k -> k - 1).toList();
        this.pictures = r.prompts.size() * r.count;
        this.branches = r.guidance > 1 ? GatedPredictor.BRANCHES : 1;
        this.guided = r.unguidedAfter == 1
                ? r.guided(sampler.networkTimesteps(), config.schedule().trainTimesteps(), 0)
                : GuidedSteps.first(evaluations(), r.unguidedAfter);
    }

    /** {@return whether later steps are given the results of cross-attention} */
    private boolean isGated() {
        return guided.count(0) < evaluations() && r.unguidedAfter < 1;
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
                new MemoryCheck.Demand(branches * wanted.size(), branches, n -> Generator.latents(group(n), sampler), 1,
                        false, n -> isGated() ? 2 * group(n) + branches : 0),
                List.of(listener));
        group = group(batch);
    }

    private int group(int batch) {
        return Math.max(1, batch / branches);
    }

    /** Computes the pictures, and passes each on with its index in the batch when it is ready. */
    void run(BiConsumer<Integer, EditJob.Outcome> ready) {
        networks.trace.sampler(sampler, config.method());
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
            try (UNetPredictor unet = networks.predictor(side, batch, Generator.latents(group, sampler),
                    sampler.networkTimesteps())) {
                denoised = Generator.generate(Tensor.concat(starts), sampler, predictor(unet), prompts, negative,
                        r.guidance, guided, stepNoise(these), (k, step) -> report(these, k, step, phase));
                listener.evaluations(unet.evaluations(), 0);
            }
            networks.trace.value("latent", Map.of(), denoised);
            networks.decode(denoised, listener, (i, image) -> ready.accept(these.get(i),
                    new EditJob.Outcome(denoised.slice(i, i + 1), image)));
        }
    }

    private NoisePredictor predictor(UNetPredictor unet) {
        if (isGated()) {
            return unet.gated(guided.count(0), r.cancellation);
        }
        return r.deepCache == 1 ? unet : unet.deepCached(r.deepCache, r.cancellation);
    }

    private void report(List<Integer> these, int k, SamplerStep s, String phase) {
        networks.trace.step(these.get(k), s);
        if (linear != null) {
            listener.preview(new Preview(these.get(k), s.index() + 1, evaluations(), s.clean(), linear));
        }
        if (k == these.size() - 1) {
            listener.progress(phase, s.index() + 1, evaluations());
        }
    }

    /** {@return steps as the sampler does them, of one evaluation each} */
    private int evaluations() {
        return sampler.networkTimesteps().length;
    }

    private Tensor noise() {
        Shape shape = networks.model.latentShape(pictures, side);
        return r.noise != null ? RequestChecks.requireShape(r.noise, shape, "noise") : random().randn(shape);
    }

    /** {@return the generators of all pictures: one for the batch, or one for each} */
    private Noise random() {
        if (!r.seedPerImage) {
            return r.rng.seeded(r.seed);
        }
        List<Noise> each = new ArrayList<>();
        for (int k = 0; k < pictures; k++) {
            each.add(r.rng.seeded(r.seed + k));
        }
        return shape -> Tensor.concat(each.stream().map(n -> n.randn(shape.with(0, 1))).toList());
    }

    /**
     * {@return the noise of the steps of some pictures: the generators go on after the noise that sampling starts from, and
     * draw for the whole batch at each step, as in diffusers}
     *
     * @param these
     *            indices of the pictures
     */
    private Noise stepNoise(List<Integer> these) {
        Shape all = networks.model.latentShape(pictures, side);
        Noise random = random();
        if (r.noise == null) {
            random.randn(all);
        }
        int[] drawing = IntStream.range(0, evaluations()).filter(sampler::drawsNoise).toArray();
        int[] drawn = {0};
        return shape -> {
            Tensor z = random.randn(all);
            int before = drawn[0]++;
            long each = r.seedPerImage ? all.elements() / pictures : all.elements();
            networks.trace.draw("draw.step", drawing[before], r.rng, r.seed,
                    (before + (r.noise == null ? 1 : 0)) * each,
                    false, z);
            return Tensor.concat(these.stream().map(k -> z.slice(k, k + 1)).toList());
        };
    }

    /** {@return everything needed to make the picture of this index again} */
    Map<String, Object> settings(int k) {
        Map<String, Object> s = new LinkedHashMap<>();
        s.put("command", "generate");
        s.put("prompt", r.prompts.get(k / r.count));
        s.put("negative_prompt", r.negativePrompt);
        networks.recordTexts(s, List.of(r.prompts.get(k / r.count), r.negativePrompt), List.of());
        s.put("steps", steps);
        s.put("sampler", config.method().toString());
        s.put("sampler_chosen", chosen());
        s.put("sampler_settings", config.fields());
        s.put("evaluations", Math.toIntExact(guided.evaluations(0, branches, 1, r.deepCache)));
        s.put("guidance", r.guidance);
        r.recordSampling(s, guided.count(0) == evaluations());
        if (r.unguidedAfter < 1) {
            s.put("unguided_after", r.unguidedAfter);
        }
        s.put("noise", r.noise != null ? "given" : r.rng.toString());
        if (isStochastic()) {
            s.put("step_noise", r.rng.toString());
            if (r.seedPerImage && r.noise != null) {
                s.put("seed_per_image", true); // with the batch's seed, below
            }
        }
        boolean alone = r.seedPerImage && r.noise == null; // given noise is that of the whole batch
        s.put("seed", r.seedPerImage && !s.containsKey("seed_per_image") ? r.seed + k : r.seed);
        s.put("image", alone ? 0 : k);
        s.put("images", alone ? 1 : pictures);
        s.put("picture", k + 1 + " of " + pictures);
        return s;
    }

    private boolean isStochastic() {
        return IntStream.range(0, evaluations()).anyMatch(sampler::drawsNoise);
    }

    /** {@return what the request chose of the sampler; the rest is that of the model's scheduler} */
    private Map<String, Object> chosen() {
        Map<String, Object> m = new LinkedHashMap<>();
        if (r.sampler.method() != null) {
            m.put("sampler", r.sampler.method().toString());
        }
        if (r.sampler.sigmas() != null) {
            m.put("sigmas", r.sampler.sigmas().toString());
        }
        if (r.sampler.spacing() != null) {
            m.put("spacing", r.sampler.spacing().toString());
        }
        return m;
    }
}
