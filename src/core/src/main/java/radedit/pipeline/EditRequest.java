package radedit.pipeline;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.Editor;
import radedit.diffusion.MaskBlend;
import radedit.exec.Cancellation;
import radedit.graph.Probe;
import radedit.imaging.Film;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Resample;
import radedit.tensor.Tensor;

/** What to edit. The defaults are the paper's; setters return the request, so that they can be chained. */
public final class EditRequest {
    /** Guidance weight of a prompt that comes without one. */
    public static final double DEFAULT_WEIGHT = 7.5;

    record Prompt(String text, double weight) {}

    final Picture film;
    final Mask editMask;
    final List<Prompt> prompts = new ArrayList<>();
    /** How the film was read; null if it came as a picture. */
    String loader;
    final Map<String, Object> source = new LinkedHashMap<>();
    Mask keepMask;
    String invertPrompt = "";
    int steps = 200;
    double skipRatio = 0.3;
    double eta = 1;
    Editor.Mode mode = Editor.Mode.PAPER;
    MaskBlend.Rule maskRule = MaskBlend.Rule.NEAREST;
    MaskBlend.Rule keepRule = MaskBlend.Rule.ANY;
    final Map<String, Object> notes = new LinkedHashMap<>();
    final Map<Part, Probe> probes = new EnumMap<>(Part.class);
    /** Null for none. */
    Cancellation cancellation;
    long seed;
    int size;
    Rng rng = Rng.TORCH;
    Tensor noise;
    Tensor firstNoise;
    String originalText;
    Double minScore;
    int tries = 1;
    /** The film as it was read; null if it came as a picture. */
    private Film read;
    FitMode fit = FitMode.RESIZE_CROP;
    Resample.Filter resample = Resample.Filter.BILINEAR;
    /** Pixels over which an edit fades out where it is put back into the film; null unless it is. */
    Integer feather;

    /**
     * @param film
     *            of any size; it is brought to the model's
     * @param editMask
     *            where to change
     */
    public EditRequest(Picture film, Mask editMask) {
        this.film = Objects.requireNonNull(film, "film is null");
        this.editMask = Objects.requireNonNull(editMask, "editMask is null");
    }

    /**
     * The same with a film as it was read, of which the result's settings then tell.
     *
     * @throws ImageFormatException
     *             if it has several frames
     */
    public EditRequest(Film film, Mask editMask) throws ImageFormatException {
        this(Objects.requireNonNull(film, "film is null").picture(), editMask);
        loader = film.options().loader().toString();
        source.putAll(film.describe());
        read = film;
    }

    /** What the edit mask shall show; may be called several times. */
    public EditRequest prompt(String text) {
        return prompt(text, DEFAULT_WEIGHT);
    }

    /** The same with a guidance weight. */
    public EditRequest prompt(String text, double weight) {
        prompts.add(new Prompt(Objects.requireNonNull(text, "a prompt is null"), weight));
        return this;
    }

    /** What must stay; nothing unless set. Where both masks are set, keep wins. */
    public EditRequest keepMask(Mask mask) {
        this.keepMask = mask;
        return this;
    }

    /** What the film is inverted under; empty unless set. */
    public EditRequest invertPrompt(String text) {
        this.invertPrompt = Objects.requireNonNull(text, "invertPrompt is null; empty for none");
        return this;
    }

    /** Timesteps of inversion and denoising; 200 unless set. */
    public EditRequest steps(int n) {
        this.steps = n;
        return this;
    }

    /** Share of the noisiest steps to leave out, 0 to below 1; more keeps more of the film; 0.3 unless set. */
    public EditRequest skipRatio(double ratio) {
        this.skipRatio = ratio;
        return this;
    }

    /** How much of DDPM's noise, above 0 and at most 1; 1 unless set. */
    public EditRequest eta(double value) {
        this.eta = value;
        return this;
    }

    /** Which behaviour to reproduce; the paper's unless set. */
    public EditRequest mode(Editor.Mode which) {
        this.mode = which;
        return this;
    }

