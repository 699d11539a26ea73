package radedit.pipeline;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Backend;
import radedit.exec.Cancellation;
import radedit.exec.PlannedGraph;
import radedit.exec.Program;
import radedit.exec.StripedProgram;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.imaging.Picture;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.model.UNetSections;
import radedit.model.UNetSections.Cached;
import radedit.tensor.Tensor;
import radedit.text.Encoding;
import radedit.text.WordPiece;

/** Runs the networks of one model on one backend, each compiled when it is first needed. */
final class Networks {
    private record Key(String what, int batch, int side) {}

    final ModelParts model;
    private final Backend backend;
    private final int vaeTile;
    private final @Nullable Cancellation cancellation;
    private final Map<Part, Probe> probes;
    private final Map<Key, Program> programs;
    private final Map<String, Tensor> contexts;
    /** By side of the latent. */
    private final Map<Integer, LinearDecoder> linearDecoders;
    final RunTrace trace;

    /**
     * @param vaeTile
     *            rows of the picture that the VAE processes at a time; 0 for all
     */
    Networks(ModelParts model, Backend backend, int vaeTile, RunTrace trace) {
        this(model, backend, vaeTile, null, Map.of(), new HashMap<>(), new HashMap<>(), new HashMap<>(), trace);
    }

    private Networks(ModelParts model, Backend backend, int vaeTile, @Nullable Cancellation cancellation,
            Map<Part, Probe> probes, Map<Key, Program> programs, Map<String, Tensor> contexts,
            Map<Integer, LinearDecoder> linearDecoders, RunTrace trace) {
        this.model = model;
        this.backend = backend;
        this.vaeTile = vaeTile;
        this.cancellation = cancellation;
        this.probes = probes;
        this.programs = programs;
        this.contexts = contexts;
        this.linearDecoders = linearDecoders;
        this.trace = trace;
    }

    /**
     * {@return these networks for one request}
     *
     * @param cancellation
     *            ends their runs early; null for none
     * @param probes
     *            probes by part; with any, networks are compiled anew and no cached result is used
     * @throws InvalidRequestException
     *             if a probe names no value
     */
    Networks forRequest(@Nullable Cancellation cancellation, Map<Part, Probe> probes) {
        probes.forEach(this::check);
        new Program.Run(Program.Timer.NONE, cancellation, Set.of()).check();
        return probes.isEmpty()
                ? new Networks(model, backend, vaeTile, cancellation, probes, programs, contexts, linearDecoders,
                        trace)
                : new Networks(model, backend, vaeTile, cancellation, probes, new HashMap<>(), new HashMap<>(),
                        new HashMap<>(), trace);
    }

    private void check(Part part, Probe probe) {
        RequestChecks.check(vaeTile == 0 || part != Part.VAE,
                Message.of("a probe of the VAE needs whole values, which ", Setting.VAE_TILE, " does not make"));
        RequestChecks.check(model.graphs(part).stream().flatMap(g -> g.nodes().stream())
                .anyMatch(n -> probe.touches(n.resultName())), "the probe names no value of the " + part.folder());
    }

    private Program.Run newRun() {
        return new Program.Run(Program.Timer.NONE, cancellation, Set.of());
    }

    private Probe probe(Part part) {
        return probes.getOrDefault(part, Probe.NONE);
    }

    /**
     * Records in the settings of a result what was lost from its texts: {@code unknown_words}, and {@code
     * dropped_tokens}, the number of truncated tokens by prompt.
     *
     * @param settings
     *            the settings, which are changed
     * @param prompts
     *            texts passed to {@link #context}
     * @param others
     *            texts that are compared with films, none of which is truncated
     */
    void recordTexts(Map<String, Object> settings, List<String> prompts, List<String> others) {
        model.text.warnings().record(settings, Stream.concat(prompts.stream(), others.stream()).toList());
        Map<String, Integer> dropped = new LinkedHashMap<>();
        for (String p : prompts) {
            int lost = model.text.tokens(p).dropped();
            if (lost > 0) {
                dropped.put(p, lost);
            }
        }
        if (!dropped.isEmpty()) {
            settings.put("dropped_tokens", dropped);
        }
    }

    /** {@return the embedding [1, tokens, channels] that the UNet attends to} */
    Tensor context(String prompt, Listener listener) {
        Encoding tokens = model.text.tokens(prompt);
        if (tokens.dropped() > 0) {
            listener.warning("the prompt is " + tokens.dropped() + " tokens too long; only the first "
                    + (WordPiece.LENGTH - 2) + " are used");
        }
        model.text.warnings().check(prompt, listener);
        Tensor embedding = contexts.computeIfAbsent(prompt,
                p -> model.text.context(tokens, probe(Part.TEXT_ENCODER), newRun()));
        trace.context(prompt, embedding);
        return embedding;
    }

    /**
     * {@return the UNet for latents of this size; larger batches are split, and no result depends on how}
     *
     * @param side
     *            side of the latents
     * @param batch
     *            largest batch of the UNet
     * @param latents
     *            peak number of live latents
     * @param schedule
     *            the sampler's timesteps
     */
    UNetPredictor predictor(int side, int batch, int latents, double[] schedule) {
        UNetRuns runs = model.reuse && !probes.containsKey(Part.UNET)
                ? new ReusingUNetRuns(new UNetParts(side), schedule)
                : new PlainUNetRuns(n -> unet("unet", n, side, g -> g));
        return new UNetPredictor(backend.latents(model.latent(side), latents), batch, runs, cancellation);
    }

