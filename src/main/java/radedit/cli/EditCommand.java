package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.diffusion.Editor;
import radedit.diffusion.MaskBlend;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.EditRequest;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Judgement;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;

/** radedit edit. */
@Command(name = "edit", mixinStandardHelpOptions = true, description = "Changes a film inside one mask as a text says and keeps what lies in another.")
final class EditCommand implements Callable<Integer> {
    @Option(names = "--image", paramLabel = "F", required = true, description = "the film: DICOM, PNG, JPEG, TIFF, NIfTI, MetaImage, NRRD, GIF, BMP or JPEG 2000")
    private Path image;

    @Option(names = "--edit-mask", paramLabel = "MASK", required = true, description = "where to change: "
            + Masks.SOURCES)
    private String editMask;

    @Option(names = "--keep-mask", paramLabel = "MASK", description = "what must stay; wins over the edit mask")
    private String keepMask;

    @Option(names = "--free-band", paramLabel = "N", defaultValue = "0", description = "pixels of the film around the edit mask that are taken from the keep mask, so that neither holds there"
            + " (default: ${DEFAULT-VALUE})")
    private int freeBand;

    @Option(names = "--prompt", paramLabel = "T", required = true, description = "what the edit mask shall show; may be repeated")
    private List<String> prompts;

    @Option(names = "--weight", paramLabel = "X", description = "guidance weight of each prompt, in their order (default: 7.5 for all)")
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

    @Option(names = "--mask-rule", paramLabel = "NAME", defaultValue = "nearest", description = "when a cell of the latent grid is in a mask: nearest (its top-left pixel is), any, majority"
            + " (default: ${DEFAULT-VALUE})")
    private MaskBlend.Rule maskRule;

    @Option(names = "--original-text", paramLabel = "T", description = "what the film shows before the edit; with it the edit score is told")
    private String originalText;

    @Option(names = "--min-score", paramLabel = "X", description = "exit code 6 if the score (the edit score with --original-text) is below")
    private Double minScore;

    @Option(names = "--tries", paramLabel = "N", defaultValue = "1", description = "try the next seeds until an edit reaches --min-score; the best is kept (default: ${DEFAULT-VALUE})")
    private int tries;

    @Option(names = "--noise", paramLabel = "F", description = "read the noise from a safetensors file (noise, first_noise)")
    private Path noise;

    @Mixin
    private FilmInput film;

    @Mixin
    private GeometryOptions geometry;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PatientOptions patient;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Listener listener = console.to(spec.commandLine().getErr());
        if (!weights.isEmpty() && weights.size() != prompts.size()) {
            throw new InvalidRequestException("--weight is given " + weights.size() + " times, --prompt "
                    + prompts.size() + " times; give one for each prompt or none");
        }
        if (freeBand < 0 || freeBand > 0 && keepMask == null) {
            throw new InvalidRequestException("--free-band counts pixels between the edit mask and a --keep-mask");
        }
        MaskSource editSource = MaskSource.of(editMask);
        MaskSource keepSource = keepMask == null ? null : MaskSource.of(keepMask);
        Path[] inputs = {image, editSource.file(), keepSource == null ? null : keepSource.file(), noise};
        output.check(inputs);
        geometry.check(output, inputs);
        Film shown = Inputs.film(image, film.options(), listener::warning);
        film.requireEffect(shown);
        patient.apply(output, image, shown, listener);
        Extent size = new Extent(shown.columns(), shown.rows());
        Mask edit = Masks.read("the edit mask", editSource, size, listener::warning);
        EditRequest request = new EditRequest(shown, edit)
                .invertPrompt(invertPrompt).steps(steps).skipRatio(skipRatio).eta(eta).mode(mode).maskRule(maskRule)
                .seed(sampling.seed()).rng(sampling.rng()).size(sampling.size());
        geometry.apply(request, shown, output, listener);
        request.originalText(originalText).tries(tries);
        if (minScore != null) {
            request.minScore(minScore);
        }
        for (int i = 0; i < prompts.size(); i++) {
            request.prompt(prompts.get(i), weights.isEmpty() ? EditRequest.DEFAULT_WEIGHT : weights.get(i));
        }
        if (keepSource != null) {
            Mask keep = Masks.read("the keep mask", keepSource, size, listener::warning);
            request.keepMask(freeBand == 0 ? keep : keep.difference(edit.dilate(freeBand)));
        }
        if (noise != null) {
            request.noise(Inputs.tensor(noise, "noise")).firstNoise(Inputs.tensor(noise, "first_noise"));
        }
        if (request.editMaskIsEmpty()) {
            throw new InvalidInputException(editSource + ": the edit mask is empty");
        }
        try (RadEdit radEdit = RadEdit.open(model.folder(), model.options(sampling.batch()), console)) {
            Result result = radEdit.edit(request, listener);
            output.write(result, (System.nanoTime() - start) / 1e9, spec.commandLine().getOut(), console.quiet());
            geometry.write(result, spec.commandLine().getOut(), output.speaks() && !console.quiet());
            return judge(result.judgement(), listener);
        }
    }

    private int judge(Judgement j, Listener listener) {
        if (j == null) {
            return Exit.OK;
        }
        if (!console.quiet()) {
            String edit = j.best().edit() == null
                    ? ""
                    : String.format(Locale.ROOT, ", edit score %.4f", j.best().edit());
            spec.commandLine().getErr().printf(Locale.ROOT, "image-text score %.4f%s%n", j.best().imageText(), edit);
        }
        if (!j.passed()) {
            listener.warning("no edit of " + j.tries().size() + " reached the score of " + minScore
                    + "; the best is kept, do not trust it");
        }
        return j.passed() ? Exit.OK : Exit.CHECK;
    }
}
