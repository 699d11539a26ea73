package radedit.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Program;
import radedit.model.UNet;
import radedit.model.UNetSections.Cached;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Runs the UNet and computes only once what does not change: from step to step, the keys and values of cross-attention,
 * which depend on the texts only; from run to run, the projections of the timestep; and within a step, everything before the
 * first cross-attention for latents that are in the batch once for each prompt. All predictions are the same to the bit as
 * those of {@link PlainUNetRuns}.
 */
final class ReusingUNetRuns implements UNetRuns {
    /** Timesteps of the schedule whose projections are computed at once. */
    private static final int TIMESTEPS = 16;
    /** Timesteps whose projections are remembered: up to 40 MB of a UNet of the published size. */
    private static final int REMEMBERED = 256;

    /** Latents whose texts are remembered, beyond one batch: 26 MB each for a UNet of the published size. */
    private static final int LATENTS = 2;

    /** The parts, compiled. */
    interface Programs {
        /** {@return what of the UNet depends on the texts only} */
        Program texts(int batch);

        /** {@return what depends on the timestep only; null if that is part of the rest} */
        @Nullable
        Program times(int batch);

        /** {@return the rest} */
        Program rest(int batch, int group);

        /** {@return the rest, which hands out values} */
        Program whole(int batch, int group, Cached what);

        /** {@return the rest, given these values} */
        Program given(int batch, int group, Cached what);
    }

    /** What the texts of a batch give. */
    private record Texts(List<Tensor> contexts, Map<String, Tensor> values) {}

    /**
     * Predictions, and the values that they were made with.
     *
     * @param eps
     *            the prediction for each latent; the caller closes it
     * @param values
     *            the values by name, the first axis of each is the batch
     */
    record WithValues(List<Latents> eps, Map<String, Tensor> values) {}

    /** Runs the UNet on a part of a batch; some values of it are handed out or given. */
    @FunctionalInterface
    interface Runner {
        /**
         * {@return the predictions, and the values of a whole run}
         *
         * @param part
         *            what fits in one run
         * @param values
         *            the values to use; null to compute them
         */
        WithValues run(NoisePredictor.Batch part, @Nullable Map<String, Tensor> values);
    }

    /** What was given to a program in the last run, and may still be on its device. */
    private record Given(Program program, Texts texts) {}

    private final Programs programs;
    private final double[] schedule;
    /** Those of the last batch, or of the last ones if they are small; the last at the end. */
    private final Deque<Texts> texts = new ArrayDeque<>();
    private @Nullable Given last;
    private final Map<Double, Map<String, Tensor>> times = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Double, Map<String, Tensor>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * @param programs
     *            the parts of the UNet
     * @param schedule
     *            the sampler's timesteps, in the order of sampling
     */
    ReusingUNetRuns(Programs programs, double[] schedule) {
        this.programs = programs;
        this.schedule = schedule;
    }

    @Override
    public List<Latents> run(NoisePredictor.Batch batch, Program.Run options) {
        Program rest = programs.rest(batch.size(), group(batch));
        Given before = last;
        last = null; // what a run that fails has left on the device is unknown
        Texts now = texts(batch, options);
        Map<String, Tensor> inputs = inputs(batch, now.values, options);
        Given given = new Given(rest, now);
        List<Latents> eps = rest.run(UNet.SAMPLE, batch.latents(), inputs, UNet.EPS, given.equals(before)
                ? options.withUnchanged(now.values.keySet().toArray(String[]::new))
                : options);
        last = given;
        return eps;
    }

