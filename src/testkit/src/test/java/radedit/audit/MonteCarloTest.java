package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.Backends;
import radedit.exec.StochasticRounding;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.weights.WeightStore;

class MonteCarloTest {
    /** Equal rows of a linear layer, each of which is one sample of the same sum. */
    private static final int ROWS = 400;

    @TempDir
    private Path temp;

    private static final Map<String, Tensor> UNET_INPUTS = Map.of("sample", Fixtures.random(Shape.of(1, 4, 8, 8), 1),
            "timestep", Tensor.of(Shape.of(1), 500), "encoder_hidden_states", Fixtures.random(Shape.of(1, 8, 48), 2));

    private static Backend stochastic(int threads, int bits, long seed, int sample) {
        return Backends.open("reference",
                BackendOptions.threads(threads).withRounding(new StochasticRounding(bits, seed, sample)));
    }

    private Tensor unet(Backend backend) {
        return AuditedNetwork.UNET.run(ModelFolder.of(Fixtures.model(Size.TINY)), backend, UNET_INPUTS, Probe.NONE)
                .get("eps");
    }

    private double[] unet(int threads, int bits, long seed, int sample) {
        try (Backend b = stochastic(threads, bits, seed, sample)) {
            return unet(b).data();
        }
    }

    private static double rms(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum / a.length);
    }

    private static double rms(Tensor t) {
        return rms(t.data(), new double[t.data().length]);
    }

    /** The digits of the sum of terms, in samples that one run computes. */
    private SignificantDigits sum(double[] terms, int bits) throws IOException {
        int n = terms.length;
        Scope s = Scope.root();
        Graph graph = s.build(Map.of("y", s.linear("f", s.input("x", Shape.of(1, ROWS, n)), 1, false)));
        Path folder = temp.resolve("w" + n);
        if (!Files.exists(folder)) {
            SafetensorsWriter w = new SafetensorsWriter();
            w.add("f.weight", DType.F32, Tensor.zeros(Shape.of(1, n)).map(v -> 1));
            try (var out = Files.newOutputStream(Files.createDirectory(folder).resolve("model.safetensors"))) {
                w.writeTo(out);
            }
        }
        double[] x = new double[ROWS * n];
        Arrays.setAll(x, i -> terms[i % n]);
        try (Backend b = stochastic(2, bits, 5, 0); WeightStore weights = WeightStore.open(folder)) {
            double[] y = b.compile(graph, weights, Probe.NONE).run(Map.of("x", Tensor.of(Shape.of(1, ROWS, n), x)))
                    .get("y").data();
            SignificantDigits d = new SignificantDigits(Shape.of(1), bits);
            for (double v : y) {
                d.add(Tensor.of(Shape.of(1), v));
            }
            return d;
        }
    }

    /**
     * The standard deviation that theory gives: a rest that is uniform between two neighbours at distance u is rounded
     * with the variance u^2 / 6.
     */
    private static double expected(double[] terms, int bits) {
        double sum = 0;
        double variance = 0;
        for (double t : terms) {
            sum += t;
            double unit = Math.scalb(1.0, Math.getExponent(sum) + 1 - bits);
            variance += unit * unit / 6;
        }
        return Math.sqrt(variance);
    }

    private static double[] positive(int n) {
        double[] terms = Fixtures.random(Shape.of(n), 1).data();
        Arrays.setAll(terms, i -> (float) (1 + Math.abs(terms[i])));
        return terms;
    }

    /** A deviation estimated from 400 samples has a relative standard deviation of 1 / sqrt(798); 5 of them are 18 %. */
    @Test
    void benignSumsLoseHalfTheBitsOfTheirLength() throws IOException {
        double[] terms = positive(4096);
        SignificantDigits d = sum(terms, 24);
        double deviation = d.deviation().data()[0];
        assertEquals(1, deviation / expected(terms, 24), 0.18);
        assertEquals(Arrays.stream(terms).sum(), d.mean().data()[0], 5 * deviation / Math.sqrt(ROWS));
        // 24 bits less log2 sqrt 4096 less the bits of the correction; rests and small sums give up to 2 bits more
        double bits = d.bits().data()[0] + d.correction();
        assertTrue(bits > 24 - 6 && bits < 24 - 6 + 3, bits + " bits");
    }

    /** Terms that cancel to 1 / 4096 of their size leave 12 bits fewer. */
    @Test
    void cancellationLeavesFewDigits() throws IOException {
        double[] half = positive(2048);
        double[] terms = new double[4096];
        Arrays.setAll(terms, i -> i < 2048 ? half[i] : -half[i - 2048]);
        double total = Arrays.stream(half).sum();
        terms[4095] += total / 4096;
        terms[4095] = (float) terms[4095];
        SignificantDigits d = sum(terms, 24);
        double deviation = d.deviation().data()[0];
        assertEquals(1, deviation / expected(terms, 24), 0.18);
        double lost = sum(half, 24).bits().data()[0] - d.bits().data()[0];
        // the deviation grows by sqrt 2, for two sums of 2048 terms
        assertEquals(12.5, lost, 0.75);
    }

    @Test
    void eachBitLessIsABitLess() throws IOException {
        double[] terms = positive(500);
        double full = sum(terms, 24).bits().data()[0];
        // Both deviations are off by up to 18 %.
        assertEquals(full - 8, sum(terms, 16).bits().data()[0], 0.5);
        assertEquals(full - 13, sum(terms, 11).bits().data()[0], 0.5);
    }

    /**
     * Without bias, the squared error of the mean of n samples is that of one by n, and 4 times its root is not seen,
     * however errors of elements are correlated. A bias of 0.8 deviations would be.
     */
    @Test
    void theMeanApproachesDoublePrecisionAndTheDeviationIsTheErrorOfFloat() {
        int n = 25;
        SignificantDigits found = new MonteCarlo(n, 24, 1, 2).run((b, k) -> Map.of("eps", unet(b))).get("eps");
        double[] exact;
        double[] single;
        try (Backend reference = Backends.open("reference", 2); Backend cpu = Backends.open("cpu", 2)) {
            exact = unet(reference).data();
            single = unet(cpu).data();
        }
        double deviation = rms(found.deviation());
        double bias = rms(found.mean().data(), exact);
        double ofFloat = rms(single, exact);
        System.out.printf("tiny UNet: deviation %.2e, error of the mean %.2e, error of the cpu backend %.2e%n",
                deviation,
                bias, ofFloat);
        assertTrue(bias < 4 * deviation / Math.sqrt(n), bias + " for a deviation of " + deviation);
        // Orders of sums differ; both are the rounding of float32.
        assertTrue(ofFloat > deviation / 5 && ofFloat < 5 * deviation, ofFloat + " for " + deviation);
    }

    /** With 16 instead of 24 bits, a deviation grows by 2^8, as far as the network is linear in its errors. */
    @Test
    void lowerPrecisionOfANetworkGivesFewerBits() {
        double[] medians = new double[2];
        for (int i = 0; i < 2; i++) {
            SignificantDigits d = new MonteCarlo(8, i == 0 ? 24 : 16, 1, 2).run((b, k) -> Map.of("eps", unet(b)))
                    .get("eps");
            medians[i] = SignificantDigits.quantile(d.bits(), 0.5);
        }
        assertEquals(8, medians[0] - medians[1], 0.5);
    }

    @Test
    void samplesAreReproducibleAndIndependentOfThreads() {
        double[] one = unet(1, 24, 1, 0);
        assertArrayEquals(one, unet(2, 24, 1, 0));
        assertArrayEquals(one, unet(3, 24, 1, 0));
        assertFalse(Arrays.equals(one, unet(2, 24, 1, 1)), "another sample");
        assertFalse(Arrays.equals(one, unet(2, 24, 2, 0)), "another seed");
        try (Backend b = stochastic(2, 24, 1, 0)) {
            assertArrayEquals(one, unet(b).data());
            assertFalse(Arrays.equals(one, unet(b).data()), "the next run of the same backend");
        }
    }

    /** What the host gives is rounded to float32, and not to fewer bits: ids and timesteps stay whole. */
    @Test
    void idsAreNotRounded() throws IOException {
        Scope s = Scope.root();
        Graph graph = s.build(Map.of("y", s.identity("y", s.input("x", Shape.of(1, 3)))));
        Tensor ids = Tensor.of(Shape.of(1, 3), 30_521, 999, 1 + 0x1p-30);
        Path folder = Files.createDirectory(temp.resolve("none"));
        try (var out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
            new SafetensorsWriter().add("unused", DType.F32, Tensor.zeros(Shape.of(1))).writeTo(out);
        }
        try (Backend b = stochastic(1, 8, 1, 0); WeightStore w = WeightStore.open(folder)) {
            double[] y = b.compile(graph, w, Probe.NONE).run(Map.of("x", ids)).get("y").data();
            assertEquals(30_521, y[0]);
            assertEquals(999, y[1]);
            assertTrue(y[2] == 1 || y[2] == 1 + 0x1p-23, y[2] + "");
        }
    }

    @Test
    void otherBackendsRefuse() {
        BackendOptions options = BackendOptions.threads(1).withRounding(new StochasticRounding(24, 0, 0));
        for (String name : new String[]{"cpu", Backends.AUTO}) {
            assertTrue(assertThrows(BackendException.class, () -> Backends.open(name, options)).getMessage()
                    .contains("no stochastic rounding"));
        }
        assertThrows(IllegalArgumentException.class, () -> new StochasticRounding(7, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new MonteCarlo(8, 25, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new MonteCarlo(1, 24, 0, 1));
    }
}
