package radedit.stress;

/**
 * What a run has come to.
 *
 * @param cases
 *            all cases of the run, or of its part
 * @param done
 *            cases with a picture
 * @param rejected
 *            cases whose picture did not reach the required score
 * @param failed
 *            cases without a picture
 * @param computed
 *            evaluations of the UNet that this process made
 * @param shared
 *            evaluations that it did not have to make, because an inversion served several cases
 */
public record Summary(int cases, int done, int rejected, int failed, long computed, long shared) {
    /** {@return cases that nobody has finished yet} */
    public int pending() {
        return cases - done - rejected - failed;
    }
}
