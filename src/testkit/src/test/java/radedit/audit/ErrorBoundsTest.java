package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Workers;
import radedit.graph.Activation;
import radedit.graph.Graph;
import radedit.graph.Scope;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/**
 * The bounds hold for every operation of the table, for random inputs and for those that make rounding errors large.
 */
public class ErrorBoundsTest {
    /** Inputs that are hard for one operation or another. */
    public enum Inputs {
        /** As they are: random. */
        RANDOM {
            @Override
            double element(double random, int i) {
                return random;
            }
        },
        /** Sums without cancellation. */
        ONES {
            @Override
            double element(double random, int i) {
                return 1;
            }
        },
        /** A mean far from 0, which norms subtract and sums carry along. */
        OFFSET {
            @Override
            double element(double random, int i) {
                return 1000 + random;
            }
        },
        /** Neighbours that cancel but for a small rest. */
        CANCELLING {
            @Override
            double element(double random, int i) {
                return (i % 2 == 0 ? 4096 : -4096) + random / 64;
            }
        },
        /** One element in which all others drown. */
        HUGE {
            @Override
            double element(double random, int i) {
                return i == 5 ? 1e9 : random;
            }
        },
        /** Activations and softmax in their tails. */
        LARGE {
            @Override
            double element(double random, int i) {
                return 60 * random;
            }
        },
        /** Products that are subnormal. */
        SMALL {
            @Override
            double element(double random, int i) {
                return 1e-30 * random;
            }
        };

        abstract double element(double random, int i);

        /** The inputs of a case, changed; ids, timesteps and masks stay. */
        public Map<String, Tensor> of(OpCase c) {
            Map<String, Tensor> all = new HashMap<>(c.inputs());
            all.replaceAll((name, t) -> {
                if (List.of("ids", "timestep", "mask").contains(name)) {
                    return t;
                }
                Tensor changed = Tensor.zeros(t.shape());
                for (int i = 0; i < t.data().length; i++) {
                    changed.data()[i] = (float) element(t.data()[i], i);
                }
                return changed;
            });
            return all;
        }
    }

    private static final Map<String, Double> LARGEST = new TreeMap<>();
    private static Backend tested;
    private static Backend exact;
    private static Workers workers;

    @TempDir
    static Path temp;

    static List<OpCase> cases() {
        return OpCase.all();
    }

    @BeforeAll
    static void open() {
        tested = Backends.open("cpu", 2);
        exact = Backends.open("reference", 2);
        workers = new Workers(2);
    }

    @AfterAll
    static void close() {
        tested.close();
        exact.close();
        workers.close();
        LARGEST.forEach((what, share) -> System.out.printf("bounds: %s uses up to %.1f %%%n", what, 100 * share));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hold(OpCase c) throws IOException {
        for (Inputs inputs : Inputs.values()) {
            for (LocalAudit.Row r : audit(c, inputs, tested, exact, workers, temp)) {
                LARGEST.merge(r.operation() + " " + inputs, r.share(), Math::max);
                assertFalse(r.isBeyond(), () -> c + ", " + inputs + ": " + r);
                assertTrue(r.estimate() <= r.bound(), () -> c + ", " + inputs + ": " + r);
                assertTrue(Double.isFinite(r.bound()), () -> c + ", " + inputs + ": " + r);
            }
        }
    }

    /** The errors of exp and erf in {@link Arithmetic} are those of the polynomials, wherever they are evaluated. */
    @ParameterizedTest
    @EnumSource(value = Activation.class, names = {"SILU", "GELU"})
    void holdForActivationsOnADenseGrid(Activation f) throws IOException {
        Scope s = Scope.root();
        Shape shape = Shape.of(1, 1000, 600);
        Graph graph = s.build(Map.of("y", s.activation("f", s.input("x", shape), f)));
        Tensor x = Tensor.zeros(shape);
        for (int i = 0; i < x.data().length; i++) {
            double t = 2.0 * i / x.data().length - 1;
            x.data()[i] = (float) (i % 2 == 0 ? 100 * t : 6 * t); // the tails, and where the polynomials meet
        }
        List<LocalAudit.Row> rows = new ArrayList<>();
        try (WeightStore none = new OpCase("none", graph, 1).weights(temp)) {
            new LocalAudit(tested, exact, workers, false, rows::add).run(graph, none, Map.of("x", x));
        }
        LARGEST.merge(f + " on a grid", rows.getFirst().share(), Math::max);
        assertFalse(rows.getFirst().isBeyond(), rows::toString);
        assertFalse(rows.getFirst().isLoose(), rows::toString);
    }

    /** Audits a case. */
    public static List<LocalAudit.Row> audit(OpCase c, Inputs inputs, Backend tested, Backend exact, Workers workers,
            Path temp) throws IOException {
        List<LocalAudit.Row> rows = new ArrayList<>();
        try (WeightStore weights = c.weights(temp)) {
            new LocalAudit(tested, exact, workers, false, rows::add).run(c.graph(), weights, inputs.of(c));
        }
        return rows;
    }
}
