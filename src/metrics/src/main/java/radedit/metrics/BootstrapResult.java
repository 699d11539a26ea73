package radedit.metrics;

import java.util.Optional;

/**
 * What a bootstrap found.
 *
 * @param estimate
 *            the statistic of all rows; NaN if undefined
 * @param interval
 *            its confidence interval; empty if it was refused
 * @param refusal
 *            why there is no interval; empty if there is one
 * @param patients
 *            number of patients
 * @param resamples
 *            number of resamples that were evaluated
 * @param undefined
 *            number of them in which the statistic was NaN or infinite; they are left out of the interval
 */
public record BootstrapResult(double estimate, Optional<Interval> interval, String refusal, int patients, int resamples,
        int undefined) {
    static BootstrapResult refused(double estimate, int patients, int resamples, int undefined, String refusal) {
        return new BootstrapResult(estimate, Optional.empty(), refusal, patients, resamples, undefined);
    }

    static BootstrapResult of(double estimate, Interval interval, int patients, int resamples, int undefined) {
        return new BootstrapResult(estimate, Optional.of(interval), "", patients, resamples, undefined);
    }
}
