package radedit.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.about.Version;
import radedit.exec.Backend;
import radedit.exec.Cancellation;
import radedit.graph.Probe;
import radedit.message.Setting;
import radedit.tensor.Precision;
import radedit.tensor.Tensor;
import radedit.trace.Environment;
import radedit.trace.Recorder;
import radedit.weights.WeightHashes;

/**
 * Generates chest X-rays from text and edits real ones. Research use only, never clinical.
 *
 * <pre>{@code
 * try (RadEdit radEdit = RadEdit.open(Path.of("model"))) {
 *     Result film = radEdit.generate(new GenerateRequest("Small right-sided pleural effusion").steps(50));
 * }
 * }</pre>
 *
 * <p>
 * An instance holds the model's mapped weights and the memory of its networks. Several threads may use it; their
 * requests are served one at a time, in the order of arrival.
 */
public final class RadEdit implements AutoCloseable {
    /** Interval, in nanoseconds, at which a cancellation is looked for while weights are hashed. */
    private static final long CANCELLATION_POLL_NS = 50_000_000;
    /** Batch of the UNet up to which a GPU's gain has been measured. */
    private static final int GPU_BATCH = 8;
    /** Latents per step of an edit with one prompt. */
    private static final int BRANCHES = 2;

    private final RequestLock requests = new RequestLock("RadEdit");
    private final ModelFolder model;
    private final RunOptions options;
    private final Backend backend;
    private final ModelParts parts;
    private final Networks networks;
    private final MemoryCheck memory;
    private final Optional<String> notice;
    private final Recorder recorder;
    private final Judges judges;
    private final Edits edits;
    private @Nullable CompletableFuture<Map<String, Object>> hashes;

    private RadEdit(ModelFolder model, RunOptions options, Backend backend, Listener listener, Recorder recorder) {
        this.model = model;
        this.options = options;
        this.backend = backend;
        this.notice = model.notice();
        this.parts = new ModelParts(model, backend, options.reuse(), listener);
        this.recorder = recorder;
        this.networks = new Networks(parts, backend, options.vaeTile(), new RunTrace(recorder));
        this.memory = new MemoryCheck(backend, parts, options.batch(), options.vaeTile());
        FilmCache cache = new FilmCache();
        this.judges = new Judges(model, parts, backend, cache);
        this.edits = new Edits(networks, cache, memory, judges, new Edits.Surroundings() {
            @Override
            public void begin(Listener l) {
                notice.ifPresent(l::note);
            }

            @Override
            public void prepared() {
                startHashing();
            }

            @Override
            public Map<String, Object> complete(Map<String, Object> settings, SamplingRequest<?> request, int side) {
                return completed(settings, request, side);
            }
        });
    }

    /**
     * Opens a model folder in the published layout on the best backend there is.
     *
     * @param folder
     *            the folder
     * @return the model; the caller closes it
     * @throws radedit.weights.WeightsException
     *             if parts, tensors or settings are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if no backend can run here
     */
    public static RadEdit open(Path folder) {
        return open(ModelFolder.of(folder), RunOptions.DEFAULT);
    }

