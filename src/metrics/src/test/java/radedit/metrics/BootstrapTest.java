package radedit.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.api.Test;

import radedit.metrics.Bootstrap.Method;
import radedit.metrics.classification.Ranking;

/** The bootstrap: against SciPy, its determinism, its coverage and its refusals. */
class BootstrapTest {
    private static RowStatistic statistic(String name, double[] x) {
        return rows -> {
            double[] s = new double[rows.length];
            for (int i = 0; i < s.length; i++) {
                s[i] = x[rows[i]];
            }
            return switch (name) {
                case "mean" -> StatUtils.mean(s);
                case "sd" -> Math.sqrt(StatUtils.variance(s));
                default -> StatUtils.sumSq(s) / s.length;
            };
        };
    }

    @Test
    void intervalsOfTheSameResamplesEqualSciPys() throws IOException {
        Reference reference = new Reference();
        for (JsonNode c : Reference.cases("bootstrap.json", 12)) {
            double level = c.get("level").asDouble();
            double[] replicates = Arrays.stream(Reference.doubles(c.get("replicates"))).sorted().toArray();
            Interval percentile = Quantiles.percentile(level).of(replicates, level);
            reference.check("percentile", c.get("percentile"), new double[]{percentile.low(), percentile.high()});
            Interval bca = Quantiles
                    .bca(level, replicates, c.get("estimate").asDouble(), Reference.doubles(c.get("jackknife")))
                    .of(replicates, level);
            reference.check("BCa", c.get("bca"), new double[]{bca.low(), bca.high()});
        }
        reference.print();
    }

    /**
     * Both sides have B = 20000 resamples. The quantile q of B numbers has a standard error of sqrt(q (1 - q) / B) / density. The
     * density is taken from a normal distribution; the bound is 8 rather than 5 times the root of two of these, because resamples are
     * skewed and BCa's bias is estimated from them too.
     */
    @Test
    void intervalsAgreeWithSciPysWithinSamplingError() throws IOException {
        double largest = 0;
        for (JsonNode c : Reference.cases("bootstrap.json", 12)) {
            double[] x = Reference.doubles(c.get("x"));
            double level = c.get("level").asDouble();
            for (Method method : Method.values()) {
                BootstrapResult r = new Bootstrap(20_000, level, 5, method).of(Clusters.single(x.length),
                        statistic(c.get("statistic").asText(), x));
                double[] expected = Reference.doubles(c.get(method == Method.BCA ? "manyBca" : "manyPercentile"));
                double[] replicates = Arrays.stream(Reference.doubles(c.get("replicates"))).sorted().toArray();
                Quantiles q = method == Method.PERCENTILE
                        ? Quantiles.percentile(level)
                        : Quantiles.bca(level, replicates, r.estimate(), Reference.doubles(c.get("jackknife")));
                double unit = c.get("standardError").asDouble();
                Interval i = r.interval().orElseThrow();
                largest = Math.max(largest, Math.abs(i.low() - expected[0]) / unit / samplingError(q.low()));
                largest = Math.max(largest, Math.abs(i.high() - expected[1]) / unit / samplingError(q.high()));
                assertEquals(c.get("estimate").asDouble(), r.estimate(), 1e-12);
                assertEquals(x.length, r.patients());
                assertEquals(0, r.undefined());
            }
        }
        System.out.printf("intervals differ from SciPy's by %.2f sampling errors at most%n", largest);
        assertTrue(largest < 8, "intervals differ by " + largest + " sampling errors");
    }

    /** Of the difference of two quantiles of 20000 numbers, in standard deviations. */
    private static double samplingError(double q) {
        NormalDistribution normal = new NormalDistribution();
        return Math.sqrt(2 * q * (1 - q) / 20_000) / normal.density(normal.inverseCumulativeProbability(q));
    }

    @Test
    void threadsDoNotChangeResultsAndSeedsDo() throws Exception {
        double[] x = new Random(1).doubles(40).toArray();
        RowStatistic mean = statistic("mean", x);
        Clusters clusters = Clusters.of(IntStream.range(0, 40).mapToObj(i -> "patient " + i % 13).toList());
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        RowStatistic watched = rows -> {
            threads.add(Thread.currentThread());
            return mean.of(rows);
        };
        BootstrapResult expected = Bootstrap.seeded(7).of(clusters, mean);
        try (ForkJoinPool one = new ForkJoinPool(1); ForkJoinPool many = new ForkJoinPool(5)) {
            assertEquals(expected, one.submit(() -> Bootstrap.seeded(7).of(clusters, mean)).get());
            assertEquals(expected, many.submit(() -> Bootstrap.seeded(7).of(clusters, watched)).get());
        }
        assertTrue(threads.size() > 1, "several threads take part");
        assertTrue(!expected.equals(Bootstrap.seeded(8).of(clusters, mean)));
        // Recorded: a change of the generator or of the order of draws must not go unnoticed.
        assertEquals(0.3885802869359818, expected.interval().orElseThrow().low(), 1e-15);
        assertEquals(0.529231836159427, expected.interval().orElseThrow().high(), 1e-15);
    }

