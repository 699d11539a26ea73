package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import radedit.diffusion.Editor;
import radedit.diffusion.MaskDownsampling;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Resample;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.picture.Provenance;
import radedit.pipeline.EditRequest;
import radedit.pipeline.FitMode;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;

/** Options that say what to edit and how, from which a request is made: those of radedit edit and of a stress test's rows. */
final class EditSettings {
    @Option(names = "--image", paramLabel = "F", required = true, description = "the film: " + FilmInput.FORMATS)
    private Path image;

    @Option(names = "--edit-mask", paramLabel = "MASK", required = true, description = "where to change; repeat to join several: "
            + Masks.SOURCES)
    private List<String> editMasks;

    @Option(names = "--invert-edit-mask", description = "change what is not in the edit mask")
    private boolean invertEditMask;

    @Option(names = "--keep-mask", paramLabel = "MASK", description = "what must stay; wins over the edit mask; repeat to join several")
    private List<String> keepMasks = new ArrayList<>();

    @Option(names = "--free-band", paramLabel = "N", defaultValue = "0", description = "pixels of the film around the edit mask to remove from the keep mask, so that neither applies there"
            + " (default: ${DEFAULT-VALUE})")
    private int freeBand;

    @Option(names = "--grow-edit-mask", paramLabel = "N", defaultValue = "0", description = "pixels of the film by which to grow the edit mask (default: ${DEFAULT-VALUE})")
    private int growEditMask;

    @Option(names = "--prompt", paramLabel = "T", required = true, description = "what the edit mask should show; may be repeated")
    private List<String> prompts;

    @Option(names = "--weight", paramLabel = "X", description = "guidance scale of each prompt, in order (default: 7.5 for all)")
    private List<Double> weights = new ArrayList<>();

