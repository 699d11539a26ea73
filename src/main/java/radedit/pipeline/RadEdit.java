package radedit.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import radedit.diffusion.Ddim;
import radedit.diffusion.Editor;
import radedit.diffusion.Generator;
import radedit.diffusion.Inversion;
import radedit.diffusion.MaskBlend;
import radedit.diffusion.Noise;
import radedit.diffusion.NoisePredictor;
import radedit.exec.Backends;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.model.Vae;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.text.Encoding;
import radedit.text.WordPiece;
import radedit.weights.ModelFolder;

/**
 * Generates chest X-rays from text and edits real ones. Research use only, never clinical.
 *
 * <pre>{@code
 * try (RadEdit radEdit = RadEdit.open(Path.of("model"))) {
 *     Result film = radEdit.generate(new GenerateRequest("Small right-sided pleural effusion").steps(50));
 * }
 * }</pre>
 *
 * <p>
 * An instance holds a mapped model and the memory networks run in. It serves one request at a time.
 */
public final class RadEdit implements AutoCloseable {
    /**
     * How to run.
     *
     * @param backend
     *            auto, cpu, tornado or reference
     * @param threads
     *            processor threads; 0 for one per processor
     * @param batch
     *            latents the UNet sees at once; 0 to let memory decide
     */
    public record Options(String backend, int threads, int batch) {
        public static final Options DEFAULT = new Options(Backends.AUTO, 0, 0);
        private static final int MOST = 1024;

        /**
         * @throws InvalidRequestException
         *             if a number is out of range
         */
        public Options {
            check(threads >= 0 && threads <= MOST, "threads must be from 0 to " + MOST + ", not " + threads);
            check(batch >= 0 && batch <= MOST, "batch must be from 0 to " + MOST + ", not " + batch);
        }
    }

    private final Networks networks;
    private final ModelFolder model;
    private final Map<String, Tensor> contexts = new HashMap<>();
    private CompletableFuture<Map<String, Object>> hashes;

    private RadEdit(ModelFolder model, Networks networks) {
        this.model = model;
        this.networks = networks;
    }

    /** Opens a model folder in the published layout on the best backend there is. */
    public static RadEdit open(Path folder) {
        return open(ModelFolder.of(folder), Options.DEFAULT);
    }

    /**
     * Opens a model.
     *
     * @throws radedit.weights.WeightsException
     *             if parts, tensors or settings are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static RadEdit open(ModelFolder model, Options options) {
        var backend = Backends.open(options.backend(), options.threads());
        try {
            return new RadEdit(model, new Networks(model, backend, options.batch()));
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    public Result generate(GenerateRequest request) {
        return generate(request, Listener.NONE);
    }

    /**
     * Generates pictures from text.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws radedit.exec.BackendException
     *             if memory does not suffice; known before the work starts
     */
    public Result generate(GenerateRequest r, Listener listener) {
        int side = latentSide(r.size);
        check(!r.prompts.isEmpty(), "a prompt is needed");
        check(r.count >= 1, "count must be at least 1, not " + r.count);
        check(Double.isFinite(r.guidance), "guidance must be a finite number");
        Ddim ddim = ddim(r.steps);
        int pictures = Math.multiplyExact(r.prompts.size(), r.count);
        int atOnce = r.guidance > 1 ? 2 * pictures : pictures;
        networks.requireMemory(side, side, atOnce, false);
        startHashing();

        Tensor noise = generationNoise(r, pictures, side);
        List<Tensor> embeddings = new ArrayList<>();
        for (String p : r.prompts) {
            embeddings.addAll(Collections.nCopies(r.count, context(p, listener)));
        }
        Tensor negative = context(r.negativePrompt, listener);
        Tensor latents = Generator.generate(noise, ddim, networks.predictor(side, side, atOnce), embeddings, negative,
                r.guidance, (done, total) -> listener.progress("denoising", done, total));
        Tensor images = decode(latents, listener);

        List<Map<String, Object>> settings = new ArrayList<>();
        for (int k = 0; k < pictures; k++) {
            Map<String, Object> s = new LinkedHashMap<>();
            s.put("command", "generate");
            s.put("prompt", r.prompts.get(k / r.count));
            s.put("negative_prompt", r.negativePrompt);
            s.put("steps", r.steps);
            s.put("guidance", r.guidance);
            s.put("noise", r.noise != null ? "given" : r.rng.toString());
            s.put("seed", r.seedPerImage ? r.seed + k : r.seed);
            s.put("image", r.seedPerImage ? 0 : k);
            s.put("images", r.seedPerImage ? 1 : pictures);
            settings.add(complete(s, side));
        }
        return new Result(images, latents, settings);
    }

