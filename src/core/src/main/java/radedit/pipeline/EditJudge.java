package radedit.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Film;
import radedit.imaging.Picture;
import radedit.tensor.Tensor;

/** Scores the outcomes of one edit request. */
final class EditJudge {
    private final Scorer scorer;
    private final double[] newText;
    private final CompletableFuture<Optional<Object>> encoder;
    private final @Nullable Original original;

    /** The embeddings of the film before the edit and of the text that describes it. */
    private record Original(double[] film, double[] text) {}

    /**
     * @param encoder
     *            hash of the image encoder's weights
     * @param original
     *            embedding of the film before the edit, in the model's square; null if the request does not describe it
     * @param listener
     *            receives warnings of unknown words
     * @throws InvalidRequestException
     *             if a text cannot be scored
     */
    EditJudge(Scorer scorer, CompletableFuture<Optional<Object>> encoder, EditRequest r, double @Nullable [] original,
            Listener listener) {
        this.scorer = scorer;
        this.encoder = encoder;
        this.newText = scorer.text(r.prompts.stream().map(EditRequest.Prompt::text).toList(), listener);
        this.original = r.originalText == null || original == null
                ? null
                : new Original(original, scorer.text(List.of(r.originalText), listener));
    }

    /** {@return the scores for a report, by name, and the image encoder that gave them} */
    Map<String, Object> report(Judgement judgement) {
        Map<String, Object> m = judgement.report();
        encoder.join().ifPresent(hash -> m.put(Judges.ENCODER, hash));
        return m;
    }

    /** {@return the scores of a picture [1, 3, h, w] in 0..1; NaN if all its pixels are the same} */
    Judgement.Try judge(long seed, Tensor image) {
        Picture grey = Picture.of(image.shape().dim(3), image.shape().dim(2), image.data(), 0).toGrey();
        if (Scorer.isConstant(grey)) {
            return new Judgement.Try(seed, Double.NaN, original == null ? null : Double.NaN);
        }
        double[] edited = scorer.film(Film.of(grey, "edit")).embedding();
        Double edit = original == null
                ? null
                : Scorer.editScore(edited, original.film, newText, original.text);
        return new Judgement.Try(seed, Scorer.cosine(edited, newText), edit);
    }
}
