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

/** What to generate. The defaults are the model card's; setters return the request, so that they can be chained. */
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
     * @param prompts
     *            one text for each row of pictures
     */
    public GenerateRequest(List<String> prompts) {
        this.prompts = Objects.requireNonNull(prompts, "prompts is null").stream()
                .map(p -> Objects.requireNonNull(p, "a prompt is null")).toList();
    }

    public GenerateRequest(String... prompts) {
        this(Arrays.asList(Objects.requireNonNull(prompts, "prompts is null")));
    }

    /** The text to be guided away from; empty unless set. */
    public GenerateRequest negativePrompt(String text) {
        this.negativePrompt = Objects.requireNonNull(text, "negativePrompt is null; empty for none");
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

    /**
     * Computes some pictures of the batch only; all unless called. The random numbers of the whole batch are drawn, so that
     * each picture is to the bit what it is among all. May be called several times.
     *
     * @param pictures
     *            counted from 1, those of the first prompt first
     */
    public GenerateRequest only(int... pictures) {
        for (int k : pictures) {
            only.add(k);
        }
        return this;
    }

    /**
     * Numbers of the pictures to compute, counted from 1.
     *
     * @throws InvalidRequestException
     *             if there are none, too many, or some that the batch does not have
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

    /** What ends the work early, with a {@link radedit.exec.CancelledException}; nothing unless set. */
    public GenerateRequest cancellation(Cancellation token) {
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
    public GenerateRequest probe(Part part, Probe probe) {
        probes.put(part, probe);
        return this;
    }

    /** Something to be told in the settings of every picture, for instance where the request comes from. */
    public GenerateRequest note(String name, Object value) {
        notes.put(name, value);
        return this;
    }

    /** Numbers [prompts * count, 4, size / 8, size / 8] to start from instead of drawing them. */
    public GenerateRequest noise(Tensor given) {
        this.noise = given;
        return this;
    }
}
