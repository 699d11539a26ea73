package radedit.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import radedit.diffusion.Ddim;
import radedit.diffusion.Generator;
import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.Backends;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.ModelFolder;
import radedit.weights.ModelFolder.Part;
import radedit.weights.WeightsException;

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
 * An instance holds a mapped model and the memory networks run in. It serves one request at a time.
 */
public final class RadEdit implements AutoCloseable {
    /**
     * How to run.
     *
     * @param backend
     *            auto, cpu, tornado or reference
     * @param threads
     *            processor threads; 0 for one per processor
     * @param batch
     *            latents the UNet sees at once; 0 to let memory decide
     * @param fastMath
     *            lets a GPU's compiler reorder sums and use approximate functions; results then leave the accuracy rule
     * @param vaeTile
     *            rows of the picture that the VAE works on at a time, with less memory and the same result; 0 for all
     */
    public record Options(String backend, int threads, int batch, boolean fastMath, int vaeTile) {
        public static final Options DEFAULT = new Options(Backends.AUTO, 0, 0);
        private static final int MOST = 1024;

        /**
         * @throws InvalidRequestException
         *             if a number is out of range
         */
        public Options {
            Requests.check(threads >= 0 && threads <= MOST, "--threads must be from 0 to " + MOST + ", not " + threads);
            Requests.check(batch >= 0 && batch <= MOST, "--batch must be from 0 to " + MOST + ", not " + batch);
            Requests.check(vaeTile >= 0, "--vae-tile must be a number of rows, not " + vaeTile);
            Requests.check(!fastMath || backend.equals("tornado"), "--fast-math is for --backend tornado only");
        }

        /** With strict arithmetic and a VAE that works on whole pictures. */
        public Options(String backend, int threads, int batch) {
            this(backend, threads, batch, false, 0);
        }

        /**
         * Opens the backend.
         *
         * @throws radedit.exec.BackendException
         *             if it cannot run here
         */
        public Backend open(Listener listener) {
            return Backends.open(backend, new BackendOptions(threads, fastMath, listener::progress));
        }
    }

    private static final int MOST_PICTURES = 4096;

    private final Networks networks;
    private final ModelFolder model;
    private final Optional<String> notice;
    private Scorer scorer;
    private CompletableFuture<Map<String, Object>> hashes;

    private RadEdit(ModelFolder model, Networks networks) {
        this.model = model;
        this.notice = model.notice();
        this.networks = networks;
    }

    /** Opens a model folder in the published layout on the best backend there is. */
    public static RadEdit open(Path folder) {
        return open(ModelFolder.of(folder), Options.DEFAULT);
    }

    /** Opens a model, reporting nothing. */
    public static RadEdit open(ModelFolder model, Options options) {
        return open(model, options, Listener.NONE);
    }

    /**
     * Opens a model.
     *
     * @param listener
     *            hears of preparations
     * @throws radedit.weights.WeightsException
     *             if parts, tensors or settings are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static RadEdit open(ModelFolder model, Options options, Listener listener) {
        Backend backend = options.open(listener);
        try {
            return new RadEdit(model, new Networks(model, backend, options));
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    public Result generate(GenerateRequest request) {
        return generate(request, Listener.NONE);
    }

    /**
     * Generates pictures from text.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws radedit.exec.BackendException
     *             if memory does not suffice; known before the work starts
     */
    public Result generate(GenerateRequest r, Listener listener) {
        notice.ifPresent(listener::note);
        int side = networks.latentSide(r.size);
        Requests.check(!r.prompts.isEmpty(), "a prompt is needed");
        Requests.check(r.count >= 1, "--count must be at least 1, not " + r.count);
        Requests.check(Double.isFinite(r.guidance), "--guidance must be a finite number");
        Ddim ddim = networks.ddim(r.steps);
        Requests.check((long) r.prompts.size() * r.count <= MOST_PICTURES,
                "at most " + MOST_PICTURES + " pictures at once, not " + (long) r.prompts.size() * r.count);
        int pictures = r.prompts.size() * r.count;
        Map<String, MemoryCheck.Demand> easier = r.count > 1
                ? Map.of("--count 1", demand(r, r.prompts.size()))
                : Map.of();
        int batch = networks.memory().require(side, demand(r, pictures), easier, listener);
        startHashing();

        Tensor noise = generationNoise(r, pictures, side);
        List<Tensor> embeddings = new ArrayList<>();
        for (String p : r.prompts) {
            embeddings.addAll(Collections.nCopies(r.count, networks.context(p, listener)));
        }
        Tensor negative = networks.context(r.negativePrompt, listener);
        Tensor denoised;
        try (UNetPredictor unet = networks.predictor(side, batch, Generator.latents(pictures))) {
            denoised = Generator.generate(noise, ddim, unet, embeddings, negative, r.guidance,
                    (done, total) -> listener.progress("denoising", done, total));
        }
        Tensor images = networks.decode(denoised, listener);

        List<Map<String, Object>> settings = new ArrayList<>();
        for (int k = 0; k < pictures; k++) {
            Map<String, Object> s = new LinkedHashMap<>();
            s.put("command", "generate");
            s.put("prompt", r.prompts.get(k / r.count));
            s.put("negative_prompt", r.negativePrompt);
            s.put("steps", r.steps);
            s.put("guidance", r.guidance);
            s.put("noise", r.noise != null ? "given" : r.rng.toString());
            s.put("seed", r.seedPerImage ? r.seed + k : r.seed);
            s.put("image", r.seedPerImage ? 0 : k);
            s.put("images", r.seedPerImage ? 1 : pictures);
            settings.add(complete(s, side));
        }
        return new Result(images, denoised, settings, null);
    }

