package radedit.metrics.features;

import java.util.Arrays;
import java.util.stream.IntStream;

import radedit.metrics.check.Require;

/**
 * How two sets overlap, by spheres around each row that reach to its k-th nearest neighbour in its own set: precision and recall
 * (Kynkäänniemi et al., arXiv:1904.06991), density and coverage (Naeem et al., arXiv:2002.09797). Equal to the package {@code prdc}. Squared
 * distances are sums of squared differences, so equal rows are at distance 0 exactly.
 *
 * @param precision
 *            share of generated rows inside a sphere of some real row
 * @param recall
 *            share of real rows inside a sphere of some generated row
 * @param density
 *            mean over generated rows of the number of real spheres around it, over k; may exceed 1
 * @param coverage
 *            share of real rows whose sphere contains a generated row
 */
public record Manifold(double precision, double recall, double density, double coverage) {
    /** The usual k. */
    public static final int DEFAULT_NEIGHBOURS = 5;

    /**
     * {@return the overlap of two sets}
     *
     * @param real
     *            [n][d], within 1e50, n above k
     * @param generated
     *            [m][d], within 1e50, m above k
     * @param neighbours
     *            k, at least 1
     * @throws IllegalArgumentException
     *             if rows differ in length, a set has no more than k of them, k is below 1, or a feature is not finite or beyond 1e50
     */
    public static Manifold of(double[][] real, double[][] generated, int neighbours) {
        Require.that(neighbours >= 1, "the number of neighbours is " + neighbours + ", not at least 1");
        Features.check(real, generated, neighbours + 1);
        double[] realRadii = radii(real, neighbours);
        double[] generatedRadii = radii(generated, neighbours);
        int[] spheres = IntStream.range(0, generated.length).parallel()
                .map(j -> below(distances(generated[j], real), realRadii)).toArray();
        boolean[] recalled = new boolean[real.length];
        boolean[] covered = new boolean[real.length];
        IntStream.range(0, real.length).parallel().forEach(i -> {
            double[] distances = distances(real[i], generated);
            recalled[i] = below(distances, generatedRadii) > 0;
            covered[i] = Arrays.stream(distances).min().orElseThrow() < realRadii[i];
        });
        return new Manifold((double) Arrays.stream(spheres).filter(s -> s > 0).count() / generated.length,
                share(recalled), (double) Arrays.stream(spheres).asLongStream().sum() / neighbours / generated.length,
                share(covered));
    }

    /** Squared distance to the k-th nearest other row. A matrix of all distances would not fit for tens of thousands of rows. */
    private static double[] radii(double[][] rows, int k) {
        return IntStream.range(0, rows.length).parallel().mapToDouble(i -> {
            double[] ascending = distances(rows[i], rows);
            Arrays.sort(ascending);
            return ascending[k]; // the first is the row itself, at distance 0
        }).toArray();
    }

    private static int below(double[] distances, double[] radii) {
        int n = 0;
        for (int i = 0; i < distances.length; i++) {
            n += distances[i] < radii[i] ? 1 : 0;
        }
        return n;
    }

    private static double share(boolean[] flags) {
        int n = 0;
        for (boolean f : flags) {
            n += f ? 1 : 0;
        }
        return (double) n / flags.length;
    }

    /** Four rows at a time, so that four independent sums are under way. */
    private static double[] distances(double[] x, double[][] rows) {
        double[] all = new double[rows.length];
        int i = 0;
        for (; i + 4 <= rows.length; i += 4) {
            double[] a = rows[i];
            double[] b = rows[i + 1];
            double[] c = rows[i + 2];
            double[] d = rows[i + 3];
            double sumA = 0;
            double sumB = 0;
            double sumC = 0;
            double sumD = 0;
            for (int j = 0; j < x.length; j++) {
                double v = x[j];
                sumA += (v - a[j]) * (v - a[j]);
                sumB += (v - b[j]) * (v - b[j]);
                sumC += (v - c[j]) * (v - c[j]);
                sumD += (v - d[j]) * (v - d[j]);
            }
            all[i] = sumA;
            all[i + 1] = sumB;
            all[i + 2] = sumC;
            all[i + 3] = sumD;
        }
        for (; i < rows.length; i++) {
            for (int j = 0; j < x.length; j++) {
                all[i] += (x[j] - rows[i][j]) * (x[j] - rows[i][j]);
            }
        }
        return all;
    }
}
