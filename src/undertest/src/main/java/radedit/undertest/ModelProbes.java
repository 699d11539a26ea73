package radedit.undertest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

import radedit.undertest.Finding.Severity;
import radedit.undertest.ModelException.Reason;

/**
 * Tries a model before a run, on given films and on drawn ones, negatives, noise, black and white, and finds what cannot
 * be right: values outside of the declared range, a second sigmoid, outputs that do not depend on the film, on its
 * batch, or differ from run to run.
 */
public final class ModelProbes {
    /** Largest harmless difference between a film alone and in a batch. */
    public static final double BATCH_TOLERANCE = 1e-4;
    /** Outputs that differ by less are the same. */
    static final double SAME = 1e-6;
    /** Films that are evaluated again and alone. */
    private static final int REPEATED = 6;

    private final ModelUnderTest model;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Double> measured = new LinkedHashMap<>();

    private ModelProbes(ModelUnderTest model) {
        this.model = model;
    }

    /**
     * {@return findings and measurements}
     *
     * @param model
     *            the model
     * @param films
     *            varied films, if possible with and without what the model looks for; at most 16 of them are used
     * @throws ModelException
     *             if the model fails
     * @throws IOException
     *             if its file or server cannot be read
     */
    public static ProbeReport run(ModelUnderTest model, List<GreyFilm> films) throws IOException {
        ModelProbes probes = new ModelProbes(model);
        ProbeFilms f = ProbeFilms.of(films);
        probes.measured.put("films", (double) f.varied().size());
        try {
            probes.probe(f, Math.min(films.size(), f.varied().size()));
        } catch (ModelException e) {
            if (e.reason() != Reason.REQUEST) {
                throw e;
            }
            probes.error("failed", String.valueOf(e.getMessage()));
        }
        probes.findings.sort(Comparator.comparing(Finding::severity));
        return new ProbeReport(probes.findings, probes.measured);
    }

    private void error(String code, String text) {
        findings.add(new Finding(Severity.ERROR, code, text));
    }

    private void warning(String code, String text) {
        findings.add(new Finding(Severity.WARNING, code, text));
    }

    private void probe(ProbeFilms f, int given) throws IOException {
        List<GreyFilm> films = f.all();
        List<Output> outputs = model.evaluate(films);
        int n = f.varied().size();
        List<Output> varied = outputs.subList(0, n);
        ValueProbe values = new ValueProbe(model, this::error, this::warning);
        values.probe(outputs);
        measured.put("least", values.least());
        measured.put("greatest", values.greatest());
        if (values.isBroken()) {
            return; // what follows would compare NaNs
        }
        values.probeFilms(varied);
        double spread = constant(varied, outputs);
        List<GreyFilm> again = films.subList(0, Math.min(REPEATED, films.size()));
        repeat(again, outputs);
        alone(again, outputs);
        if (spread < SAME) {
            return; // said already
        }
        double inverse = 0;
        for (int i = 0; i < f.negatives().size(); i++) {
            inverse = Math.max(inverse, distance(outputs.get(i), outputs.get(n + 4 + i)));
        }
        double shuffled = distance(outputs.getFirst(), outputs.get(n));
        double blackWhite = distance(outputs.get(n + 1), outputs.get(n + 2));
        measured.put("inverse_difference", inverse);
        measured.put("shuffled_difference", shuffled);
        measured.put("black_white_difference", blackWhite);
        if (inverse < SAME) {
            error("inverse-same",
                    "films and their negatives have the same outputs, so the model does not get the films;"
                            + " check range, mean and std of the preprocessing");
        }
        if (shuffled < SAME && inverse >= SAME) {
            warning("shuffled-same", "a film and the same pixels in random order have the same output;"
                    + " the model sees no more than the film's levels");
        }
        if (blackWhite < SAME) {
            warning("black-white-same", "a black and a white film have the same output;"
                    + " that is right only if the model normalises each film");
        }
        double apart = spread(varied.subList(0, Math.max(1, given)), false);
        if (given > 1 && apart < 1e-3) {
            warning("films-alike", String.format(Locale.ROOT, "outputs of the %d given films differ by at most %.2g;"
                    + " check range, mean and std of the preprocessing", given, apart));
        }
    }