    private static MemoryCheck.Demand demand(GenerateRequest r, int pictures) {
        return new MemoryCheck.Demand(r.guidance > 1 ? 2 * pictures : pictures, batch -> Generator.latents(pictures),
                pictures, false);
    }

    private Tensor generationNoise(GenerateRequest r, int pictures, int side) {
        Shape shape = networks.latentShape(pictures, side);
        if (r.noise != null) {
            return Requests.given(r.noise, shape, "noise");
        }
        if (!r.seedPerImage) {
            return r.rng.seeded(r.seed).randn(shape);
        }
        List<Tensor> each = new ArrayList<>();
        for (int k = 0; k < pictures; k++) {
            each.add(r.rng.seeded(r.seed + k).randn(shape.with(0, 1)));
        }
        return Tensor.concat(each);
    }

    public Result edit(EditRequest request) {
        return edit(request, Listener.NONE);
    }

    /**
     * Edits a film.
     *
     * @throws InvalidRequestException
     *             if a setting is out of range
     * @throws InvalidInputException
     *             if the edit mask is empty
     * @throws radedit.exec.BackendException
     *             if memory does not suffice; known before the work starts
     */
    public Result edit(EditRequest r, Listener listener) {
        notice.ifPresent(listener::note);
        EditJob job = new EditJob(r, networks, listener);
        job.requireMemory();
        EditJudge judge = judge(r, job, listener);
        job.prepare();
        startHashing();
        List<Judgement.Try> tries = new ArrayList<>();
        EditJob.Outcome kept = null;
        int best = 0;
        for (int k = 0; k < r.tries; k++) {
            EditJob.Outcome outcome = job.run(r.seed + k);
            if (judge == null) {
                kept = outcome;
                break;
            }
            tries.add(judge.judge(r.seed + k, outcome.image()));
            if (kept == null || tries.get(k).score() > tries.get(best).score()) {
                kept = outcome;
                best = k;
            }
            if (r.minScore == null || tries.get(best).score() >= r.minScore) {
                break;
            }
        }
        Judgement judgement = judge == null ? null : new Judgement(tries, best, r.minScore);
        Map<String, Object> s = job.settings(r.seed + best);
        if (judgement != null) {
            s.put("original_text", r.originalText);
            s.put("score", judgement.report());
        }
        Edited edited = job.finished(kept.image());
        if (edited.restored() != null) {
            s.put("native", edited.restored().measured());
        }
        return new Result(kept.image(), kept.latent(), List.of(complete(s, job.side())), judgement, edited);
    }

    /** Who judges an edit; nobody where the model cannot and nobody asked for it. */
    private EditJudge judge(EditRequest r, EditJob job, Listener listener) {
        boolean asked = r.originalText != null || r.minScore != null || model.names(Part.IMAGE_ENCODER);
        if (!asked && model.find(Part.IMAGE_ENCODER).isEmpty()) {
            return null;
        }
        try {
            if (scorer == null) {
                scorer = new Scorer(model, networks.text, networks.backend);
            }
            return new EditJudge(scorer, r, job.film());
        } catch (InvalidRequestException | InvalidInputException | WeightsException e) {
            if (asked) {
                throw e;
            }
            listener.warning("no image-text score: " + e.getMessage());
            return null;
        }
    }

    /** Hashes of the weights are found while the networks run. */
    private void startHashing() {
        if (hashes == null) {
            Map<String, List<Path>> files = networks.files();
            hashes = CompletableFuture.supplyAsync(() -> {
                Map<String, Object> all = new LinkedHashMap<>();
                files.forEach((part, paths) -> {
                    List<String> each = WeightHashes.of(paths);
                    all.put(part, each.size() == 1 ? each.getFirst() : each);
                });
                return all;
            });
        }
    }

    private Map<String, Object> complete(Map<String, Object> s, int side) {
        s.put("size", side * networks.vae.scaleFactor());
        if (networks.vaeTile > 0) {
            s.put("vae_tile", networks.vaeTile);
        }
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", model.name());
        notice.ifPresent(n -> m.put("notice", n));
        m.put("sha256", hashes.join());
        s.put("model", m);
        s.put("backend", networks.backend.name() + " (" + networks.backend.describe() + ")");
        s.put("program", "RadEdit " + Version.get());
        s.put("java", Runtime.version().toString());
        s.put("notice", "Synthetic image. Research use only, not for clinical use.");
        return s;
    }

    /** Unmaps the model and ends the backend's threads. */
    @Override
    public void close() {
        if (scorer != null) {
            scorer.close();
        }
        networks.close();
        networks.backend.close();
    }
}
