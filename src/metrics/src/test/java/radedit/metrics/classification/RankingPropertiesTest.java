package radedit.metrics.classification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of AUROC and average precision. */
class RankingPropertiesTest {
    private static boolean[] truth(Random r, int n) {
        boolean[] y = new boolean[n];
        for (int i = 0; i < n; i++) {
            y[i] = r.nextBoolean();
        }
        y[0] = true;
        y[1] = false;
        return y;
    }

    private static double[] scores(Random r, int n, int levels) {
        return r.doubles(n).map(d -> Math.floor(d * levels) / 8).toArray();
    }

    @Property(tries = 300, seed = "1")
    void increasingTransformsChangeNothing(@ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 200) int levels) {
        Random r = new Random(seed);
        boolean[] y = truth(r, n);
        double[] s = scores(r, n, levels);
        double[] t = Arrays.stream(s).map(v -> 3 * Math.exp(v / 8) - 100).toArray();
        assertEquals(Ranking.auroc(y, s), Ranking.auroc(y, t));
        assertEquals(Ranking.averagePrecision(y, s), Ranking.averagePrecision(y, t));
    }

    @Property(tries = 300, seed = "2")
    void aurocIsTheShareOfPairsInOrder(@ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 200) int levels) {
        Random r = new Random(seed);
        boolean[] y = truth(r, n);
        double[] s = scores(r, n, levels);
        double wins = 0;
        double pairs = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (y[i] && !y[j]) {
                    pairs++;
                    wins += s[i] > s[j] ? 1 : s[i] == s[j] ? 0.5 : 0;
                }
            }
        }
        assertEquals(wins / pairs, Ranking.auroc(y, s)); // sums of halves are exact
    }

    @Property(tries = 200, seed = "3")
    void reversedScoresAndTruthsMirrorAuroc(@ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int n) {
        Random r = new Random(seed);
        boolean[] y = truth(r, n);
        double[] s = scores(r, n, 20);
        double[] minus = Arrays.stream(s).map(v -> -v).toArray();
        boolean[] not = new boolean[n];
        for (int i = 0; i < n; i++) {
            not[i] = !y[i];
        }
        assertEquals(1, Ranking.auroc(y, s) + Ranking.auroc(y, minus), 2e-16);
        assertEquals(Ranking.auroc(y, s), Ranking.auroc(not, minus));
    }

    @Property(tries = 200, seed = "4")
    void rowsAreWhatACopyOfThemIs(@ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int n) {
        Random r = new Random(seed);
        boolean[] y = truth(r, n);
        double[] s = scores(r, n, 20);
        int[] rows = r.ints(50, 0, n).toArray();
        boolean[] copyY = new boolean[rows.length];
        double[] copyS = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            copyY[i] = y[rows[i]];
            copyS[i] = s[rows[i]];
        }
        assertEquals(Ranking.auroc(copyY, copyS), Ranking.auroc(y, s, rows));
        assertEquals(Ranking.averagePrecision(copyY, copyS), Ranking.averagePrecision(y, s, rows));
    }
}
