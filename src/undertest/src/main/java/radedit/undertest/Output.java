package radedit.undertest;

import java.util.List;

import radedit.imaging.Mask;

/** What a model under test says about one film. */
public sealed interface Output {
    /**
     * Probabilities of a classifier, in the order of {@link ModelUnderTest#names}.
     *
     * @param probabilities
     *            one a class
     * @param logits
     *            one a class, if the model returns logits; else empty
     * @param raw
     *            the values that the model returned, one a class
     * @param sum
     *            of all values that the model returned, those without a class name among them
     */
    record Scores(double[] probabilities, double[] logits, double[] raw, double sum) implements Output {
    }

    /**
     * Masks of a segmenter, in the order of {@link ModelUnderTest#names}.
     *
     * @param masks
     *            one a structure, of the film's size
     * @param seen
     *            the pixels that the model saw; masks are empty beyond
     * @param raw
     *            statistics of the values that the masks were made from
     */
    record Masks(List<Mask> masks, Region seen, Range raw) implements Output {
    }

    /**
     * A rectangle of a film.
     *
     * @param x
     *            first column
     * @param y
     *            first row
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     */
    record Region(int x, int y, int width, int height) {
    }

    /**
     * Statistics of values.
     *
     * @param least
     *            the least finite value
     * @param greatest
     *            the greatest finite value
     * @param notFinite
     *            the number of NaNs and infinities
     * @param sumError
     *            the largest difference between 1 and a pixel's sum over channels; 0 if sums are not declared to be 1
     * @param notWhole
     *            the number of values that are not whole
     */
    record Range(double least, double greatest, long notFinite, double sumError, long notWhole) {
    }
}
