package radedit.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Ddim;
import radedit.diffusion.Editor;
import radedit.diffusion.GuidedSteps;
import radedit.diffusion.Inversion;
import radedit.diffusion.NoisePredictor;
import radedit.diffusion.Noise;
import radedit.diffusion.SamplerStep;
import radedit.digest.Digests;
import radedit.imaging.Comparison;
import radedit.imaging.Film;
import radedit.imaging.FilmSpace;
import radedit.imaging.Mask;
import radedit.imaging.NativeEdit;
import radedit.imaging.Picture;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.model.Vae;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * One edit request: film, masks and prompts. Each sampling edits the film with the random numbers of another seed. Who
 * runs the job lends it the UNet, and does the steps of its {@link Sampling} alone or with those of other jobs.
 */
final class EditJob {
    /**
     * The result of one seed.
     *
     * @param latent
     *            [1, 4, side, side], as the sampler left it
     * @param image
     *            [1, 3, h, w] in 0..1
     */
    record Outcome(Tensor latent, Tensor image) {}

    /**
     * An edit between its steps.
     *
     * @param editor
     *            does the steps
     * @param inverting
     *            evaluations of the UNet that the inversion took
     * @param cached
     *            predicts for this edit alone, with deep features of earlier steps; null if any predictor does
     */
    record Sampling(Editor editor, long inverting, @Nullable NoisePredictor cached) {}

    private final EditRequest r;
    private final Networks networks;
    private final FilmCache cache;
    private final Listener listener;
    private final int side;
    private final Ddim ddim;
    private final int first;
    private final GuidedSteps guided;
    private final Fit fit;
    /** The film in the model's square. */
    private final Picture film;
    private final String digest;
    private final LatentMask edit;
    private final @Nullable LatentMask keep;
    private @Nullable Encoded encoded;
    /** Null until a preview is needed. */
    private @Nullable LinearDecoder linear;

    /** What does not depend on the seed: embeddings of the prompts, moments of the film's latent. */
    private record Encoded(Tensor base, List<Tensor> prompts, Tensor moments) {}

    /**
     * Checks a request and makes a job of it.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if the film or a mask cannot be used
     */
    static EditJob of(EditRequest r, Networks networks, FilmCache cache, Listener listener) {
        Ddim ddim = checkSettings(r, networks.model, listener);
        EditChecks.checkFilm(r);
        EditJob job = new EditJob(r, networks, cache, listener, networks.model.latentSide(r.size), ddim);
        new EditChecks(r, listener).checkMasks(job.fit, job.edit, job.keep);
        job.noteInterval();
        return job;
    }

    /**
     * Checks what depends on neither film nor masks.
     *
     * @return the sampler
     * @throws InvalidRequestException
     *             if a setting is out of range
     */
    static Ddim checkSettings(EditRequest r, ModelParts model, Listener listener) {
        model.latentSide(r.size);
        r.checkSampling(model.reuse);
        EditChecks.checkSettings(r, listener);
        Ddim ddim = model.ddim(r.steps);
        guided(r, model, ddim);
        return ddim;
    }

    private static int first(EditRequest r) {
        return (int) (r.steps * r.skipRatio);
    }

    private static GuidedSteps guided(EditRequest r, ModelParts model, Ddim ddim) {
        return r.guided(ddim.networkTimesteps(), model.scheduler.ddim().schedule().trainTimesteps(), first(r));
    }

    private void noteInterval() {
        String needed = Editor.needOfBase(ddim, weights(), edit.cells(), keep == null ? null : keep.cells(), r.mode);
        if (r.hasInterval() && needed != null) {
            listener.warning(
                    Message.of(Setting.GUIDANCE_INTERVAL, " saves no evaluation of this edit, which needs the base"
                            + " prompt at every step: ", needed));
        }
    }

    private double[] weights() {
        return r.prompts.stream().mapToDouble(EditRequest.Prompt::weight).toArray();
    }

    /** {@return whether guidance is what it is without an interval} */
    private boolean isGuidedThroughout() {
        return guided.count(first) == r.steps - first || Arrays.stream(weights()).allMatch(w -> w <= 1);
    }

    private EditJob(EditRequest r, Networks networks, FilmCache cache, Listener listener, int side, Ddim ddim) {
        this.r = r;
        this.networks = networks;
        this.cache = cache;
        this.listener = listener;
        this.side = side;
        this.ddim = ddim;
        this.first = first(r);
        this.guided = guided(r, networks.model, ddim);
        int scale = networks.model.scale();
        FittedMasks masks = FittedMasks.of(r, side * scale, scale);
        this.fit = masks.fit();
        this.film = fit.apply(r.film);
        this.digest = FilmCache.digest(film);
        this.edit = masks.edit();
        this.keep = masks.keep();
    }