    /**
     * When a cell of the latent grid belongs to a mask, for both masks. Unless set, a cell belongs to the edit mask if its
     * top-left pixel does, as in the pipeline published with the weights, and to the keep mask as {@link #keepRule} has it.
     */
    public EditRequest maskRule(MaskBlend.Rule rule) {
        this.maskRule = rule;
        this.keepRule = rule;
        return this;
    }

    /**
     * When a cell of the latent grid belongs to the keep mask. {@link MaskBlend.Rule#ANY} unless set: a pixel of the film
     * that is to be kept is kept.
     */
    public EditRequest keepRule(MaskBlend.Rule rule) {
        this.keepRule = rule;
        return this;
    }

    /** What ends the work early, with a {@link radedit.exec.CancelledException}; nothing unless set. */
    public EditRequest cancellation(Cancellation token) {
        this.cancellation = token;
        return this;
    }

    /**
     * Looks at named values of a network while it runs, or replaces them. Names are the modules' paths in the published
     * checkpoint, such as {@code mid_block.resnets.0}; the first axis of a value is the network's batch.
     *
     * @param part
     *            the UNet, the VAE or the text encoder
     */
    public EditRequest probe(Part part, Probe probe) {
        probes.put(part, probe);
        return this;
    }

    /** Something to be told in the result's settings, for instance which files were read. */
    public EditRequest note(String name, Object value) {
        notes.put(name, value);
        return this;
    }

    /** Seed of the random numbers; 0 unless set. */
    public EditRequest seed(long value) {
        this.seed = value;
        return this;
    }

    /** Height and width in pixels; the size the model was trained at unless set. */
    public EditRequest size(int pixels) {
        this.size = pixels;
        return this;
    }

    /** Whose random numbers to draw; those of torch on a CPU unless set. */
    public EditRequest rng(Rng which) {
        this.rng = which;
        return this;
    }

    /** Numbers [steps, 4, size / 8, size / 8] instead of drawn ones, the smallest timestep first. */
    public EditRequest noise(Tensor given) {
        this.noise = given;
        return this;
    }

    /** Numbers [1, 4, size / 8, size / 8] for the encoder's sample instead of drawn ones. */
    public EditRequest firstNoise(Tensor given) {
        this.firstNoise = given;
        return this;
    }

    /**
     * What describes the film before the edit; with it the edit score can be told, which compares the change of the film
     * with the change of the text.
     */
    public EditRequest originalText(String text) {
        this.originalText = text;
        return this;
    }

    /** The score below which an edit does not pass: the edit score where there is one, else the image-text score. */
    public EditRequest minScore(double score) {
        this.minScore = score;
        return this;
    }

    /** How often to try, each time with the next seed, until an edit passes; 1 unless set. */
    public EditRequest tries(int n) {
        this.tries = n;
        return this;
    }

    /** Whether there is nothing to change. */
    public boolean editMaskIsEmpty() {
        return editMask.isEmpty();
    }

    /** How the film comes to the model's square; by its short side and centre unless set. */
    public EditRequest fit(FitMode mode) {
        this.fit = mode;
        return this;
    }

    /** The filter by which it is resized; bilinear unless set. */
    public EditRequest resample(Resample.Filter filter) {
        this.resample = filter;
        return this;
    }

    /**
     * Puts the edit back into the film at its own size and depth, too.
     *
     * @param pixels
     *            of the film around the edit mask, over which the edit fades out
     */
    public EditRequest nativeSize(int pixels) {
        this.feather = pixels;
        return this;
    }

    /** A mask at the film's size. */
    Mask ofFilm(Mask mask) {
        return mask.resize(film.width(), film.height());
    }

    /** The film as it was read; null if it came as a picture. */
    Film read() {
        return read;
    }

    /** Height of the film's pixels over their width. */
    double pixelAspect() {
        return read == null ? 1 : read.pixelAspect();
    }
}
