package radedit.pipeline;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Cancellation;
import radedit.graph.Probe;
import radedit.message.Setting;
import radedit.tensor.Tensor;

/**
 * A request to generate pictures. The defaults are the model card's. Setters return the request, so that they can be
 * chained. Values are checked when the request is served, not when they are set.
 */
public final class GenerateRequest {
    private static final int MOST_PICTURES = 4096;

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
    final SortedSet<Integer> only = new TreeSet<>();
    final Map<String, Object> notes = new LinkedHashMap<>();
    final Map<Part, Probe> probes = new EnumMap<>(Part.class);
    /** Null for none. */
    Cancellation cancellation;

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
     *            1 to the scheduler's training timesteps; 100 by default
     * @return this request
     */
    public GenerateRequest steps(int n) {
        this.steps = n;
        return this;
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
     * Sets the seed of the random numbers.
     *
     * @param value
     *            the seed; 0 by default
     * @return this request
     */
    public GenerateRequest seed(long value) {
        this.seed = value;
        return this;
    }

    /**
     * Sets the size of the pictures.
     *
     * @param pixels
     *            height and width, a multiple of the VAE's scale factor; 0, the default, for the size the model was
     *            trained at
     * @return this request
     */
    public GenerateRequest size(int pixels) {
        this.size = pixels;
        return this;
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
     * Sets the generator whose random numbers are reproduced.
     *
     * @param which
     *            torch's on a CPU by default
     * @return this request
     */
    public GenerateRequest rng(Rng which) {
        this.rng = which;
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
        Requests.check(!prompts.isEmpty(), "a prompt is missing");
        Requests.check(prompts.size() <= MOST_PICTURES,
                "at most " + MOST_PICTURES + " prompts at once, not " + prompts.size());
        int most = MOST_PICTURES / prompts.size();
        Requests.check(count >= 1 && count <= most, Setting.COUNT, " must be from 1 to ", most,
                prompts.size() > 1 ? " for " + prompts.size() + " prompts" : "", ", not ", count);
        int all = prompts.size() * count;
        for (int k : only) {
            Requests.check(k >= 1 && k <= all,
                    Setting.ONLY, " counts the pictures of the batch from 1 to ", all, ", not ", k);
        }
        return only.isEmpty()
                ? new TreeSet<>(IntStream.rangeClosed(1, all).boxed().toList())
                : new TreeSet<>(only);
    }

    /**
     * Sets a token that ends the work early, with a {@link radedit.exec.CancelledException}.
     *
     * @param token
     *            the token; null, the default, for none
     * @return this request
     */
    public GenerateRequest cancellation(Cancellation token) {
        this.cancellation = token;
        return this;
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
    public GenerateRequest probe(Part part, Probe probe) {
        probes.put(part, probe);
        return this;
    }

    /**
     * Adds an entry to the settings of every picture, for instance where the request comes from.
     *
     * @param name
     *            key of the entry
     * @param value
     *            a number, word, list or map, as JSON has them
     * @return this request
     */
    public GenerateRequest note(String name, Object value) {
        notes.put(name, value);
        return this;
    }

    /**
     * Sets the initial latents instead of drawing them.
     *
     * @param given
     *            [prompts * count, 4, size / 8, size / 8], standard normal; null, the default, to draw
     * @return this request
     */
    public GenerateRequest noise(Tensor given) {
        this.noise = given;
        return this;
    }
}