    /**
     * Opens a model without a listener.
     *
     * @param model
     *            the model
     * @param options
     *            how the networks run
     * @return the model; the caller closes it
     * @throws radedit.weights.WeightsException
     *             if parts, tensors or settings are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static RadEdit open(ModelFolder model, RunOptions options) {
        return open(model, options, Listener.NONE);
    }

    /**
     * Opens a model.
     *
     * @param model
     *            the model
     * @param options
     *            how the networks run
     * @param listener
     *            receives the progress of preparations, and warnings
     * @return the model; the caller closes it
     * @throws radedit.weights.WeightsException
     *             if parts, tensors or settings are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static RadEdit open(ModelFolder model, RunOptions options, Listener listener) {
        return open(model, options, listener, Recorder.NONE);
    }

    /**
     * Opens a model whose requests are recorded.
     *
     * @param model
     *            the model
     * @param options
     *            how the networks run
     * @param listener
     *            receives the progress of preparations, and warnings
     * @param recorder
     *            receives what all requests compute
     * @return the model; the caller closes it
     * @throws radedit.weights.WeightsException
     *             if parts, tensors or settings are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static RadEdit open(ModelFolder model, RunOptions options, Listener listener, Recorder recorder) {
        return open(model, options, recorder.watch(options.open(listener)), listener, recorder);
    }

    /**
     * Opens a model on a backend that is open already, such as one with options that {@link RunOptions} do not have.
     *
     * @param model
     *            the model
     * @param options
     *            how the networks run; the backend, threads and arithmetic are those of the one given
     * @param backend
     *            where they run; closed with the model
     * @param listener
     *            receives the progress of preparations, and warnings
     * @return the model; the caller closes it
     * @throws InvalidRequestException
     *             if the options round operands and the backend does not
     * @throws radedit.weights.WeightsException
     *             if parts, tensors or settings are missing, damaged, or do not belong together
     */
    public static RadEdit open(ModelFolder model, RunOptions options, Backend backend, Listener listener) {
        RequestChecks.check(options.emulated() == Precision.NONE || options.emulated() == backend.emulated(),
                Setting.EMULATE_PRECISION, " of the backend that is given is " + backend.emulated().label());
        return open(model, options, backend, listener, Recorder.NONE);
    }

