package radedit.pipeline;

import java.util.List;

import radedit.imaging.Film;
import radedit.imaging.Picture;
import radedit.tensor.Tensor;

/** Scores the outcomes of one edit request. */
final class EditJudge {
    private final Scorer scorer;
    private final double[] newText;
    private final double[] oldText;
    private final double[] original;

    /**
     * @param original
     *            embedding of the film before the edit, in the model's square; null if the request does not describe it
     * @param listener
     *            receives warnings of unknown words
     * @throws InvalidRequestException
     *             if a text cannot be scored
     */
    EditJudge(Scorer scorer, EditRequest r, double[] original, Listener listener) {
        this.scorer = scorer;
        this.newText = scorer.text(r.prompts.stream().map(EditRequest.Prompt::text).toList(), listener);
        this.oldText = r.originalText == null ? null : scorer.text(List.of(r.originalText), listener);
        this.original = original;
    }

    /** {@return the scores of a picture [1, 3, h, w] in 0..1; NaN if all its pixels are the same} */
    Judgement.Try judge(long seed, Tensor image) {
        Picture grey = Picture.of(image.shape().dim(3), image.shape().dim(2), image.data(), 0).toGrey();
        if (Scorer.isConstant(grey)) {
            return new Judgement.Try(seed, Double.NaN, oldText == null ? null : Double.NaN);
        }
        double[] edited = scorer.film(Film.of(grey, "edit")).embedding();
        Double edit = oldText == null ? null : Scorer.editScore(edited, original, newText, oldText);
        return new Judgement.Try(seed, Scorer.cosine(edited, newText), edit);
    }
}