    /**
     * {@return the prediction for each latent, by the whole UNet or without what given values save}
     *
     * @param what
     *            which values are handed out or given
     * @param batch
     *            what to run it on
     * @param options
     *            options of the run, with all inputs new
     * @param put
     *            puts predictions where the sampler has its latents
     * @param given
     *            the values to use; null to compute them
     */
    WithValues run(Cached what, NoisePredictor.Batch batch, Program.Run options, Function<Tensor, Latents> put,
            @Nullable Map<String, Tensor> given) {
        last = null;
        int n = batch.size();
        boolean textless = given != null && what == Cached.CROSS_ATTENTION;
        Map<String, Tensor> inputs = inputs(batch, textless ? Map.of() : texts(batch, options).values, options);
        inputs.put(UNet.SAMPLE, Tensor.concat(batch.latents().stream().map(Latents::toTensor).toList()));
        if (given != null) {
            inputs.putAll(given);
        }
        Program program = given == null
                ? programs.whole(n, group(batch), what)
                : programs.given(n, group(batch), what);
        Map<String, Tensor> outputs = new HashMap<>(program.run(inputs, options));
        Tensor eps = Program.output(outputs, UNet.EPS);
        outputs.remove(UNet.EPS);
        List<Latents> each = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            each.add(put.apply(eps.slice(i, i + 1)));
        }
        return new WithValues(each, given == null ? outputs : given);
    }

    private Map<String, Tensor> inputs(NoisePredictor.Batch batch, Map<String, Tensor> texts, Program.Run options) {
        Map<String, Tensor> inputs = new HashMap<>(texts);
        inputs.put(UNet.TIMESTEP, UNetRuns.tensor(batch.timesteps()));
        inputs.putAll(times(batch.timesteps(), options));
        return inputs;
    }

    /** The number of neighbours, the same everywhere in the batch, that are one latent at one timestep. */
    private static int group(NoisePredictor.Batch batch) {
        int n = batch.size();
        int first = 1;
        while (first < n && sameSample(batch, 0, first)) {
            first++;
        }
        if (n % first != 0) {
            return 1;
        }
        for (int i = 0; i < n; i++) {
            if (!sameSample(batch, i / first * first, i)) {
                return 1;
            }
        }
        return first;
    }

    private static boolean sameSample(NoisePredictor.Batch batch, int a, int b) {
        return batch.latents().get(a).equals(batch.latents().get(b)) && batch.timesteps()[a] == batch.timesteps()[b];
    }

    private Texts texts(NoisePredictor.Batch batch, Program.Run options) {
        for (Texts t : texts) {
            if (t.contexts.equals(batch.contexts())) {
                texts.remove(t);
                texts.addLast(t);
                return t;
            }
        }
        int n = batch.size();
        while (n + texts.stream().mapToInt(t -> t.contexts.size()).sum() > Math.max(n, LATENTS)) {
            texts.removeFirst();
        }
        Tensor context = Tensor.concat(batch.contexts());
        Map<String, Tensor> values = new HashMap<>(programs.texts(n).run(Map.of(UNet.CONTEXT, context), options));
        values.put(UNet.CONTEXT, context);
        Texts computed = new Texts(List.copyOf(batch.contexts()), values);
        texts.addLast(computed);
        return computed;
    }

    /** The projections of the timesteps of a batch, each [batch, channels]. */
    private Map<String, Tensor> times(double[] timesteps, Program.Run options) {
        Map<String, Tensor> all = new HashMap<>();
        if (programs.times(1) == null) {
            return all; // they are part of the rest
        }
        List<Map<String, Tensor>> each = Arrays.stream(timesteps).mapToObj(t -> time(t, options)).toList();
        each.getFirst().keySet()
                .forEach(name -> all.put(name, Tensor.concat(each.stream().map(m -> value(m, name)).toList())));
        return all;
    }

    private Map<String, Tensor> time(double timestep, Program.Run options) {
        Map<String, Tensor> known = times.get(timestep);
        if (known != null) {
            return known;
        }
        double[] chunk = chunk(timestep);
        Program program = Objects.requireNonNull(programs.times(chunk.length));
        Map<String, Tensor> values = program.run(Map.of(UNet.TIMESTEP, UNetRuns.tensor(chunk)), options);
        Map<String, Tensor> wanted = Map.of();
        for (int i = 0; i < chunk.length; i++) {
            int k = i;
            Map<String, Tensor> one = new HashMap<>();
            values.forEach((name, v) -> one.put(name, v.slice(k, k + 1)));
            times.put(chunk[i], one);
            wanted = chunk[i] == timestep ? one : wanted;
        }
        return wanted;
    }

    /** The timestep with its neighbours in the schedule; alone if it is not there. */
    private double[] chunk(double timestep) {
        for (int from = 0; from < schedule.length; from += TIMESTEPS) {
            double[] part = Arrays.copyOfRange(schedule, from, Math.min(from + TIMESTEPS, schedule.length));
            if (Arrays.stream(part).anyMatch(t -> t == timestep)) {
                return part;
            }
        }
        return new double[]{timestep};
    }

    private static Tensor value(Map<String, Tensor> values, String name) {
        return Objects.requireNonNull(values.get(name));
    }
}