    private static RadEdit open(ModelFolder model, RunOptions options, Backend backend, Listener listener,
            Recorder recorder) {
        try {
            return new RadEdit(model, options, backend, listener, recorder);
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    /** {@return the side, in pixels, of the pictures that the model was trained on} */
    public int size() {
        return parts.defaultSize();
    }

    /** {@return the side, in pixels, of a cell of the latent grid} */
    public int cell() {
        return parts.scale();
    }

    /**
     * Generates pictures from text, without a listener.
     *
     * @param request
     *            what to generate
     * @return all pictures of the request
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if given noise has the wrong shape
     * @throws NotFiniteException
     *             if sampling gives infinite or NaN values
     * @throws radedit.exec.BackendException
     *             if there is too little memory; thrown before the work starts
     * @throws radedit.exec.CancelledException
     *             if the request is cancelled
     * @throws IllegalStateException
     *             if this is closed
     */
    public Result generate(GenerateRequest request) {
        return generate(request, Listener.NONE);
    }

    /**
     * Generates pictures from text.
     *
     * @param r
     *            what to generate
     * @param listener
     *            receives progress and warnings
     * @return all pictures of the request
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if given noise has the wrong shape
     * @throws NotFiniteException
     *             if sampling gives infinite or NaN values
     * @throws radedit.exec.BackendException
     *             if there is too little memory; thrown before the work starts
     * @throws radedit.exec.CancelledException
     *             if the request is cancelled; within half a second on a CPU
     * @throws IllegalStateException
     *             if this is closed
     */
    public Result generate(GenerateRequest r, Listener listener) {
        List<Result> each = new ArrayList<>();
        generate(r, listener, (k, result) -> each.add(result));
        return new Result(Tensor.concat(each.stream().map(Result::images).toList()),
                Tensor.concat(each.stream().map(Result::latents).toList()),
                each.stream().flatMap(x -> x.settings().stream()).toList(), null);
    }

    /**
     * Checks a request without serving it, and without waiting for the request in progress.
     *
     * @param r
     *            the request
     * @throws InvalidRequestException
     *             if a setting is out of range, or the sampler cannot be combined with another setting
     * @throws radedit.weights.WeightsException
     *             if the model's scheduler has a setting that the sampler does not support
     * @throws IllegalStateException
     *             if this is closed
     */
    public void check(GenerateRequest r) {
        Objects.requireNonNull(r, "request is null");
        requests.requireOpen();
        new GenerateJob(r, networks.forRequest(r.cancellation, r.probes), Listener.NONE);
    }

    /**
     * Checks the settings of a request, but neither film nor masks, without waiting for the request in progress.
     *
     * @param r
     *            the request
     * @throws InvalidRequestException
     *             if a setting is out of range, or contradicts another
     * @throws IllegalStateException
     *             if this is closed
     */
    public void check(EditRequest r) {
        Objects.requireNonNull(r, "request is null");
        requests.requireOpen();
        EditJob.checkSettings(r, networks.model, Listener.NONE);
    }

    /**
     * Generates pictures from text and passes each on as soon as it is ready.
     *
     * @param r
     *            what to generate
     * @param listener
     *            receives progress and warnings
     * @param ready
     *            called with the number of each picture in the batch, counted from 1, and a result with this picture
     *            alone
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if given noise has the wrong shape
     * @throws NotFiniteException
     *             if sampling gives infinite or NaN values
     * @throws radedit.exec.BackendException
     *             if there is too little memory; thrown before the work starts
     * @throws radedit.exec.CancelledException
     *             if the request is cancelled; within half a second on a CPU
     * @throws IllegalStateException
     *             if this is closed
     */
    public void generate(GenerateRequest r, Listener listener, BiConsumer<Integer, Result> ready) {
        Objects.requireNonNull(r, "request is null");
        Objects.requireNonNull(listener, "listener is null; Listener.NONE hears nothing");
        requests.run(() -> {
            notice.ifPresent(listener::note);
            GenerateJob job = new GenerateJob(r, networks.forRequest(r.cancellation, r.probes), listener);
            job.requireMemory(memory);
            startHashing();
            job.run((k, outcome) -> {
                Map<String, Object> s = job.settings(k);
                s.putAll(r.notes);
                ready.accept(k + 1, new Result(outcome.image(), outcome.latent(),
                        List.of(completed(s, r, job.side())), null));
            });
            return null;
        });
    }

    /**
     * Edits a film, without a listener.
     *
     * @param request
     *            what to edit
     * @return the edited film; of several tries the best one
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if the film or a mask cannot be used, or given noise has the wrong shape
     * @throws NotFiniteException
     *             if sampling gives infinite or NaN values
     * @throws radedit.exec.BackendException
     *             if there is too little memory; thrown before the work starts
     * @throws radedit.exec.CancelledException
     *             if the request is cancelled
     * @throws IllegalStateException
     *             if this is closed
     */
    public Result edit(EditRequest request) {
        return edit(request, Listener.NONE);
    }

    /**
     * Edits a film.
     *
     * @param r
     *            what to edit
     * @param listener
     *            receives progress and warnings
     * @return the edited film; of several tries the best one
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if the film or a mask cannot be used, or given noise has the wrong shape
     * @throws NotFiniteException
     *             if sampling gives infinite or NaN values
     * @throws radedit.exec.BackendException
     *             if there is too little memory; thrown before the work starts
     * @throws radedit.exec.CancelledException
     *             if the request is cancelled; within half a second on a CPU
     * @throws IllegalStateException
     *             if this is closed
     */
    public Result edit(EditRequest r, Listener listener) {
        Objects.requireNonNull(r, "request is null");
        Objects.requireNonNull(listener, "listener is null; Listener.NONE hears nothing");
        List<EditOutcome> outcome = new ArrayList<>();
        editAll(List.of(r), k -> listener, (k, o) -> outcome.add(o));
        return outcome.getFirst().get();
    }

    /**
     * Edits several films together, without listeners. Results are to the bit those of {@link #edit(EditRequest)}, one by
     * one; on a GPU, which gains from larger batches, they take less time.
     *
     * @param requests
     *            what to edit
     * @return what became of each, in the order of the requests; a request that fails does not fail the others
     * @throws IllegalStateException
     *             if this is closed
     */
    public List<EditOutcome> editAll(List<EditRequest> requests) {
        Map<Integer, EditOutcome> outcomes = new TreeMap<>();
        editAll(requests, k -> Listener.NONE, outcomes::put);
        return List.copyOf(outcomes.values());
    }

    /**
     * Edits several films together, and passes the outcome of each on as soon as it is known. Results are to the bit those
     * of {@link #edit(EditRequest, Listener)}, one by one; on a GPU, which gains from larger batches, they take less time.
     *
     * <p>
     * Each film is encoded and inverted in turn, and edits of one film share this as they do one by one. Then one run of
     * the UNet serves a step of all edits of the same size. Requests with probes are served alone, and fewer together
     * where memory is short; listeners are told by a note. All edits together need the memory of their latents and of as
     * many pictures.
     *
     * <p>
     * A request that fails, or is cancelled, does not fail the others. A cancellation is heard while all are sampled; while
     * another one is encoded, inverted or decoded, after that.
     *
     * @param list
     *            what to edit
     * @param listeners
     *            gives the listener for the progress and warnings of each request, by its index in the list
     * @param ready
     *            called with the index of each request in the list and its outcome, in the order in which they are
     *            finished; what it throws ends the work
     * @throws IllegalStateException
     *             if this is closed
     */
    public void editAll(List<EditRequest> list, IntFunction<Listener> listeners,
            BiConsumer<Integer, EditOutcome> ready) {
        List<EditRequest> all = List.copyOf(list);
        List<Listener> each = IntStream.range(0, all.size()).mapToObj(listeners).toList();
        each.forEach(l -> Objects.requireNonNull(l, "listener is null; Listener.NONE hears nothing"));
        Objects.requireNonNull(ready, "ready is null");
        requests.run(() -> {
            edits.serve(all, each, ready);
            return null;
        });
    }

    /**
     * {@return how many edits should be made together to make good use of the backend: 1 where larger batches gain nothing}
     */
    public int editsTogether() {
        int most = options.batch() == 0 ? GPU_BATCH : Math.min(GPU_BATCH, options.batch());
        return backend.gainsFromBatches() ? Math.max(1, most / BRANCHES) : 1;
    }

    private Map<String, Object> completed(Map<String, Object> s, SamplingRequest<?> r, int side) {
        record(r.probes, s);
        return complete(s, side, r.cancellation);
    }

    /** Records which parts had probes: a result cannot be reproduced from settings alone if a probe replaced values. */
    private static void record(Map<Part, Probe> probes, Map<String, Object> s) {
        if (!probes.isEmpty()) {
            s.put("probes", probes.keySet().stream().map(Part::folder).toList());
        }
    }

    /** Starts to hash the weights in the background, while the networks run. */
    private void startHashing() {
        var _ = hashes();
    }

    private CompletableFuture<Map<String, Object>> hashes() {
        if (hashes == null) {
            Map<String, List<Path>> files = parts.files();
            hashes = CompletableFuture.supplyAsync(() -> {
                Map<String, Object> all = new LinkedHashMap<>();
                files.forEach((part, paths) -> all.put(part, WeightHashes.named(paths)));
                return all;
            });
        }
        return hashes;
    }

    private Map<String, Object> complete(Map<String, Object> s, int side, @Nullable Cancellation cancellation) {
        CompletableFuture<Map<String, Object>> hashing = hashes();
        while (cancellation != null && !hashing.isDone()) {
            cancellation.check();
            LockSupport.parkNanos(CANCELLATION_POLL_NS);
        }
        s.put("size", side * parts.scale());
        if (options.fastMath()) {
            s.put("fast_math", true);
        }
        s.putAll(Environment.approximations(backend));
        if (options.reuse()) {
            s.put("reuse", "exact");
        }
        s.putAll(description());
        s.put("notice", Metadata.NOTICE);
        recorder.head(Map.of("result", s));
        return s;
    }

    /**
     * {@return what makes pictures and scores: the model with the hashes of its weights and settings, that of the image
     * encoder's weights if there are any, the rows of the VAE's strips if it works on strips, the backend and its device, and
     * the versions of program and Java; JSON values by name} Hashing the weights may take seconds.
     *
     * @throws IllegalStateException
     *             if this is closed
     */
    public Map<String, Object> describe() {
        return requests.run(() -> {
            Map<String, Object> all = description();
            judges.encoder().join().ifPresent(hash -> all.put(Judges.ENCODER, hash));
            return all;
        });
    }

    private Map<String, Object> description() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", model.name());
        notice.ifPresent(n -> m.put("notice", n));
        m.put("sha256", hashes().join());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("model", m);
        all.put("model_settings", parts.settings());
        if (options.vaeTile() > 0) {
            all.put("vae_tile", options.vaeTile());
        }
        all.put("backend", backend.label());
        all.put("program", "RadEdit " + Version.get());
        all.put("java", Runtime.version().toString());
        return all;
    }

    /** Waits for the request in progress, then unmaps the model and ends the backend's threads. */
    @Override
    public void close() {
        requests.close(() -> {
            judges.close();
            parts.close();
            backend.close();
        });
    }
}
