package radedit.undertest;

import java.util.Locale;

import radedit.undertest.ModelException.Reason;

/** Refuses outputs outside of what a specification declares. */
final class OutputCheck {
    /** Float16 rounds a sum of 100 probabilities by less. */
    static final double SUM_TOLERANCE = 1e-2;
    /** Probabilities beyond 0 and 1 by rounding only. */
    static final double RANGE_TOLERANCE = 1e-6;

    private OutputCheck() {
    }

    static void check(String source, OutputSpec spec, Output output) throws ModelException {
        Output.Range r = switch (output) {
            case Output.Scores s -> ranges(s, spec);
            case Output.Masks m -> m.raw();
        };
        if (r.notFinite() > 0) {
            throw wrong(source, r.notFinite() + " of the model's values for a film are not finite numbers");
        }
        if (spec.values() == OutputSpec.Values.PROBABILITIES
                && (r.least() < -RANGE_TOLERANCE || r.greatest() > 1 + RANGE_TOLERANCE)) {
            throw wrong(source, String.format(Locale.ROOT,
                    "the model's values go from %.4g to %.4g, but probabilities are declared; "
                            + "if they are logits, set output.values to \"logits\" in the preprocessing",
                    r.least(), r.greatest()));
        }
        if (r.sumError() > SUM_TOLERANCE) {
            throw wrong(source, String.format(Locale.ROOT,
                    "probabilities of a softmax sum to 1, these miss it by %.4g; "
                            + "set output.activation to \"sigmoid\" in the preprocessing if classes are independent",
                    r.sumError()));
        }
        if (spec.values() == OutputSpec.Values.LABELS && (r.notWhole() > 0 || r.least() < 0)) {
            throw wrong(source, "labels are declared, but the model's values are not whole numbers from 0; "
                    + "set output.values to \"logits\" or \"probabilities\" in the preprocessing");
        }
    }

    private static ModelException wrong(String source, String fault) {
        return new ModelException(Reason.RUN, source + ": " + fault);
    }

    /** Statistics of the scores of a film. */
    static Output.Range ranges(Output.Scores s, OutputSpec spec) {
        RangeMeter meter = new RangeMeter();
        for (double v : s.raw()) {
            meter.add(v);
        }
        return meter.range(spec.sumsToOne() ? Math.abs(s.sum() - 1) : 0);
    }
}