    private Tensor generationNoise(GenerateRequest r, int pictures, int side) {
        Shape shape = latentShape(pictures, side);
        if (r.noise != null) {
            return given(r.noise, shape, "noise");
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

    public Result edit(EditRequest request) {
        return edit(request, Listener.NONE);
    }

    /**
     * Edits a film.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if the edit mask is empty
     * @throws radedit.exec.BackendException
     *             if memory does not suffice; known before the work starts
     */
    public Result edit(EditRequest r, Listener listener) {
        int side = latentSide(r.size);
        check(!r.prompts.isEmpty(), "a prompt is needed");
        check(r.skipRatio >= 0 && r.skipRatio < 1, "skip-ratio must be from 0 to below 1, not " + r.skipRatio);
        check(r.eta > 0 && r.eta <= 1, "eta must be above 0 and at most 1, not " + r.eta);
        check(r.prompts.stream().allMatch(p -> Double.isFinite(p.weight())), "weights must be finite numbers");
        Ddim ddim = ddim(r.steps);
        int first = (int) (r.steps * r.skipRatio);
        int size = side * networks.vae.scaleFactor();
        Fit fit = new Fit(r.film.width(), r.film.height(), size);
        Tensor edit = latentMask(r.editMask, "edit mask", r, fit, listener);
        if (sum(edit) == 0) {
            throw new InvalidInputException("the edit mask is empty: no cell of the latent grid lies in it"
                    + (r.editMask.isEmpty() ? "" : " (--mask-rule any takes cells that it only touches)"));
        }
        Tensor keep = r.keepMask == null ? null : latentMask(r.keepMask, "keep mask", r, fit, listener);
        if (keep != null) {
            warnOfOverlap(edit, keep, r.mode, listener);
        }
        int branches = 1 + r.prompts.size();
        int atOnce = Math.max(branches, r.steps - 1 - first);
        networks.requireMemory(side, side, atOnce, true);
        startHashing();

        Noise rng = r.rng.seeded(r.seed);
        Shape shape = latentShape(1, side);
        Tensor firstNoise = r.firstNoise != null ? given(r.firstNoise, shape, "first_noise") : rng.randn(shape);
        List<Tensor> noise = new ArrayList<>();
        for (int i = 0; i < r.steps; i++) {
            noise.add(r.noise != null
                    ? given(r.noise, shape.with(0, r.steps), "noise").slice(i, i + 1)
                    : rng.randn(shape));
        }
        Tensor base = context(r.invertPrompt, listener);
        List<Tensor> prompts = r.prompts.stream().map(p -> context(p.text(), listener)).toList();
        double[] weights = r.prompts.stream().mapToDouble(EditRequest.Prompt::weight).toArray();

        listener.progress("encoding", 0, 1);
        Tensor x0 = sample(networks.encode(pixels(fit.apply(r.film))), firstNoise);
        listener.progress("encoding", 1, 1);
        NoisePredictor unet = networks.predictor(side, side, atOnce);
        int batch = networks.batch(side, side, atOnce);
        Inversion inverted = Inversion.of(x0, noise, ddim, unet, base, first, r.eta, batch,
                (done, total) -> listener.progress("inverting", done, total));
        Editor.Plan plan = new Editor.Plan(base, prompts, weights, edit, keep, first, r.eta, r.mode);
        Tensor latent = Editor.edit(inverted, ddim, unet, plan,
                (i, eps, y) -> listener.progress("denoising", i + 1 - first, r.steps - first));
        Tensor image = decode(latent, listener);

        Map<String, Object> s = new LinkedHashMap<>();
        s.put("command", "edit");
        s.put("prompts", r.prompts.stream().map(EditRequest.Prompt::text).toList());
        s.put("weights", r.prompts.stream().map(EditRequest.Prompt::weight).toList());
        s.put("invert_prompt", r.invertPrompt);
        s.put("steps", r.steps);
        s.put("skip_ratio", r.skipRatio);
        s.put("eta", r.eta);
        s.put("mode", r.mode.name().toLowerCase(Locale.ROOT));
        s.put("mask_rule", r.maskRule.name().toLowerCase(Locale.ROOT));
        s.put("edit_cells", (int) sum(edit));
        s.put("keep_cells", keep == null ? 0 : (int) sum(keep));
        s.put("noise", r.noise != null ? "given" : r.rng.toString());
        s.put("seed", r.seed);
        return new Result(image, latent, List.of(complete(s, side)));
    }

    private static void check(boolean holds, String fault) {
        if (!holds) {
            throw new InvalidRequestException(fault);
        }
    }

    private Ddim ddim(int steps) {
        try {
            return new Ddim(networks.scheduler, steps);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage());
        }
    }

    /** The side of the latent for a picture of this size. */
    private int latentSide(int size) {
        int pixels = size == 0 ? networks.defaultSize() : size;
        int factor = networks.vae.scaleFactor();
        check(pixels > 0 && pixels % factor == 0 && pixels <= 1 << 14,
                "size must be a multiple of " + factor + " from " + factor + " to " + (1 << 14) + ", not " + pixels);
        return pixels / factor;
    }

    private Shape latentShape(int batch, int side) {
        return Shape.of(batch, networks.vae.latentChannels(), side, side);
    }

    private static Tensor given(Tensor t, Shape wanted, String name) {
        if (!t.shape().equals(wanted)) {
            throw new InvalidInputException(
                    "tensor '" + name + "' has shape " + t.shape() + ", " + wanted + " is needed");
        }
        return t;
    }

    private static double sum(Tensor t) {
        double sum = 0;
        for (double v : t.data()) {
            sum += v;
        }
        return sum;
    }

    private Tensor latentMask(Mask mask, String what, EditRequest r, Fit fit, Listener listener) {
        if (mask.width() != r.film.width() || mask.height() != r.film.height()) {
            listener.warning("the " + what + " has " + mask.width() + " x " + mask.height() + " pixels, the film "
                    + r.film.width() + " x " + r.film.height() + "; it is resized to the film's size (nearest)");
        }
        Mask fitted = fit.apply(mask.resize(r.film.width(), r.film.height()));
        return MaskBlend.toLatent(fitted.pixels(), fit.size(), fit.size(), networks.vae.scaleFactor(), r.maskRule);
    }

    private static void warnOfOverlap(Tensor edit, Tensor keep, Editor.Mode mode, Listener listener) {
        int both = 0;
        for (int i = 0; i < edit.data().length; i++) {
            both += edit.data()[i] * keep.data()[i] > 0 ? 1 : 0;
        }
        if (mode == Editor.Mode.RELEASED) {
            listener.warning(
                    "mode released ignores the keep mask's content: all outside the edit mask is kept, one step"
                            + " noisier, as the published pipeline does");
        } else if (both > 0) {
            listener.warning(
                    "edit mask and keep mask overlap in " + both + " cells of the latent grid; keep wins there");
        }
    }

    /** A picture as the encoder takes it: [1, 3, h, w] in -1..1, in the float32 steps of diffusers. */
    private static Tensor pixels(Picture p) {
        Tensor t = Tensor.zeros(Shape.of(1, 3, p.height(), p.width()));
        int plane = p.width() * p.height();
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                float v = (p.samples()[i * p.channels() + c % p.channels()] & 0xFF) / 255f;
                t.data()[c * plane + i] = 2 * v - 1;
            }
        }
        return t;
    }

    /** A draw from the encoder's distribution, scaled for the sampler. */
    private Tensor sample(Tensor moments, Tensor noise) {
        Tensor mean = Vae.mean(moments);
        Tensor logvar = Vae.logvar(moments);
        double[] out = new double[mean.data().length];
        for (int i = 0; i < out.length; i++) {
            double z = mean.data()[i] + Math.exp(logvar.data()[i] / 2) * noise.data()[i];
            out[i] = (z - networks.vae.shiftFactor()) * networks.vae.scalingFactor();
        }
        return Tensor.of(mean.shape(), out);
    }

    private Tensor decode(Tensor latents, Listener listener) {
        List<Tensor> images = new ArrayList<>();
        int n = latents.shape().dim(0);
        for (int i = 0; i < n; i++) {
            listener.progress("decoding", i, n);
            images.add(networks.decode(latents.slice(i, i + 1)));
        }
        listener.progress("decoding", n, n);
        return Tensor.concat(images);
    }

    private Tensor context(String prompt, Listener listener) {
        Encoding tokens = networks.tokens(prompt);
        if (tokens.dropped() > 0) {
            listener.warning("the prompt is " + tokens.dropped() + " tokens too long; only the first "
                    + (WordPiece.LENGTH - 2) + " are used");
        }
        return contexts.computeIfAbsent(prompt, p -> networks.context(tokens));
    }

    /** Hashes of the weights are found while the networks run. */
    private void startHashing() {
        if (hashes == null) {
            Map<String, List<Path>> files = networks.files();
            hashes = CompletableFuture.supplyAsync(() -> {
                Map<String, Object> all = new LinkedHashMap<>();
                files.forEach((part, paths) -> {
                    List<String> each = WeightHashes.of(paths);
                    all.put(part, each.size() == 1 ? each.getFirst() : each);
                });
                return all;
            });
        }
    }

    private Map<String, Object> complete(Map<String, Object> s, int side) {
        s.put("size", side * networks.vae.scaleFactor());
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", model.name());
        m.put("sha256", hashes.join());
        s.put("model", m);
        s.put("backend", networks.backend.name() + " (" + networks.backend.describe() + ")");
        s.put("program", "RadEdit " + Version.get());
        s.put("java", Runtime.version().toString());
        s.put("notice", "Synthetic image. Research use only, not for clinical use.");
        return s;
    }

    /** Unmaps the model and ends the backend's threads. */
    @Override
    public void close() {
        networks.close();
        networks.backend.close();
    }
}