    private Program unet(String what, int batch, int side, UnaryOperator<Graph> part) {
        return program(new Key(what, batch, side), Part.UNET,
                () -> new PlannedGraph(part.apply(model.wholeUnet(batch, side)), model.weights(Part.UNET)));
    }

    /** The programs of a UNet in parts, for latents of one size. */
    private final class UNetParts implements ReusingUNetRuns.Programs {
        private final int side;

        UNetParts(int side) {
            this.side = side;
        }

        @Override
        public Program texts(int batch) {
            return unet("unet texts", batch, side, UNetSections::texts);
        }

        @Override
        public @Nullable Program times(int batch) {
            return model.timesApart ? unet("unet times", batch, side, UNetSections::times) : null;
        }

        @Override
        public Program rest(int batch, int group) {
            return part("unet in groups of ", batch, group, g -> g);
        }

        @Override
        public Program whole(int batch, int group, Cached what) {
            return part("unet with " + what + " in groups of ", batch, group,
                    g -> UNetSections.cached(g, what).whole());
        }

        @Override
        public Program given(int batch, int group, Cached what) {
            return part("unet given " + what + " in groups of ", batch, group,
                    g -> UNetSections.cached(g, what).given());
        }

        private Program part(String what, int batch, int group, UnaryOperator<Graph> part) {
            return program(new Key(what + group, batch, side), Part.UNET, () -> {
                PlannedGraph rest = model.unet(batch, side, group);
                return new PlannedGraph(part.apply(rest.graph()), rest.weights());
            });
        }
    }

    /**
     * Decodes scaled latents, one after the other.
     *
     * @param ready
     *            called with the index of each and its picture [1, 3, h, w] in 0..1
     * @throws NotFiniteException
     *             if a latent has infinite or NaN values
     */
    void decode(Tensor latents, Listener listener, BiConsumer<Integer, Tensor> ready) {
        for (double v : latents.data()) {
            if (!Double.isFinite(v)) {
                throw new NotFiniteException(
                        "the result is not a finite number; guidance or weight is too large, or the"
                                + " model's weights or settings are damaged ('radedit weights verify' checks them)");
            }
        }
        model.weights(Part.UNET).unload(); // the decoder needs the most memory, and does not need the UNet
        int n = latents.shape().dim(0);
        listener.progress("decoding", 0, n);
        for (int i = 0; i < n; i++) {
            newRun().check();
            Tensor image = decode(latents.slice(i, i + 1));
            trace.value("image", Map.of(), image);
            listener.progress("decoding", i + 1, n);
            ready.accept(i, image);
        }
        model.weights(Part.VAE).unload();
    }

    /** {@return a latent of the VAE, shifted and scaled for the sampler} */
    Tensor scaled(Tensor latent) {
        return latent.map(z -> (z - model.vae.shiftFactor()) * model.vae.scalingFactor());
    }

    /** {@return an approximation of the decoder, fitted to the picture of a smooth random latent} */
    LinearDecoder linearDecoder(int side) {
        return linearDecoders.computeIfAbsent(side, this::makeLinearDecoder);
    }

    private LinearDecoder makeLinearDecoder(int side) {
        Tensor latent = LinearDecoder.smooth(Rng.TORCH.seeded(0).randn(model.latentShape(1, side)));
        Tensor image = decode(latent);
        model.weights(Part.VAE).unload();
        return LinearDecoder.of(latent, Picture.of(image.shape().dim(3), image.shape().dim(2), image.data(), 0));
    }

    /** {@return the picture [1, 3, h, w] in 0..1 of a scaled latent} */
    private Tensor decode(Tensor latent) {
        Tensor unscaled = latent.map(v -> v / model.vae.scalingFactor() + model.vae.shiftFactor());
        int side = latent.shape().dim(2);
        return vaeProgram(new Key("decoder", 1, side), () -> model.decoder(side))
                .run(Map.of("latent", unscaled), "image", newRun()).map(v -> Math.clamp(v / 2 + 0.5, 0, 1));
    }

    /** {@return the moments [1, 8, h / 8, w / 8] of the latent of a picture [1, 3, h, w] in -1..1} */
    Tensor encode(Tensor image) {
        int side = image.shape().dim(2) / model.scale();
        Tensor moments = vaeProgram(new Key("encoder", 1, side), () -> model.encoder(side))
                .run(Map.of("image", image), "moments", newRun());
        model.weights(Part.VAE).unload();
        return moments;
    }

    private Program vaeProgram(Key key, Supplier<Graph> graph) {
        return vaeTile == 0
                ? program(key, Part.VAE, () -> model.vae(graph.get()))
                : programs.computeIfAbsent(key,
                        k -> new StripedProgram(backend, graph.get(), model.weights(Part.VAE), vaeTile));
    }

    private Program program(Key key, Part part, Supplier<PlannedGraph> planned) {
        return programs.computeIfAbsent(key, k -> {
            PlannedGraph p = planned.get();
            return backend.compile(p.graph(), p.weights(), probe(part));
        });
    }
}