    /** {@return the networks of this request} */
    Networks networks() {
        return networks;
    }

    /** {@return the side of the latent} */
    int side() {
        return side;
    }

    /** {@return the film in the model's square} */
    Picture film() {
        return film;
    }

    /** {@return the memory that this edit needs} */
    MemoryCheck.Demand demand() {
        int branches = 1 + r.prompts.size();
        int levels = r.steps - 1 - first;
        return new MemoryCheck.Demand(Math.max(branches, levels), branches,
                n -> Inversion.latents(r.steps - first, n) + Editor.latents(branches), 1, true, n -> 0);
    }

    /** {@return the timesteps of the steps that are not skipped, those of the inversion too} */
    double[] timesteps() {
        return Arrays.copyOfRange(ddim.networkTimesteps(), first, r.steps);
    }

    /** Computes what does not depend on the seed. */
    void prepare() {
        networks.trace.sampler(ddim, r.eta);
        networks.trace.value("mask.edit", Map.of("rule", EditChecks.label(r.maskRule)), edit.cells());
        networks.trace.value("mask.keep", Map.of("rule", EditChecks.label(r.keepRule)),
                keep == null ? null : keep.cells());
        Tensor base = networks.context(r.invertPrompt, listener);
        List<Tensor> prompts = r.prompts.stream().map(p -> networks.context(p.text(), listener)).toList();
        Tensor moments = r.probes.isEmpty() ? cache.moments(digest, this::encode) : encode();
        networks.trace.value("moments", Map.of("film", digest), moments);
        encoded = new Encoded(base, prompts, moments);
    }

    private Tensor encode() {
        listener.progress("encoding", 0, 1);
        Tensor square = pixels(film);
        networks.trace.value("film", Map.of("fit", fit.describe()), square);
        Tensor moments = networks.encode(square);
        listener.progress("encoding", 1, 1);
        return moments;
    }

    /** {@return what {@link FilmCache#digest} says of the film in the model's square} */
    String digest() {
        return digest;
    }

    /** {@return the noise that earlier inversions found for a seed; null if this one must not share it} */
    private @Nullable Map<Integer, Tensor> found(long seed) {
        boolean own = !r.probes.isEmpty() || r.noise != null || r.firstNoise != null;
        return own
                ? null
                : cache.inversion(
                        new FilmCache.InversionKey(digest, side, r.rng, seed, r.invertPrompt, r.steps, r.eta));
    }

    /**
     * {@return an edit with the random numbers of a seed, after the inversion}
     *
     * @param unet
     *            predicts the noise
     * @param batch
     *            levels of the inversion per run of the UNet
     */
    Sampling begin(long seed, UNetPredictor unet, int batch) {
        Encoded e = encoded;
        if (e == null) {
            throw new IllegalStateException("prepare was not called");
        }
        Noise rng = r.rng.seeded(seed);
        Shape shape = networks.model.latentShape(1, side);
        Tensor firstNoise = r.firstNoise != null
                ? RequestChecks.requireShape(r.firstNoise, shape, "first_noise")
                : rng.randn(shape);
        networks.trace.draw("draw.sample", r.rng, seed, 0, r.firstNoise != null, firstNoise);
        long drawn = r.firstNoise != null ? 0 : shape.elements();
        List<Tensor> noise = new ArrayList<>();
        for (int i = 0; i < r.steps; i++) {
            noise.add(r.noise != null
                    ? RequestChecks.requireShape(r.noise, shape.with(0, r.steps), "noise").slice(i, i + 1)
                    : rng.randn(shape));
            networks.trace.draw("draw.noise", r.rng, seed, drawn + i * shape.elements(), r.noise != null,
                    noise.getLast());
        }
        Editor.Plan plan = new Editor.Plan(e.base, e.prompts, weights(), edit.cells(),
                keep == null ? null : keep.cells(), first, r.eta, r.mode, guided);
        long before = unet.evaluations();
        Tensor clean = sample(e.moments, firstNoise);
        networks.trace.value("latent.film", Map.of(), clean);
        Inversion inverted = Inversion.of(clean, noise, ddim, unet.cancelledBy(r.cancellation), e.base, first, r.eta,
                batch, found(seed),
                networks.trace.inversion((done, total) -> listener.progress("inverting", done, total)));
        return new Sampling(new Editor(inverted, ddim, plan, s -> report(s, e.moments)), unet.evaluations() - before,
                r.deepCache == 1 ? null : unet.deepCached(r.deepCache, r.cancellation));
    }

    /** {@return the latent of an edit whose steps are done} */
    Tensor latent(Sampling done) {
        Tensor latent = done.editor.result();
        networks.trace.value("latent", Map.of(), latent);
        int steps = r.steps - first;
        long sampling = guided.evaluations(first, 1 + r.prompts.size(), done.editor.unguidedBranches(), r.deepCache);
        listener.evaluations(done.inverting + sampling, Math.max(0, steps - 1) - done.inverting);
        return latent;
    }

