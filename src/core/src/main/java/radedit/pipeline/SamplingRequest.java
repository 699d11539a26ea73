package radedit.pipeline;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.GuidedSteps;
import radedit.exec.Cancellation;
import radedit.graph.Probe;
import radedit.message.Setting;

/**
 * What requests to edit and to generate have in common. Setters return the request, so that they can be chained. Values
 * are checked when the request is served, not when they are set.
 *
 * @param <R>
 *            the request's own type
 */
public abstract sealed class SamplingRequest<R extends SamplingRequest<R>> permits EditRequest, GenerateRequest {
    /** The largest number of steps that may share deep features. */
    public static final int MAX_DEEP_CACHE = 100;

    final Map<String, Object> notes = new LinkedHashMap<>();
    final Map<Part, Probe> probes = new EnumMap<>(Part.class);
    /** Null for none. */
    @Nullable
    Cancellation cancellation;
    long seed;
    int size;
    Rng rng = Rng.TORCH;
    int deepCache = 1;
    double guidedFrom;
    double guidedTo = 1;

    SamplingRequest() {
    }

    /** {@return this request, in its own type} */
    abstract R self();

    /**
     * Sets a token that ends the work early, with a {@link radedit.exec.CancelledException}.
     *
     * @param token
     *            the token; null, the default, for none
     * @return this request
     */
    public R cancellation(@Nullable Cancellation token) {
        this.cancellation = token;
        return self();
    }

    /**
     * Observes or replaces named values of a network while it runs. Names are the modules' paths in the published
     * checkpoint, such as {@code mid_block.resnets.0}; the first axis of a value is the network's batch.
     *
     * @param part
     *            the UNet, the VAE or the text encoder
     * @param probe
     *            the probe; it replaces an earlier one of the same part
     * @return this request
     */
    public R probe(Part part, Probe probe) {
        probes.put(part, probe);
        return self();
    }

    /**
     * Adds an entry to the settings of every result, for instance which files were read.
     *
     * @param name
     *            key of the entry
     * @param value
     *            a number, word, list or map, as JSON has them
     * @return this request
     */
    public R note(String name, Object value) {
        notes.put(name, value);
        return self();
    }

    /**
     * Sets the seed of the random numbers.
     *
     * @param value
     *            the seed; 0 by default
     * @return this request
     */
    public R seed(long value) {
        this.seed = value;
        return self();
    }

    /**
     * Sets the size at which the model works.
     *
     * @param pixels
     *            height and width, a multiple of the VAE's scale factor; 0, the default, for the size the model was
     *            trained at
     * @return this request
     */
    public R size(int pixels) {
        this.size = pixels;
        return self();
    }

    /**
     * Sets how many steps share the deep features of the UNet (DeepCache, Ma et al., arXiv:2312.00858). Above 1, the result
     * is an approximation, and the steps of an edit's inversion are not affected.
     *
     * @param steps
     *            steps from one run of the whole UNet to the next, 1 to {@value #MAX_DEEP_CACHE}; 1, the default, for every
     *            step
     * @return this request
     */
    public R deepCache(int steps) {
        this.deepCache = steps;
        return self();
    }

    /**
     * Sets the noise levels at which sampling is guided (Kynkäänniemi et al., arXiv:2404.07724). At others, guidance scales and
     * weights above 1 are 1, and only predictions that count then are evaluated: of a generation that for the prompt, of an
     * edit all, unless it has one prompt and every latent cell is in the edit mask or pasted. Anything but 0 to 1 gives another
     * result, and the steps of an edit's inversion, which are not guided, are not affected.
     *
     * @param from
     *            the lowest timestep, as a share of the training timesteps: 0, the default, is clean
     * @param to
     *            the highest one, at least {@code from} and at most 1, the default: noise
     * @return this request
     */
    public R guidanceInterval(double from, double to) {
        this.guidedFrom = from;
        this.guidedTo = to;
        return self();
    }

    /** {@return whether sampling is guided at some noise levels only} */
    boolean hasInterval() {
        return guidedFrom > 0 || guidedTo < 1;
    }

    /**
     * {@return the guided steps}
     *
     * @param timesteps
     *            of each step
     * @param trained
     *            number of training timesteps
     * @param first
     *            index of the first step that is not left out
     * @throws InvalidRequestException
     *             if no step is guided
     */
    GuidedSteps guided(double[] timesteps, int trained, int first) {
        GuidedSteps steps = hasInterval()
                ? GuidedSteps.within(timesteps, trained, guidedFrom, guidedTo)
                : GuidedSteps.all(timesteps.length);
        RequestChecks.check(!hasInterval() || steps.count(first) > 0, Setting.GUIDANCE_INTERVAL, " ", guidedFrom, ",",
                guidedTo, " has none of the ", timesteps.length - first, " steps in it");
        return steps;
    }

    /** Checks the ranges of what does not depend on the model or the kind of request. */
    void checkRanges() {
        RequestChecks.check(deepCache >= 1 && deepCache <= MAX_DEEP_CACHE, Setting.DEEP_CACHE, " must be from 1 to ",
                MAX_DEEP_CACHE, ", not ", deepCache);
        RequestChecks.check(guidedFrom >= 0 && guidedFrom <= guidedTo && guidedTo <= 1, Setting.GUIDANCE_INTERVAL,
                " must be two numbers from 0 to 1, the smaller one first, not ", guidedFrom, ",", guidedTo);
    }

    /** Checks what does not depend on the kind of request. */
    void checkSampling(boolean reuse) {
        checkRanges();
        RequestChecks.check(deepCache == 1 || reuse, Setting.DEEP_CACHE, " and ", Setting.NO_REUSE,
                " exclude each other");
        RequestChecks.check(deepCache == 1 || !probes.containsKey(Part.UNET), Setting.DEEP_CACHE,
                " and a probe of the UNet exclude each other");
    }

    /**
     * Records in settings how the result was approximated.
     *
     * @param allGuided
     *            whether every step was guided
     */
    void recordSampling(Map<String, Object> settings, boolean allGuided) {
        if (deepCache > 1) {
            settings.put("deep_cache", deepCache);
        }
        if (hasInterval()) {
            settings.put("guidance_interval", List.of(guidedFrom, guidedTo));
        }
        if (deepCache > 1 || !allGuided) {
            settings.put("exact", false);
        }
    }

    /**
     * Sets the generator whose random numbers are reproduced.
     *
     * @param which
     *            torch's on a CPU by default
     * @return this request
     */
    public R rng(Rng which) {
        this.rng = which;
        return self();
    }
}