    @Option(names = "--invert-prompt", paramLabel = "T", defaultValue = "", description = "what the film is inverted under (default: empty)")
    private String invertPrompt;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "200", description = "timesteps (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--skip-ratio", paramLabel = "X", defaultValue = "0.3", description = "share of the noisiest steps to leave out (default: ${DEFAULT-VALUE})")
    private double skipRatio;

    @Option(names = "--eta", paramLabel = "X", defaultValue = "1", description = "share of DDPM's noise, above 0 and at most 1 (default: ${DEFAULT-VALUE})")
    private double eta;

    @Option(names = "--mode", paramLabel = "NAME", defaultValue = "paper", description = "paper, or released for the published pipeline's behaviour (default: ${DEFAULT-VALUE})")
    private Editor.Mode mode;

    @Option(names = "--mask-rule", paramLabel = "NAME", description = "when a cell of the latent grid is in a mask: nearest (its top-left pixel is), any or majority of its pixels"
            + " (default: nearest for the edit mask, as published, any for the keep mask)")
    private MaskDownsampling.@Nullable Rule maskRule;

    @Option(names = "--keep-rule", paramLabel = "NAME", description = "the same for the keep mask only (default: --mask-rule if given, else any: every pixel of the mask is kept)")
    private MaskDownsampling.@Nullable Rule keepRule;

    @Option(names = "--original-text", paramLabel = "T", description = "what the film shows before the edit; enables the edit score")
    private @Nullable String originalText;

    @Option(names = "--min-score", paramLabel = "X", description = "exit with code 6 if the score (the edit score with --original-text) is below X")
    private @Nullable Double minScore;

    @Option(names = "--tries", paramLabel = "N", defaultValue = "1", description = "try the next seeds until an edit reaches --min-score; the best is kept (default: ${DEFAULT-VALUE})")
    private int tries;

    @Option(names = "--noise", paramLabel = "F", description = "read the noise from a safetensors file (noise, first_noise)")
    private @Nullable Path noise;

    @Mixin
    private FilmInput film;

    @Option(names = "--fit", paramLabel = "NAME", defaultValue = "resize-crop", description = "how the film is fitted to the model's square: resize-crop (short side, then the centre), pad (long side,"
            + " black beside it) or stretch (default: ${DEFAULT-VALUE})")
    private FitMode fit;

    @Option(names = "--resample", paramLabel = "NAME", defaultValue = "bilinear", description = "bilinear, bicubic or lanczos, as in Pillow (default: ${DEFAULT-VALUE})")
    private Resample.Filter resample;

    @Mixin
    private SamplingOptions sampling;

    /** Folder that relative names of files start from. */
    private Path folder = Path.of("");

    /** Sets the folder that relative names of files start from; the working folder by default. */
    EditSettings from(Path start) {
        this.folder = start;
        return this;
    }

    /** Checks what can be checked without reading a file. */
    void check() {
        if (!weights.isEmpty() && weights.size() != prompts.size()) {
            throw new InvalidRequestException("--weight is given " + times(weights.size()) + ", --prompt "
                    + times(prompts.size()) + "; give one for each prompt or none");
        }
        if (freeBand < 0 || freeBand > 0 && keepMasks.isEmpty()) {
            throw new InvalidRequestException("--free-band needs a --keep-mask");
        }
        NumberConverters.requireNotNegative("--grow-edit-mask", growEditMask);
        if (keepRule != null && keepMasks.isEmpty()) {
            throw new InvalidRequestException("--keep-rule needs a --keep-mask");
        }
        sampling.size();
    }

    /** Files that are read, some of which may be null. */
    @Nullable
    Path[] files() {
        return Stream.concat(Stream.of(image(), noise()), maskSources().flatMap(s -> s.file().stream()))
                .toArray(Path[]::new);
    }

    /** The film's file. */
    Path image() {
        return folder.resolve(image);
    }

    private @Nullable Path noise() {
        return noise == null ? null : folder.resolve(noise);
    }

    private List<MaskSource> sources(List<String> texts) {
        return texts.stream().map(t -> MaskSource.of(t, folder)).toList();
    }

    SamplingOptions sampling() {
        return sampling;
    }

    List<String> prompts() {
        return prompts;
    }

    /** Whether the edit is to be judged by scores. */
    boolean isJudged() {
        return originalText != null || minScore != null;
    }

    @Nullable
    Double minScore() {
        return minScore;
    }

    /**
     * Checks settings without a film.
     *
     * @throws InvalidRequestException
     *             if one is out of range
     */
    void checkSettings() {
        check();
        if (steps < 1) {
            throw new InvalidRequestException("--steps must be at least 1, not " + steps);
        }
        Picture none = new Picture(1, 1, 1, new byte[1]);
        set(new EditRequest(none, Mask.filled(1, 1, true))).checkSettings(Listener.NONE);
    }

    /** Whether two settings read the same film. */
    boolean hasFilmOf(EditSettings other) {
        return image().equals(other.image()) && film.options().equals(other.film.options());
    }

    /** The sources of both masks. */
    Stream<MaskSource> maskSources() {
        return Stream.concat(sources(editMasks).stream(), sources(keepMasks).stream());
    }

    /** Reads the film. */
    Film film(Listener listener) {
        Film shown = Inputs.film(image(), film.options(), listener::warning);
        film.requireEffect(shown);
        return shown;
    }

    /**
     * Reads the masks and makes a request.
     *
     * @param named
     *            whether the request records the names of files, or their hashes only
     */
    EditRequest request(Film shown, boolean named, Listener listener) throws IOException {
        Extent size = new Extent(shown.columns(), shown.rows());
        Mask edit = editMask(size, listener);
        EditRequest request = set(new EditRequest(shown, edit));
        if (!keepMasks.isEmpty()) {
            request.keepMask(keepMask(edit, size, listener));
        }
        Path given = noise();
        if (given != null) {
            request.noise(Inputs.tensor(given, "noise")).firstNoise(Inputs.tensor(given, "first_noise"));
        }
        if (request.editMaskIsEmpty()) {
            throw new InvalidInputException(Masks.names(sources(editMasks)) + ": the edit mask is empty");
        }
        request.note("inputs",
                new Provenance(named).file("film", image.toString(), image()).masks("edit_mask", sources(editMasks))
                        .masks("keep_mask", sources(keepMasks))
                        .file("noise", String.valueOf(noise), noise()).inputs());
        return request.note("grow_edit_mask", growEditMask).note("invert_edit_mask", invertEditMask)
                .note("free_band", freeBand);
    }

    /** Sets what is neither a film nor a mask. */
    EditRequest set(EditRequest request) {
        sampling.shorten(request).invertPrompt(invertPrompt).steps(steps).skipRatio(skipRatio).eta(eta).mode(mode)
                .seed(sampling.seed()).rng(sampling.rng()).size(sampling.size()).fit(fit).resample(resample);
        request.originalText(originalText).tries(tries);
        if (minScore != null) {
            request.minScore(minScore);
        }
        for (int i = 0; i < prompts.size(); i++) {
            request.prompt(prompts.get(i), weights.isEmpty() ? EditRequest.DEFAULT_WEIGHT : weights.get(i));
        }
        if (maskRule != null) {
            request.maskRule(maskRule);
        }
        if (keepRule != null) {
            request.keepRule(keepRule);
        }
        return request;
    }

    private static String times(int n) {
        return n == 1 ? "once" : n + " times";
    }

    private Mask editMask(Extent size, Listener listener) {
        Mask given = Masks.union("the edit mask", sources(editMasks), size, listener::warning);
        Mask grown = growEditMask == 0 ? given : given.dilate(growEditMask);
        return invertEditMask ? Mask.filled(size.width(), size.height(), true).difference(grown) : grown;
    }

    private Mask keepMask(Mask edit, Extent size, Listener listener) {
        Mask keep = Masks.union("the keep mask", sources(keepMasks), size, listener::warning);
        if (keep.isEmpty()) {
            throw new InvalidInputException(
                    Masks.names(sources(keepMasks)) + ": the keep mask is empty; leave it out to keep nothing");
        }
        Mask apart = freeBand == 0 ? keep : keep.difference(edit.dilate(freeBand));
        if (apart.isEmpty()) {
            throw new InvalidInputException("--free-band " + freeBand + " leaves nothing of the keep mask");
        }
        return apart;
    }
}
