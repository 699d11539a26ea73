package radedit.metrics.effect;

import java.util.stream.IntStream;

import radedit.metrics.Proportion;
import radedit.metrics.check.Require;

/**
 * What the reverse edit restores: a finding is removed and inserted again, or the other way round.
 *
 * @param recovered
 *            cases that the edit flipped (trials) and those of them decided as at first after the reverse edit (successes)
 * @param residual
 *            log-odds after the reverse edit minus those of the original, all cases
 * @param flippedResidual
 *            the same, of the cases that the edit flipped
 */
public record ReverseRecovery(Proportion recovered, PairedChange residual, PairedChange flippedResidual) {
    /**
     * {@return the recovery of these cases}
     *
     * @param before
     *            [n], scores of the originals
     * @param after
     *            [n], scores of the same cases after the edit
     * @param reversed
     *            [n], scores of the same cases after the reverse edit
     * @param threshold
     *            finite; a score at least this is decided "yes"
     * @param scale
     *            what the scores are
     * @throws IllegalArgumentException
     *             if lengths differ or a number is not on the scale
     */
    public static ReverseRecovery of(double[] before, double[] after, double[] reversed, double threshold,
            ScoreScale scale) {
        Require.sameLength("scores before", before.length, "scores after", after.length);
        Require.sameLength("scores before", before.length, "scores after the reverse edit", reversed.length);
        scale.check("score after", after);
        PairedChange residual = PairedChange.of(before, reversed, scale);
        boolean[] first = Decisions.of("score before", before, threshold);
        boolean[] edited = Decisions.of("score after", after, threshold);
        boolean[] last = Decisions.of("score after the reverse edit", reversed, threshold);
        int[] flipped = IntStream.range(0, first.length).filter(i -> first[i] != edited[i]).toArray();
        int back = (int) IntStream.of(flipped).filter(i -> last[i] == first[i]).count();
        return new ReverseRecovery(new Proportion(back, flipped.length), residual,
                PairedChange.of(IntStream.of(flipped).mapToDouble(i -> before[i]).toArray(),
                        IntStream.of(flipped).mapToDouble(i -> reversed[i]).toArray(), scale));
    }
}
