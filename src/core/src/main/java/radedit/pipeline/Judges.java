package radedit.pipeline;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Backend;
import radedit.imaging.Film;
import radedit.message.Message;
import radedit.weights.WeightHashes;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/** The judges of edits, which share the image encoder; it is opened for the first edit that can be judged. */
final class Judges implements AutoCloseable {
    /** Name in settings of the hash of the image encoder's weights. */
    static final String ENCODER = "image_encoder_sha256";

    private final ModelFolder model;
    private final ModelParts parts;
    private final Backend backend;
    private final FilmCache cache;
    private @Nullable Scorer scorer;
    private @Nullable CompletableFuture<Optional<Object>> hash;

    Judges(ModelFolder model, ModelParts parts, Backend backend, FilmCache cache) {
        this.model = model;
        this.parts = parts;
        this.backend = backend;
        this.cache = cache;
    }

    /**
     * {@return the judge of an edit; null if the model has no usable image encoder and no score was requested}
     *
     * @throws InvalidRequestException
     *             if a score was requested for a text that cannot be scored
     * @throws WeightsException
     *             if a score was requested and the image encoder cannot be used
     */
    @Nullable
    EditJudge judge(EditTask task) {
        EditRequest r = task.request;
        boolean asked = r.originalText != null || r.minScore != null || model.hasOverride(Part.IMAGE_ENCODER);
        if (!asked && model.find(Part.IMAGE_ENCODER).isEmpty()) {
            return null;
        }
        try {
            Scorer opened = scorer == null ? new Scorer(model, parts.text, backend, task.listener) : scorer;
            scorer = opened;
            double[] original = r.originalText == null
                    ? null
                    : cache.embedding(task.job.digest(),
                            () -> opened.film(Film.of(task.job.film(), "film")).embedding());
            return new EditJudge(opened, encoder(), r, original, task.listener);
        } catch (InvalidRequestException | InvalidInputException | WeightsException e) {
            if (asked) {
                throw e;
            }
            task.listener.warning(Message.of("no image-text score: ", Message.saidBy(e)));
            return null;
        }
    }

    /** {@return the hash of the image encoder's weights, computed once in the background; empty if it has none to read} */
    CompletableFuture<Optional<Object>> encoder() {
        if (hash == null) {
            hash = CompletableFuture.supplyAsync(this::hashed);
        }
        return hash;
    }

    private Optional<Object> hashed() {
        try (WeightStore weights = WeightStore.open(model.get(Part.IMAGE_ENCODER))) {
            return Optional.of(WeightHashes.named(weights.files()));
        } catch (WeightsException e) {
            return Optional.empty(); // an edit that needs it says why
        }
    }

    @Override
    public void close() {
        if (scorer != null) {
            scorer.close();
        }
    }
}
