package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import radedit.diffusion.Ddim;
import radedit.diffusion.Editor;
import radedit.diffusion.Inversion;
import radedit.diffusion.MaskBlend;
import radedit.diffusion.Noise;
import radedit.imaging.Comparison;
import radedit.imaging.FilmSpace;
import radedit.imaging.Mask;
import radedit.imaging.NativeEdit;
import radedit.imaging.Picture;
import radedit.model.Vae;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** One film, one set of masks and prompts, edited as often as wanted with different random numbers. */
final class EditJob {
    /** What came of one seed. */
    record Outcome(Tensor latent, Tensor image) {}

    private static final int SMALLEST = 8;
    private static final int THINNEST = 32;
    private static final int MOST_FEATHER = 4096;
    /** The share of the keep mask that a rule may lose without a word. */
    private static final double TOLERATED_LOSS = 0.01;

    private final EditRequest r;
    private final Networks networks;
    private final Listener listener;
    private final int side;
    private final Ddim ddim;
    private final int first;
    private final Fit fit;
    private final LatentMask edit;
    private final LatentMask keep;
    private final int atOnce;
    /** Latents that the UNet sees at once. */
    private int batch;
    private Tensor base;
    private List<Tensor> prompts;
    private Tensor moments;

    /**
     * Checks the request.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if the edit mask is empty
     */
    EditJob(EditRequest r, Networks networks, Listener listener) {
        this.r = r;
        this.networks = networks;
        this.listener = listener;
        this.side = networks.latentSide(r.size);
        Requests.check(!r.prompts.isEmpty(), "a prompt is needed");
        Requests.check(r.skipRatio >= 0 && r.skipRatio < 1,
                "--skip-ratio must be from 0 to below 1, not " + r.skipRatio);
        Requests.check(r.eta > 0 && r.eta <= 1, "--eta must be above 0 and at most 1, not " + r.eta);
        r.prompts.forEach(p -> Requests.checkGuidance("--weight", p.weight(), listener));
        Requests.check(r.minScore == null || r.minScore >= -1 && r.minScore <= 1,
                "--min-score must be from -1 to 1, not " + r.minScore);
        Requests.check(r.tries >= 1, "--tries must be at least 1, not " + r.tries);
        Requests.check(r.tries == 1 || r.minScore != null, "several --tries need a --min-score that ends them");
        Requests.check(r.tries == 1 || r.noise == null,
                "several --tries need noise that is drawn, not given by --noise");
        this.ddim = networks.ddim(r.steps);
        this.first = (int) (r.steps * r.skipRatio);
        double shape = (double) r.film.width() / r.film.height() / r.pixelAspect();
        if (Math.min(r.film.width(), r.film.height()) < SMALLEST || !(Math.max(shape, 1 / shape) < THINNEST + 1)) {
            throw new InvalidInputException("the film has " + r.film.width() + " x " + r.film.height() + " pixels"
                    + (r.pixelAspect() == 1 ? "" : ", " + r.pixelAspect() + " times as high as wide") + "; at least "
                    + SMALLEST + " on a side are expected, and one no longer than " + THINNEST + " times the other");
        }
        Requests.check(r.feather == null || r.feather >= 0 && r.feather <= MOST_FEATHER,
                "--feather must be from 0 to " + MOST_FEATHER + " pixels, not " + r.feather);
        Requests.check(r.feather == null || r.read() != null, "a picture has no native size to be put back into");
        String obstacle = r.feather == null ? null : NativeEdit.obstacle(r.read());
        if (obstacle != null) {
            throw new InvalidInputException(r.read().file() + ": cannot be edited at its native size: it " + obstacle);
        }
        this.fit = Fit.of(r.film.width(), r.film.height(), r.pixelAspect(), side * networks.vae.scaleFactor(), r.fit,
                r.resample);
        this.edit = LatentMask.of(ofFilm(r.editMask, "edit mask"), fit, networks.vae.scaleFactor(), r.maskRule);
        this.keep = r.keepMask == null
                ? null
                : LatentMask.covering(ofFilm(r.keepMask, "keep mask"), fit, networks.vae.scaleFactor(), r.keepRule);
        checkEditMask();
        if (keep != null) {
            checkKeepMask();
            warnOfOverlap();
        }
        this.atOnce = Math.max(1 + r.prompts.size(), r.steps - 1 - first);
    }

    private void checkEditMask() {
        double cut = fit.cut(ofFilm(r.editMask), edit.pixels());
        if (cut == 1) {
            throw new InvalidInputException("the edit mask lies beside the square of the film that the model sees;"
                    + " --fit pad shows it the whole film");
        }
        if (cut > 0) {
            listener.warning(String.format(Locale.ROOT,
                    "%.0f %% of the edit mask lies beside the square of the film that"
                            + " the model sees and will not change; --fit pad shows it the whole film",
                    Math.max(1, 100 * cut)));
        }
        if (edit.count() == 0) {
            throw new InvalidInputException("the edit mask is empty: no cell of the latent grid lies in it"
                    + (r.editMask.isEmpty() ? "" : " (--mask-rule any takes cells that it only touches)"));
        }
    }

    private void checkKeepMask() {
        if (r.keepMask.isEmpty()) {
            throw new InvalidInputException("the keep mask is empty; leave it out to keep nothing");
        }
        if (keep.seen() == 0) {
            throw new InvalidInputException("the keep mask lies beside the square of the film that the model sees;"
                    + " --fit pad shows it the whole film");
        }
        if (keep.count() == 0) {
            throw new InvalidInputException("the keep mask would keep nothing: no cell of the latent grid lies in it by"
                    + " the rule " + word(r.keepRule) + "; --keep-rule any keeps every pixel of it");
        }
        if (keep.dropped() > TOLERATED_LOSS && r.mode == Editor.Mode.PAPER) {
            listener.warning(String.format(Locale.ROOT,
                    "%.0f %% of the keep mask's pixels lie in cells of the latent grid"
                            + " that the rule %s leaves free, and may change; --keep-rule any keeps all of them",
                    100 * keep.dropped(), word(r.keepRule)));
        }
    }

