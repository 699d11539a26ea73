package radedit.stress.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import radedit.metrics.Bootstrap;
import radedit.metrics.BootstrapResult;
import radedit.metrics.Clusters;
import radedit.metrics.Proportion;
import radedit.metrics.RowStatistic;

/** Cases of a group, and statistics of them with intervals over their patients. */
final class Sample {
    /** Below this number of patients, resamples tell too little of the spread. */
    private static final int FEW = 10;

    private final List<EvaluatedCase> cases;
    private final Clusters clusters;
    private final Bootstrap bootstrap;
    private final int patients;
    private final List<Estimate> estimates = new ArrayList<>();

    Sample(List<EvaluatedCase> cases, Bootstrap bootstrap) {
        this.cases = cases;
        this.clusters = Clusters.of(cases.stream().map(EvaluatedCase::patient).toList());
        this.bootstrap = bootstrap;
        this.patients = (int) cases.stream().map(EvaluatedCase::patient).distinct().count();
    }

    List<EvaluatedCase> cases() {
        return cases;
    }

    int size() {
        return cases.size();
    }

    int patients() {
        return patients;
    }

    List<Estimate> estimates() {
        return estimates;
    }

    /** {@return a number of each case} */
    double[] each(IntToDoubleFunction value) {
        return IntStream.range(0, cases.size()).mapToDouble(value).toArray();
    }

    /** {@return something of each case} */
    <T> List<T> all(IntFunction<T> value) {
        return IntStream.range(0, cases.size()).mapToObj(value).toList();
    }

    /** Adds a statistic of any rows. */
    void add(String metric, RowStatistic statistic) {
        add(metric, cases.size(), "", statistic);
    }

    /** Adds a statistic of any rows that is about some of them, with a note. */
    void add(String metric, int count, String note, RowStatistic statistic) {
        BootstrapResult r = bootstrap.of(clusters, statistic);
        List<String> notes = new ArrayList<>(List.of(note, r.refusal()));
        if (r.interval().isPresent() && patients < FEW) {
            notes.add("an interval from fewer than " + FEW + " patients is too narrow");
        }
        String all = String.join("; ", notes.stream().filter(n -> !n.isEmpty()).toList());
        estimates.add(new Estimate(metric, r.estimate(), r.interval(), count, all));
    }

    /** Adds the mean of the values that are not NaN. */
    void addMean(String metric, double[] values) {
        addMean(metric, values, "");
    }

    /** Adds the mean of the values that are not NaN, with a note. */
    void addMean(String metric, double[] values, String note) {
        int defined = (int) IntStream.range(0, values.length).filter(i -> !Double.isNaN(values[i])).count();
        if (defined > 0) {
            add(metric, defined, note, rows -> mean(values, rows));
        }
    }

    /**
     * Adds a share: of the cases that count, those where a condition is met. Where all are alike, resamples are too, and the
     * interval is the exact binomial one (Clopper and Pearson) of as many patients.
     *
     * @param met
     *            1 or 0; NaN for cases that do not count
     */
    void addShare(String metric, double[] met) {
        double[] distinct = Arrays.stream(met).filter(v -> !Double.isNaN(v)).distinct().toArray();
        if (distinct.length != 1) {
            addMean(metric, met);
            return;
        }
        int count = (int) Arrays.stream(met).filter(v -> !Double.isNaN(v)).count();
        int people = (int) IntStream.range(0, met.length).filter(i -> !Double.isNaN(met[i]))
                .mapToObj(i -> cases.get(i).patient()).distinct().count();
        estimates.add(new Estimate(metric, distinct[0],
                Optional.of(new Proportion(distinct[0] == 1 ? people : 0, people).clopperPearson(bootstrap.level())),
                count, "exact binomial interval, since all cases are alike"));
    }

    /** Adds a number without an interval from resamples. */
    void addPlain(String metric, double value, int count, String note) {
        estimates.add(new Estimate(metric, value, Optional.empty(), count, note));
    }

    static double mean(double[] values, int[] rows) {
        double sum = 0;
        int n = 0;
        for (int r : rows) {
            if (!Double.isNaN(values[r])) {
                sum += values[r];
                n++;
            }
        }
        return n == 0 ? Double.NaN : sum / n;
    }
}
