package radedit.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerMethod;
import radedit.message.Setting;
import radedit.tensor.Tensor;

/**
 * A request to generate pictures. The defaults are the model card's. Setters return the request, so that they can be
 * chained. Values are checked when the request is served, not when they are set.
 */
public final class GenerateRequest extends SamplingRequest<GenerateRequest> {
    private static final int MAX_PICTURES = 4096;

    final List<String> prompts;
    String negativePrompt = "";
    /** Null for the number that suits the sampler. */
    @Nullable
    Integer steps;
    SamplerChoice sampler = SamplerChoice.OF_MODEL;
    double guidance = 7.5;
    double unguidedAfter = 1;
    int count = 1;
    boolean seedPerImage;
    @Nullable
    Tensor noise;
    final SortedSet<Integer> only = new TreeSet<>();

    /**
     * Creates a request.
     *
     * @param prompts
     *            one text for each group of {@link #count} pictures; at least one
     */
    public GenerateRequest(List<String> prompts) {
        this.prompts = Objects.requireNonNull(prompts, "prompts is null").stream()
                .map(p -> Objects.requireNonNull(p, "a prompt is null")).toList();
    }

    /**
     * Creates a request.
     *
     * @param prompts
     *            one text for each group of {@link #count} pictures; at least one
     */
    public GenerateRequest(String... prompts) {
        this(Arrays.asList(Objects.requireNonNull(prompts, "prompts is null")));
    }

    @Override
    GenerateRequest self() {
        return this;
    }

    /**
     * Sets the text that guidance leads away from.
     *
     * @param text
     *            the text; empty by default
     * @return this request
     */
    public GenerateRequest negativePrompt(String text) {
        this.negativePrompt = Objects.requireNonNull(text, "negativePrompt is null; empty for none");
        return this;
    }

    /**
     * Sets the number of denoising steps.
     *
     * @param n
     *            1 to the scheduler's training timesteps; by default the sampler's
     *            {@link SamplerMethod#defaultSteps}, 100 for DDIM
     * @return this request
     */
    public GenerateRequest steps(int n) {
        this.steps = n;
        return this;
    }

    /**
     * Sets the method of sampling.
     *
     * @param choice
     *            the method and its settings; those of the model's scheduler by default
     * @return this request
     */
    public GenerateRequest sampler(SamplerChoice choice) {
        this.sampler = Objects.requireNonNull(choice, "choice is null; SamplerChoice.OF_MODEL is the default");
        return this;
    }

    /**
     * Sets the method of sampling, with everything else as the model's scheduler says.
     *
     * @param method
     *            the method
     * @return this request
     */
    public GenerateRequest sampler(SamplerMethod method) {
        return sampler(SamplerChoice.of(method));
    }

    /**
     * Sets the guidance scale (Ho and Salimans, arXiv:2207.12598).
     *
     * @param scale
     *            finite; 7.5 by default, 1 or less switches guidance off
     * @return this request
     */
    public GenerateRequest guidance(double scale) {
        this.guidance = scale;
        return this;
    }

    /**
     * Sets after which share of the steps sampling goes on without guidance and cross-attention, whose results are then the
     * mean of those of the last guided step (T-GATE, Zhang et al., arXiv:2404.02747). Below 1, the result is an approximation.
     *
     * @param share
     *            above 0 and at most 1, the default, for guidance to the end; the number of guided steps is rounded up
     * @return this request
     */
    public GenerateRequest unguidedAfter(double share) {
        this.unguidedAfter = share;
        return this;
    }

    /** Checks how sampling is shortened. */
    void checkGuided(boolean reuse) {
        boolean gated = unguidedAfter != 1;
        RequestChecks.check(unguidedAfter > 0 && unguidedAfter <= 1, Setting.UNGUIDED_AFTER,
                " must be above 0 and at most 1, not ", unguidedAfter);
        for (Setting s : new Setting[]{Setting.GUIDANCE_INTERVAL, Setting.UNGUIDED_AFTER}) {
            boolean used = s == Setting.UNGUIDED_AFTER ? gated : hasInterval();
            RequestChecks.check(!used || guidance > 1, s, " needs a ", Setting.GUIDANCE, " above 1, not ", guidance);
        }
        RequestChecks.check(!gated || !hasInterval(), Setting.UNGUIDED_AFTER, " and ", Setting.GUIDANCE_INTERVAL,
                " exclude each other");
        RequestChecks.check(!gated || deepCache == 1, Setting.UNGUIDED_AFTER, " and ", Setting.DEEP_CACHE,
                " exclude each other");
        RequestChecks.check(!gated || reuse, Setting.UNGUIDED_AFTER, " and ", Setting.NO_REUSE, " exclude each other");
        RequestChecks.check(!gated || !probes.containsKey(Part.UNET), Setting.UNGUIDED_AFTER,
                " and a probe of the UNet exclude each other");
    }

    /**
     * Sets the number of pictures for each prompt.
     *
     * @param n
     *            at least 1; 1 by default
     * @return this request
     */
    public GenerateRequest count(int n) {
        this.count = n;
        return this;
    }

    /**
     * Sets whether each picture has a generator of its own.
     *
     * @param each
     *            true to seed that of picture k (from 0) with seed + k; false, the default, to draw the whole batch in
     *            one call
     * @return this request
     */
    public GenerateRequest seedPerImage(boolean each) {
        this.seedPerImage = each;
        return this;
    }

    /**
     * Limits the work to some pictures of the batch; all by default. The random numbers of the whole batch are drawn
     * nevertheless, so that each picture is bit-identical to the one from a full batch. May be called several times.
     *
     * @param pictures
     *            numbers, counted from 1, those of the first prompt first
     * @return this request
     */
    public GenerateRequest only(int... pictures) {
        for (int k : pictures) {
            only.add(k);
        }
        return this;
    }

    /**
     * {@return the numbers of the pictures to compute, counted from 1}
     *
     * @throws InvalidRequestException
     *             if there is no prompt, if there are more than 4096 pictures, or if {@link #only} was given a number
     *             outside the batch
     */
    public SortedSet<Integer> numbers() {
        RequestChecks.check(!prompts.isEmpty(), "a prompt is missing");
        RequestChecks.check(prompts.size() <= MAX_PICTURES,
                "at most " + MAX_PICTURES + " prompts at once, not " + prompts.size());
        int most = MAX_PICTURES / prompts.size();
        RequestChecks.check(count >= 1 && count <= most, Setting.COUNT, " must be from 1 to ", most,
                prompts.size() > 1 ? " for " + prompts.size() + " prompts" : "", ", not ", count);
        int all = prompts.size() * count;
        for (int k : only) {
            RequestChecks.check(k >= 1 && k <= all,
                    Setting.ONLY, " counts the pictures of the batch from 1 to ", all, ", not ", k);
        }
        return only.isEmpty()
                ? new TreeSet<>(IntStream.rangeClosed(1, all).boxed().toList())
                : new TreeSet<>(only);
    }

    /**
     * Sets the initial latents instead of drawing them.
     *
     * @param given
     *            [prompts * count, 4, size / 8, size / 8], standard normal; null, the default, to draw
     * @return this request
     */
    public GenerateRequest noise(@Nullable Tensor given) {
        this.noise = given;
        return this;
    }
}
