package radedit.undertest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

import radedit.imaging.Mask;
import radedit.undertest.OutputSpec.Activation;
import radedit.undertest.OutputSpec.Values;

/** The part of {@link ModelProbes} that looks at the values of outputs: ranges, sums, sigmoids. */
final class ValueProbe {
    /** Sigmoid of 1: the highest probability that a second sigmoid leaves. */
    private static final double SECOND = 1 / (1 + Math.exp(-1));
    private static final double ROUNDING = 1e-4;

    private final ModelUnderTest model;
    private final OutputSpec spec;
    private final BiConsumer<String, String> error;
    private final BiConsumer<String, String> warning;
    private double least = Double.POSITIVE_INFINITY;
    private double greatest = Double.NEGATIVE_INFINITY;
    private boolean broken;

    ValueProbe(ModelUnderTest model, BiConsumer<String, String> error, BiConsumer<String, String> warning) {
        this.model = model;
        this.spec = model.outputSpec();
        this.error = error;
        this.warning = warning;
    }

    double least() {
        return least;
    }

    double greatest() {
        return greatest;
    }

    /** Whether there are values that are not finite. */
    boolean isBroken() {
        return broken;
    }

    static String list(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(8, names.size())))
                + (names.size() > 8 ? " and " + (names.size() - 8) + " more" : "");
    }

    private static String text(double v) {
        return String.format(Locale.ROOT, "%.4g", v);
    }

    /** Looks at the values for all films. */
    void probe(List<Output> outputs) {
        long notFinite = 0;
        long notWhole = 0;
        double sumError = 0;
        for (Output o : outputs) {
            Output.Range r = switch (o) {
                case Output.Scores s -> OutputCheck.ranges(s, spec);
                case Output.Masks m -> m.raw();
            };
            least = Math.min(least, r.least());
            greatest = Math.max(greatest, r.greatest());
            notFinite += r.notFinite();
            notWhole += r.notWhole();
            sumError = Math.max(sumError, r.sumError());
        }
        if (notFinite > 0) {
            broken = true;
            error.accept("not-finite", notFinite + " values are NaN or infinite; a film of one level may have been"
                    + " divided by its own standard deviation, or float16 overflowed");
            return;
        }
        boolean beyond = least < -OutputCheck.RANGE_TOLERANCE || greatest > 1 + OutputCheck.RANGE_TOLERANCE;
        String range = "(" + text(least) + " to " + text(greatest) + ")";
        if (spec.values() == Values.LABELS) {
            if (notWhole > 0 || least < 0) {
                error.accept("labels", "labels are declared, but values are not whole numbers from 0 " + range);
            }
        } else if (spec.values() == Values.LOGITS) {
            if (!beyond && greatest > least) {
                error.accept("second-sigmoid", "logits are declared, but all values are between 0 and 1 " + range
                        + ": the model ends in a sigmoid or softmax itself; set output.values to \"probabilities\"");
            }
        } else if (beyond) {
            error.accept("out-of-range", "probabilities are declared, but values are beyond 0 and 1 " + range
                    + ", as logits are; set output.values to \"logits\"");
        } else if (sumError > OutputCheck.SUM_TOLERANCE) {
            error.accept("softmax-sum", "probabilities of a softmax are declared, but a film's miss the sum of 1 by "
                    + text(sumError) + "; set output.activation to \"sigmoid\"");
        } else {
            secondActivation(outputs, range);
        }
    }

    private void secondActivation(List<Output> outputs, String range) {
        if (greatest <= least) {
            return; // constant, which is said elsewhere
        }
        if (spec.activation() == Activation.SIGMOID) {
            if (least >= 0.5 - ROUNDING && greatest <= SECOND + ROUNDING) {
                error.accept("second-sigmoid", "all probabilities are between 0.5 and 0.7311 " + range
                        + ", as a sigmoid of a sigmoid gives them, and no class could ever be negative;"
                        + " remove one from the model");
            }
        } else if (outputs.getFirst() instanceof Output.Scores && spec.columns() > 1) {
            double others = spec.columns() - 1;
            if (least >= 1 / (1 + others * Math.E) - ROUNDING && greatest <= Math.E / (Math.E + others) + ROUNDING) {
                warning.accept("second-softmax", "all probabilities are as a softmax of a softmax gives them " + range
                        + "; check that the model has only one");
            }
        }
    }

    /** Looks at classes and structures over varied films. */
    void probeFilms(List<Output> varied) {
        if (varied.getFirst() instanceof Output.Masks) {
            structures(varied.stream().map(o -> (Output.Masks) o).toList());
        } else {
            classes(varied.stream().map(o -> ((Output.Scores) o).probabilities()).toList());
        }
    }

    private void classes(List<double[]> films) {
        List<String> above = new ArrayList<>();
        List<String> below = new ArrayList<>();
        boolean hard = true;
        for (int c = 0; c < model.names().size(); c++) {
            double threshold = spec.threshold(model.names().get(c));
            boolean allAbove = true;
            boolean allBelow = true;
            for (double[] p : films) {
                allAbove &= p[c] >= threshold;
                allBelow &= p[c] < threshold;
                hard &= p[c] == 0 || p[c] == 1;
            }
            if (allAbove) {
                above.add(model.names().get(c));
            } else if (allBelow) {
                below.add(model.names().get(c));
            }
        }
        if (!above.isEmpty()) {
            warning.accept("one-sided",
                    "at or above the threshold for all films, negative ones not seen: " + list(above));
        }
        if (!below.isEmpty()) {
            warning.accept("one-sided", "below the threshold for all films, positive ones not seen: " + list(below));
        }
        if (hard && spec.values() == Values.PROBABILITIES) {
            warning.accept("hard-scores",
                    "all scores are exactly 0 or 1: decisions instead of probabilities, so changes"
                            + " short of a flip are not seen");
        }
    }

    private static boolean isFull(Output.Masks film, Mask mask) {
        return mask.count() == film.seen().width() * film.seen().height();
    }

    private void structures(List<Output.Masks> films) {
        List<String> empty = new ArrayList<>();
        List<String> full = new ArrayList<>();
        for (int s = 0; s < model.names().size(); s++) {
            int structure = s;
            if (films.stream().allMatch(f -> f.masks().get(structure).isEmpty())) {
                empty.add(model.names().get(s));
            }
            if (films.stream().allMatch(f -> isFull(f, f.masks().get(structure)))) {
                full.add(model.names().get(s));
            }
        }
        if (empty.size() == model.names().size()) {
            error.accept("empty-masks",
                    "all masks of all films are empty; check output.values, thresholds and the range");
        } else if (!empty.isEmpty()) {
            warning.accept("empty-masks", "empty for all films: " + list(empty));
        }
        if (full.size() == model.names().size()) {
            error.accept("full-masks",
                    "all masks of all films are full; check output.values, thresholds and the range");
        } else if (!full.isEmpty()) {
            warning.accept("full-masks", "full for all films: " + list(full));
        }
    }
}
