package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Editor;
import radedit.diffusion.MaskDownsampling;
import radedit.imaging.Film;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Resample;
import radedit.imaging.WindowChoice;
import radedit.tensor.Tensor;

/**
 * A request to edit a film. The defaults are the paper's (Perez-Garcia et al., arXiv:2312.12865). Setters return the
 * request, so that they can be chained. Values are checked when the request is served, not when they are set.
 */
public final class EditRequest extends SamplingRequest<EditRequest> {
    /** Guidance weight of a prompt for which none is given. */
    public static final double DEFAULT_WEIGHT = 7.5;

    record Prompt(String text, double weight) {}

    final Picture film;
    final Mask editMask;
    final List<Prompt> prompts = new ArrayList<>();
    /** How the film was read; null if it was given as a picture. */
    @Nullable
    String loader;
    final Map<String, Object> source = new LinkedHashMap<>();
    @Nullable
    Mask keepMask;
    String invertPrompt = "";
    int steps = 200;
    double skipRatio = 0.3;
    double eta = 1;
    Editor.Mode mode = Editor.Mode.PAPER;
    MaskDownsampling.Rule maskRule = MaskDownsampling.Rule.NEAREST;
    MaskDownsampling.Rule keepRule = MaskDownsampling.Rule.ANY;
    @Nullable
    Tensor noise;
    @Nullable
    Tensor firstNoise;
    @Nullable
    String originalText;
    @Nullable
    Double minScore;
    int tries = 1;
    /** The film as it was read; null if it was given as a picture. */
    private @Nullable Film originalFilm;
    FitMode fit = FitMode.RESIZE_CROP;
    Resample.Filter resample = Resample.Filter.BILINEAR;
    /** Width in pixels over which the edit fades out in the film at its native size; null unless that is requested. */
    @Nullable
    Integer feather;

    /**
     * Creates a request.
     *
     * @param film
     *            the film, of any size; it is fitted to the model's square as {@link #fit} says
     * @param editMask
     *            pixels to change; a mask of another size than the film's is resized to it
     */
    public EditRequest(Picture film, Mask editMask) {
        this.film = Objects.requireNonNull(film, "film is null");
        this.editMask = Objects.requireNonNull(editMask, "editMask is null");
    }

    /**
     * Creates a request for a film that was read from a file, which the result's settings then describe.
     *
     * @param film
     *            the film; one frame
     * @param editMask
     *            pixels to change; a mask of another size than the film's is resized to it
     * @throws ImageFormatException
     *             if the film has several frames
     */
    public EditRequest(Film film, Mask editMask) throws ImageFormatException {
        this(Objects.requireNonNull(film, "film is null").picture(), editMask);
        loader = film.options().loader().toString();
        source.putAll(film.describe());
        originalFilm = film;
    }

    @Override
    EditRequest self() {
        return this;
    }

    /**
     * Adds a prompt with the guidance weight {@value #DEFAULT_WEIGHT}.
     *
     * @param text
     *            what the edit mask shall show
     * @return this request
     */
    public EditRequest prompt(String text) {
        return prompt(text, DEFAULT_WEIGHT);
    }

    /**
     * Adds a prompt. The guidance of several prompts is summed.
     *
     * @param text
     *            what the edit mask shall show
     * @param weight
     *            guidance weight, finite
     * @return this request
     */
    public EditRequest prompt(String text, double weight) {
        prompts.add(new Prompt(Objects.requireNonNull(text, "a prompt is null"), weight));
        return this;
    }

    /**
     * Sets what must not change. Where both masks are set, the keep mask wins.
     *
     * @param mask
     *            pixels to keep; null, the default, for none
     * @return this request
     */
    public EditRequest keepMask(@Nullable Mask mask) {
        this.keepMask = mask;
        return this;
    }

    /**
     * Sets the prompt under which the film is inverted.
     *
     * @param text
     *            the prompt; empty by default
     * @return this request
     */
    public EditRequest invertPrompt(String text) {
        this.invertPrompt = Objects.requireNonNull(text, "invertPrompt is null; empty for none");
        return this;
    }

    /**
     * Sets the number of timesteps of inversion and denoising.
     *
     * @param n
     *            1 to the scheduler's training timesteps; 200 by default
     * @return this request
     */
    public EditRequest steps(int n) {
        this.steps = n;
        return this;
    }

    /**
     * Sets the share of the noisiest timesteps to leave out. A larger share keeps more of the film.
     *
     * @param ratio
     *            0 to below 1; 0.3 by default
     * @return this request
     */
    public EditRequest skipRatio(double ratio) {
        this.skipRatio = ratio;
        return this;
    }

    /**
     * Sets η of DDIM sampling (Song et al., arXiv:2010.02502, formula 16), the share of DDPM's noise.
     *
     * @param value
     *            above 0 and at most 1; 1 by default
     * @return this request
     */
    public EditRequest eta(double value) {
        this.eta = value;
        return this;
    }