    /**
     * A percentile interval of 30 patients covers about 0.936: where t with 29 degrees of freedom has 2.045, it has
     * 1.96 sqrt(29 / 30). With 200 experiments the observed share has a standard error of sqrt(0.936 * 0.064 / 200) = 0.0173.
     */
    @Test
    void intervalsOverPatientsCoverAndIntervalsOverFilmsDoNot() {
        int patients = 30;
        int films = 6;
        Random r = new Random(3);
        int covered = 0;
        int coveredByFilms = 0;
        for (int e = 0; e < 200; e++) {
            double[] x = new double[patients * films];
            for (int p = 0; p < patients; p++) {
                double own = r.nextGaussian();
                for (int f = 0; f < films; f++) {
                    x[p * films + f] = own + 0.3 * r.nextGaussian();
                }
            }
            Bootstrap b = new Bootstrap(400, 0.95, e, Method.PERCENTILE);
            Clusters clusters = Clusters.of(IntStream.range(0, x.length).mapToObj(i -> "p" + i / films).toList());
            covered += b.of(clusters, statistic("mean", x)).interval().orElseThrow().contains(0) ? 1 : 0;
            coveredByFilms += b.of(Clusters.single(x.length), statistic("mean", x)).interval().orElseThrow().contains(0)
                    ? 1
                    : 0;
        }
        System.out.printf("coverage %.3f over patients, %.3f over films%n", covered / 200.0, coveredByFilms / 200.0);
        assertEquals(0.936, covered / 200.0, 4 * 0.0173);
        assertTrue(coveredByFilms / 200.0 < 0.75, "films of a patient are not independent");
    }

    @Test
    void patientsKeepTheirRowsTogether() {
        Clusters c = Clusters.of(List.of("b", "a", "b", "c", "a", "b"));
        assertEquals(3, c.count());
        assertEquals(6, c.rowCount());
        assertEquals(List.of(1, 4, 0, 2, 5, 1, 4),
                Arrays.stream(c.rowsOf(new int[]{1, 0, 1})).boxed().toList());
        new Bootstrap(100, 0.9, 1, Method.PERCENTILE).of(c, rows -> {
            int[] times = new int[6];
            for (int row : rows) {
                times[row]++;
            }
            assertTrue(times[0] == times[2] && times[2] == times[5] && times[1] == times[4]);
            assertEquals(3, times[0] + times[1] + times[3]);
            return times[0];
        });
    }

    @Test
    void whatCannotBeEstimatedIsRefused() {
        double[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        Clusters ten = Clusters.single(10);
        refused("an interval needs at least 2 patients, not 1", Clusters.of(List.of("a", "a")), rows -> 1);
        refused("an interval needs at least 2 patients, not 0", Clusters.single(0), rows -> Double.NaN);
        refused("the statistic is undefined", ten, rows -> Double.NaN);
        refused("the statistic is undefined", ten, rows -> Double.POSITIVE_INFINITY);
        refused("all resamples give the same value", ten, rows -> 3);
        boolean[] rare = new boolean[10];
        rare[0] = true; // in no resample with probability 0.9^10 = 0.35
        BootstrapResult r = Bootstrap.seeded(1).of(ten, rows -> Ranking.auroc(rare, x, rows));
        assertTrue(r.interval().isEmpty() && r.undefined() > 0.3 * 2000 && r.undefined() < 0.4 * 2000, r::toString);
        assertEquals("the statistic is undefined in " + r.undefined() + " of 2000 resamples", r.refusal());
        // The jackknife leaves out the only positive of a statistic that the resamples nearly always have.
        refused("BCa is undefined: without some patient the statistic is undefined, leaving out any patient leaves it "
                + "unchanged, or it is outside the resamples", ten,
                rows -> rows.length < 10 ? Double.NaN : statistic("mean", x).of(rows));
    }

    @Test
    void fewUndefinedResamplesAreCountedAndLeftOut() {
        boolean[] y = {true, true, true, true, false, false, false, true, false, true};
        double[] x = {5, 2, 7, 4, 3, 1, 6, 8, 2, 9};
        BootstrapResult r = Bootstrap.seeded(1).of(Clusters.single(10), rows -> Ranking.auroc(y, x, rows));
        assertTrue(r.undefined() > 0 && r.undefined() < 100, r::toString); // 0.6^10 + 0.4^10 is 0.6 %
        assertTrue(r.interval().orElseThrow().contains(r.estimate()));
        assertEquals("", r.refusal());
    }

    private static void refused(String reason, Clusters clusters, RowStatistic statistic) {
        BootstrapResult r = Bootstrap.seeded(1).of(clusters, statistic);
        assertEquals(reason, r.refusal());
        assertTrue(r.interval().isEmpty());
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(99, 0.95, 1, Method.BCA));
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(2000, 1, 1, Method.BCA));
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(2000, Double.NaN, 1, Method.BCA));
        assertThrows(IllegalArgumentException.class, () -> Clusters.single(-1));
    }
}