    private static String word(MaskBlend.Rule rule) {
        return rule.name().toLowerCase(Locale.ROOT);
    }

    /** Side of the latent. */
    int side() {
        return side;
    }

    /** The film as the model sees it. */
    Picture film() {
        return fit.apply(r.film);
    }

    /**
     * Makes sure of the memory; before anything runs.
     *
     * @throws radedit.exec.BackendException
     *             if it does not suffice
     */
    void requireMemory() {
        batch = networks.memory().require(side, new MemoryCheck.Demand(atOnce, this::latents, 1, true),
                listener);
    }

    /** Computes what does not depend on the seed. */
    void prepare() {
        base = networks.context(r.invertPrompt, listener);
        prompts = r.prompts.stream().map(p -> networks.context(p.text(), listener)).toList();
        listener.progress("encoding", 0, 1);
        moments = networks.encode(pixels(film()));
        listener.progress("encoding", 1, 1);
    }

    Outcome run(long seed) {
        Noise rng = r.rng.seeded(seed);
        Shape shape = networks.latentShape(1, side);
        Tensor firstNoise = r.firstNoise != null
                ? Requests.given(r.firstNoise, shape, "first_noise")
                : rng.randn(shape);
        List<Tensor> noise = new ArrayList<>();
        for (int i = 0; i < r.steps; i++) {
            noise.add(r.noise != null
                    ? Requests.given(r.noise, shape.with(0, r.steps), "noise").slice(i, i + 1)
                    : rng.randn(shape));
        }
        double[] weights = r.prompts.stream().mapToDouble(EditRequest.Prompt::weight).toArray();
        Editor.Plan plan = new Editor.Plan(base, prompts, weights, edit.cells(),
                keep == null ? null : keep.cells(), first, r.eta, r.mode);
        Tensor latent;
        try (UNetPredictor unet = networks.predictor(side, batch, latents(batch))) {
            Inversion inverted = Inversion.of(sample(moments, firstNoise), noise, ddim, unet, base, first, r.eta,
                    batch, (done, total) -> listener.progress("inverting", done, total));
            latent = Editor.edit(inverted, ddim, unet, plan,
                    (i, eps, y) -> listener.progress("denoising", i + 1 - first, r.steps - first));
        }
        List<Tensor> image = new ArrayList<>();
        networks.decode(latent, listener, (i, decoded) -> image.add(decoded));
        return new Outcome(latent, image.getFirst());
    }

    /** Latents that are live at once, by the batch that the UNet sees. */
    private int latents(int n) {
        return Inversion.latents(r.steps - first, n) + Editor.latents(1 + r.prompts.size());
    }

    /** Everything needed to make the picture of this seed again. */
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
        s.put("mode", r.mode.name().toLowerCase(Locale.ROOT));
        s.put("mask_rule", word(r.maskRule));
        s.put("edit_cells", edit.count());
        s.put("keep_rule", keep == null ? null : word(r.keepRule));
        s.put("keep_cells", keep == null ? 0 : keep.count());
        s.put("keep_pixels_dropped", keep == null ? 0 : keep.seen() - keep.covered());
        s.put("fit", fit.describe());
        if (r.loader != null) {
            s.put("loader", r.loader);
            s.put("film", r.source);
        }
        s.put("noise", r.noise != null ? "given" : r.rng.toString());
        s.put("seed", seed);
        return s;
    }

    /** All texts that the UNet attends to. */
    private List<String> prompts() {
        return Stream.concat(r.prompts.stream().map(EditRequest.Prompt::text), Stream.of(r.invertPrompt)).toList();
    }

    /** A mask at the film's size. */
    private Mask ofFilm(Mask mask) {
        return mask.resize(r.film.width(), r.film.height());
    }

    /** The same; said if it has another size. */
    private Mask ofFilm(Mask mask, String what) {
        if (mask.width() != r.film.width() || mask.height() != r.film.height()) {
            listener.warning("the " + what + " has " + mask.width() + " x " + mask.height() + " pixels, the film "
                    + r.film.width() + " x " + r.film.height() + "; it is resized to the film's size (nearest)");
        }
        return ofFilm(mask);
    }

    /** The edit beside what it was made of, and put back into the film if that is asked for. */
    Edited finished(Tensor image) {
        NativeEdit.Outcome restored = r.feather == null
                ? null
                : NativeEdit.apply(r.read(), image.data(), fit.placement(), ofFilm(r.editMask),
                        r.keepMask == null ? null : ofFilm(r.keepMask), r.feather);
        Picture share = restored == null ? null : fit.apply(restored.share());
        Comparison.Masks masks = new Comparison.Masks(edit.pixels(), keep == null ? null : keep.pixels(),
                edit.cellPixels(), keep == null ? null : keep.cellPixels());
        FilmSpace space = r.read() == null ? FilmSpace.UNKNOWN : r.read().space();
        return new Edited(film(), fit.film(), masks, share, space, fit.placement(), restored);
    }

    private void warnOfOverlap() {
        int both = edit.overlap(keep);
        if (r.mode == Editor.Mode.RELEASED) {
            listener.warning(
                    "mode released ignores the keep mask's content: all outside the edit mask is kept, one step"
                            + " noisier, as the published pipeline does");
        } else if (both == edit.count()) {
            listener.warning("the keep mask covers the whole edit mask, so the edit will change nothing");
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
}