    /**
     * Sets which behaviour to reproduce.
     *
     * @param which
     *            that of the paper by default
     * @return this request
     */
    public EditRequest mode(Editor.Mode which) {
        this.mode = which;
        return this;
    }

    /**
     * Sets when a cell of the latent grid belongs to a mask, for both masks. By default a cell belongs to the edit mask
     * if its top-left pixel does ({@link MaskDownsampling.Rule#NEAREST}), as in the pipeline published with the
     * weights, and to the keep mask as {@link #keepRule} says.
     *
     * @param rule
     *            the rule
     * @return this request
     */
    public EditRequest maskRule(MaskDownsampling.Rule rule) {
        this.maskRule = rule;
        this.keepRule = rule;
        return this;
    }

    /**
     * Sets when a cell of the latent grid belongs to the keep mask.
     *
     * @param rule
     *            {@link MaskDownsampling.Rule#ANY} by default, so that no pixel of the keep mask is lost
     * @return this request
     */
    public EditRequest keepRule(MaskDownsampling.Rule rule) {
        this.keepRule = rule;
        return this;
    }

    /**
     * Sets the noise of the inversion instead of drawing it.
     *
     * @param given
     *            [steps, 4, size / 8, size / 8], standard normal, the smallest timestep first; null, the default, to
     *            draw
     * @return this request
     */
    public EditRequest noise(@Nullable Tensor given) {
        this.noise = given;
        return this;
    }

    /**
     * Sets the noise of the encoder's sample instead of drawing it.
     *
     * @param given
     *            [1, 4, size / 8, size / 8], standard normal; null, the default, to draw
     * @return this request
     */
    public EditRequest firstNoise(@Nullable Tensor given) {
        this.firstNoise = given;
        return this;
    }

    /**
     * Sets a description of the film before the edit. With it the edit score is computed ({@link Scorer#editScore}),
     * which compares the change of the film with the change of the text.
     *
     * @param text
     *            the description; null, the default, for none
     * @return this request
     */
    public EditRequest originalText(@Nullable String text) {
        this.originalText = text;
        return this;
    }

    /**
     * Sets the score that an edit must reach: the edit score where there is one, else the image-text score.
     *
     * @param score
     *            -1 to 1; none by default
     * @return this request
     */
    public EditRequest minScore(double score) {
        this.minScore = score;
        return this;
    }

    /**
     * Sets how often to try, each time with the next seed, until an edit reaches the score of {@link #minScore}.
     *
     * @param n
     *            at least 1; 1 by default
     * @return this request
     */
    public EditRequest tries(int n) {
        this.tries = n;
        return this;
    }

    /** {@return whether the edit mask has no pixels} */
    public boolean editMaskIsEmpty() {
        return editMask.isEmpty();
    }

    /**
     * Sets how the film is fitted to the model's square.
     *
     * @param mode
     *            {@link FitMode#RESIZE_CROP} by default
     * @return this request
     */
    public EditRequest fit(FitMode mode) {
        this.fit = mode;
        return this;
    }

    /**
     * Sets the filter that resizes the film.
     *
     * @param filter
     *            bilinear by default
     * @return this request
     */
    public EditRequest resample(Resample.Filter filter) {
        this.resample = filter;
        return this;
    }

    /**
     * Requests that the edit is also put back into the film at its own size and depth ({@link EditDetails#nativeEdit}).
     *
     * @param pixels
     *            width, in pixels of the film, of the border around the edit mask over which the edit fades out; 0 to
     *            4096
     * @return this request
     */
    public EditRequest nativeSize(int pixels) {
        this.feather = pixels;
        return this;
    }

    /**
     * Checks the settings that depend neither on the film nor on the model, as serving the request does first.
     *
     * @param listener
     *            receives warnings of settings that are hardly meant
     * @throws InvalidRequestException
     *             if a setting is out of range, or contradicts another
     */
    public void checkSettings(Listener listener) {
        EditChecks.checkSettings(this, listener);
    }

    /** {@return a mask resized to the film's size} */
    Mask atFilmSize(Mask mask) {
        return mask.resize(film.width(), film.height());
    }

    /** {@return the film as it was read; null if it was given as a picture} */
    @Nullable
    Film originalFilm() {
        return originalFilm;
    }

    /** {@return the window that was chosen, as a user writes it; null if the file or the loader decides} */
    @Nullable
    String window() {
        return originalFilm == null || originalFilm.options().window() instanceof WindowChoice.FromFile
                ? null
                : originalFilm.options().window().toString();
    }

    /** {@return the height of the film's pixels divided by their width} */
    double pixelAspect() {
        return originalFilm == null ? 1 : originalFilm.pixelAspect();
    }
}