    /** Looks for outputs that do not depend on the film; returns the largest range of a class or structure. */
    private double constant(List<Output> varied, List<Output> all) {
        double spread = spread(all, true);
        measured.put("spread", spread);
        if (spread < SAME) {
            error("constant",
                    String.format(Locale.ROOT,
                            "the output is the same for all %d films, noise, black and white among them;"
                                    + " check output.name, and range, mean and std of the preprocessing",
                            all.size()));
            return spread;
        }
        List<String> names = new ArrayList<>();
        for (int c = 0; c < model.names().size(); c++) {
            if (range(varied, true, c) < SAME) {
                names.add(model.names().get(c));
            }
        }
        if (!names.isEmpty()) {
            warning("class-constant", "the same for all films: " + ValueProbe.list(names));
        }
        return spread;
    }

    private void repeat(List<GreyFilm> films, List<Output> before) throws IOException {
        double worst = 0;
        List<Output> again = model.evaluate(films);
        for (int i = 0; i < again.size(); i++) {
            worst = Math.max(worst, difference(before.get(i), again.get(i)));
        }
        // The first call evaluated other batches too, so that the same call is made a third time.
        if (worst > 0) {
            worst = 0;
            List<Output> third = model.evaluate(films);
            for (int i = 0; i < third.size(); i++) {
                worst = Math.max(worst, difference(again.get(i), third.get(i)));
            }
        }
        measured.put("repeat_difference", worst);
        if (worst > BATCH_TOLERANCE) {
            error("not-deterministic",
                    String.format(Locale.ROOT, "the same films evaluated twice differ by %.2g; dropout or augmentation"
                            + " may be on (model.eval() before the export)", worst));
        } else if (worst > 0) {
            warning("not-deterministic",
                    String.format(Locale.ROOT, "the same films evaluated twice differ by %.2g", worst));
        }
    }

    private void alone(List<GreyFilm> films, List<Output> before) throws IOException {
        if (model.batch() == 1) {
            return;
        }
        double worst = 0;
        for (int i = 0; i < films.size(); i++) {
            worst = Math.max(worst, difference(before.get(i), model.evaluate(List.of(films.get(i))).getFirst()));
        }
        measured.put("batch_difference", worst);
        if (worst > BATCH_TOLERANCE) {
            error("batch-dependent",
                    String.format(Locale.ROOT,
                            "a film alone and in a batch differ by %.2g, so results depend on which films"
                                    + " are evaluated together; batch normalisation may be in training mode (model.eval())",
                            worst));
        }
    }

    /** The model's own values or probabilities, or the masks' shares of the film. */
    private static double[] numbers(Output o, boolean own) {
        return switch (o) {
            case Output.Scores s -> own ? s.raw() : s.probabilities();
            case Output.Masks m ->
                    m.masks().stream().mapToDouble(k -> (double) k.count() / k.pixels().length).toArray();
        };
    }

    private static double range(List<Output> outputs, boolean own, int channel) {
        DoubleSummaryStatistics all = outputs.stream().mapToDouble(o -> numbers(o, own)[channel]).summaryStatistics();
        return all.getMax() - all.getMin();
    }

    private double spread(List<Output> outputs, boolean own) {
        return IntStream.range(0, model.names().size()).mapToDouble(c -> range(outputs, own, c)).max().orElse(0);
    }

    /** The largest difference of the model's own values, which do not saturate as probabilities do. */
    private static double distance(Output a, Output b) {
        if (a instanceof Output.Scores s && b instanceof Output.Scores t) {
            double most = 0;
            for (int i = 0; i < s.raw().length; i++) {
                most = Math.max(most, Math.abs(s.raw()[i] - t.raw()[i]));
            }
            return most;
        }
        return difference(a, b);
    }

    /** Largest difference of a probability, or largest share of a mask's pixels that differ, for films of one size. */
    static double difference(Output a, Output b) {
        double most = 0;
        if (a instanceof Output.Masks m && b instanceof Output.Masks k) {
            for (int i = 0; i < m.masks().size(); i++) {
                int n = m.masks().get(i).pixels().length;
                int both = m.masks().get(i).overlap(k.masks().get(i));
                most = Math.max(most, (double) (m.masks().get(i).count() + k.masks().get(i).count() - 2 * both) / n);
            }
            return most;
        }
        double[] p = numbers(a, false);
        double[] q = numbers(b, false);
        for (int i = 0; i < p.length; i++) {
            most = Math.max(most, Math.abs(p[i] - q[i]));
        }
        return most;
    }
}
