package radedit.pipeline;

import java.util.List;

import radedit.tensor.Tensor;

/** What to generate. The defaults are the model card's; setters return the request, so that they can be chained. */
public final class GenerateRequest {
    final List<String> prompts;
    String negativePrompt = "";
    int steps = 100;
    double guidance = 7.5;
    long seed;
    int size;
    int count = 1;
    Rng rng = Rng.TORCH;
    boolean seedPerImage;
    Tensor noise;

    /**
     * @param prompts
     *            one text for each row of pictures
     */
    public GenerateRequest(List<String> prompts) {
        this.prompts = List.copyOf(prompts);
    }

    public GenerateRequest(String... prompts) {
        this(List.of(prompts));
    }

    /** The text to be guided away from; empty unless set. */
    public GenerateRequest negativePrompt(String text) {
        this.negativePrompt = text;
        return this;
    }

    /** Denoising steps, 1 to the scheduler's training timesteps; 100 unless set. */
    public GenerateRequest steps(int n) {
        this.steps = n;
        return this;
    }

    /** Guidance scale; 7.5 unless set, 1 or less switches guidance off. */
    public GenerateRequest guidance(double scale) {
        this.guidance = scale;
        return this;
    }

    /** Seed of the random numbers; 0 unless set. */
    public GenerateRequest seed(long value) {
        this.seed = value;
        return this;
    }

    /** Height and width in pixels; the size the model was trained at unless set. */
    public GenerateRequest size(int pixels) {
        this.size = pixels;
        return this;
    }

    /** Pictures of each prompt; 1 unless set. */
    public GenerateRequest count(int n) {
        this.count = n;
        return this;
    }

    /** Whose random numbers to draw; those of torch on a CPU unless set. */
    public GenerateRequest rng(Rng which) {
        this.rng = which;
        return this;
    }

    /** Whether picture k has a generator of its own, seeded seed + k, instead of all being drawn in one call. */
    public GenerateRequest seedPerImage(boolean each) {
        this.seedPerImage = each;
        return this;
    }

    /** Numbers [prompts * count, 4, size / 8, size / 8] to start from instead of drawing them. */
    public GenerateRequest noise(Tensor given) {
        this.noise = given;
        return this;
    }
}