    /**
     * {@return the picture of an edited latent}
     *
     * @throws NotFiniteException
     *             if the latent has infinite or NaN values
     */
    Outcome decode(Tensor latent) {
        List<Tensor> image = new ArrayList<>();
        networks.decode(latent, listener, (i, decoded) -> image.add(decoded));
        return new Outcome(latent, image.getFirst());
    }

    private void report(SamplerStep s, Tensor moments) {
        networks.trace.step(0, s);
        int done = s.index() + 1 - first;
        listener.progress("denoising", done, r.steps - first);
        if (listener.wantsPreviews()) {
            listener.preview(new Preview(0, done, r.steps - first, s.clean(), preview(moments)));
        }
    }

    private LinearDecoder preview(Tensor moments) {
        if (linear == null) {
            linear = LinearDecoder.of(networks.scaled(Vae.mean(moments)), film);
        }
        return linear;
    }

    /** {@return everything needed to make the picture of a seed again} */
    Map<String, Object> settings(long seed) {
        Map<String, Object> s = new LinkedHashMap<>();
        s.put("command", "edit");
        s.put("prompts", r.prompts.stream().map(EditRequest.Prompt::text).toList());
        s.put("weights", r.prompts.stream().map(EditRequest.Prompt::weight).toList());
        s.put("invert_prompt", r.invertPrompt);
        networks.recordTexts(s, prompts(), r.originalText == null ? List.of() : List.of(r.originalText));
        s.put("steps", r.steps);
        s.put("skip_ratio", r.skipRatio);
        s.put("eta", r.eta);
        r.recordSampling(s, isGuidedThroughout());
        s.put("mode", r.mode.name().toLowerCase(Locale.ROOT));
        s.put("mask_rule", EditChecks.label(r.maskRule));
        s.put("edit_cells", edit.cellCount());
        s.put("keep_rule", keep == null ? null : EditChecks.label(r.keepRule));
        s.put("keep_cells", keep == null ? 0 : keep.cellCount());
        s.put("keep_pixels_dropped", keep == null ? 0 : keep.visiblePixels() - keep.coveredPixels());
        s.put("fit", fit.describe());
        if (r.loader != null) {
            s.put("loader", r.loader);
            s.put("window", r.window());
            s.put("film", r.source);
        }
        s.put("film_sha256", Digests.hex(film.samples()));
        s.put("edit_mask_sha256", hash(r.editMask));
        s.put("keep_mask_sha256", r.keepMask == null ? null : hash(r.keepMask));
        s.put("noise", r.noise != null ? "given" : r.rng.toString());
        s.put("seed", seed);
        return s;
    }

    /** {@return the hash of a mask at the film's size, 0 or 255 for each pixel} */
    private String hash(Mask mask) {
        return Digests.hex(r.atFilmSize(mask).toPicture().samples());
    }

    /** {@return all texts that the UNet attends to} */
    private List<String> prompts() {
        return Stream.concat(r.prompts.stream().map(EditRequest.Prompt::text), Stream.of(r.invertPrompt)).toList();
    }

    /** {@return the inputs of the edit, and the edit at the film's native size if that was requested} */
    EditDetails finished(Tensor image) {
        Film original = r.originalFilm();
        NativeEdit.Outcome restored = r.feather == null || original == null // which the checks refuse
                ? null
                : NativeEdit.apply(original, image.data(), fit.placement(), r.atFilmSize(r.editMask),
                        r.keepMask == null ? null : r.atFilmSize(r.keepMask), r.feather);
        Picture share = restored == null ? null : fit.apply(restored.share());
        Comparison.Masks masks = new Comparison.Masks(edit.pixels(), keep == null ? null : keep.pixels(),
                edit.cellPixels(), keep == null ? null : keep.cellPixels());
        FilmSpace space = original == null ? FilmSpace.UNKNOWN : original.space();
        return new EditDetails(film, fit.filmArea(), masks, share, space, fit.placement(), restored);
    }

    /**
     * {@return a picture as the encoder's input: [1, 3, h, w] in -1..1, rounded to float32 at the same steps as in
     * diffusers}
     */
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

    /** {@return a sample from the encoder's distribution, shifted and scaled for the sampler} */
    private Tensor sample(Tensor moments, Tensor noise) {
        Tensor mean = Vae.mean(moments);
        Tensor logvar = Vae.logvar(moments);
        double[] out = new double[mean.data().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = mean.data()[i] + Math.exp(logvar.data()[i] / 2) * noise.data()[i];
        }
        return networks.scaled(Tensor.of(mean.shape(), out));
    }
}
