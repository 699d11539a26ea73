package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.audit.TensorErrors;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/** Operations on latents give the same results on the GPU as on the host, and latents stay there between runs. */
class TornadoLatentsTest {
    private static final Shape EACH = Shape.of(1, 4, 9, 7);
    @TempDir
    static Path temp;
    private static Backend tornado;

    @BeforeAll
    static void open() {
        tornado = Backends.open("tornado", 1);
    }

    @AfterAll
    static void close() {
        tornado.close();
    }

    /** Random numbers that are exact in float32. */
    private static Tensor random(int seed) {
        return Fixtures.random(EACH, seed).map(v -> (float) v);
    }

    @Test
    void sumsOfAnyLength() {
        double worst = 0;
        for (int terms : new int[]{1, 2, 3, 8, 9, 15, 16, 17}) {
            try (LatentPool pool = tornado.latents(EACH, 2 * terms + 2)) {
                Tensor[] host = new Tensor[terms];
                Latents[] there = new Latents[terms];
                double[] factors = new double[terms];
                for (int k = 0; k < terms; k++) {
                    host[k] = random(k);
                    there[k] = pool.put(host[k]);
                    factors[k] = Math.sin(k + 1) * Math.pow(10, k % 7 - 3);
                }
                Tensor ours = there[0].sum(factors, List.of(there).subList(1, terms).toArray(Latents[]::new))
                        .toTensor();
                Tensor exact = host[0].sum(factors, List.of(host).subList(1, terms).toArray(Latents[]::new));
                worst = Math.max(worst, TensorErrors.relative(ours, exact));
            }
        }
        System.out.printf("sums of latents: largest error %.1e%n", worst);
        // one rounding for each factor, product and sum
        assertTrue(worst < 3 * Math.sqrt(17) * 0x1p-24, "error " + worst);
    }

    @Test
    void clampAndMaskAreExact() {
        Tensor mask = Tensor.zeros(Shape.of(1, 1, 9, 7));
        for (int i = 0; i < 63; i++) {
            mask.data()[i] = i % 3 == 0 ? 1 : 0;
        }
        Tensor a = random(1);
        Tensor b = random(2);
        try (LatentPool pool = tornado.latents(EACH, 6)) {
            Latents x = pool.put(a);
            Latents y = pool.put(b);
            assertFalse(x instanceof Tensor, "they are on the device");
            assertArrayEquals(a.data(), x.toTensor().data());
            assertArrayEquals(a.clamp(0.5).data(), x.clamp(0.5).toTensor().data());
            assertArrayEquals(a.where(mask, b).data(), x.where(mask, y).toTensor().data());
            assertThrows(BackendException.class, () -> x.sum(new double[]{1e30}));
        }
    }

    @Test
    void roomIsBoundedAndUsedAgain() {
        try (LatentPool pool = tornado.latents(EACH, 3)) {
            Latents x = pool.put(random(1));
            for (int i = 0; i < 100; i++) {
                Latents last = x;
                x = last.sum(new double[]{-1});
                last.close();
                assertThrows(IllegalStateException.class, last::toTensor);
            }
            assertArrayEquals(random(1).data(), x.toTensor().data());
            pool.put(random(2));
            pool.put(random(3));
            assertThrows(IllegalStateException.class, () -> pool.put(random(4)));
        }
    }

    /** More latents than the first arrays hold: the arrays are reallocated. */
    @Test
    void manyAreRoomFor() {
        try (LatentPool pool = tornado.latents(EACH, 20000)) {
            Latents first = pool.put(random(1));
            assertArrayEquals(random(1).data(), first.toTensor().data());
            try (LatentPool another = tornado.latents(EACH, 3)) {
                assertArrayEquals(random(2).data(), another.put(random(2)).toTensor().data());
                assertArrayEquals(random(1).data(), first.toTensor().data(), "pools do not touch each other");
            }
        }
    }

    /** A network reads and writes latents on the device; latents survive the reallocation of the arrays. */
    @Test
    void networksWorkOnThem() throws IOException {
        Scope s = Scope.root();
        Value y = s.add("sum", s.conv2d("f", s.input("x", Shape.of(2, 9, 7, 4)), 4, 3),
                s.input("o", Shape.of(2, 9, 7, 4)));
        OpCase c = new OpCase("latents", s.build(Map.of("y", y)), 36);
        Scope large = Scope.root();
        OpCase grown = new OpCase("grown", large.build(Map.of("y",
                large.linear("f", large.input("x", Shape.of(1, 5, 2300)), 2300))), 2300);
        try (WeightStore a = c.weights(temp); WeightStore b = grown.weights(temp)) {
            Program p = tornado.compile(c.graph(), a, Probe.NONE);
            Tensor both = Tensor.concat(List.of(random(1), random(2)));
            Tensor other = Fixtures.random(both.shape(), 3);
            Tensor exact = p.run(Map.of("x", both, "o", other)).get("y");
            try (LatentPool pool = tornado.latents(EACH, 6)) {
                List<Latents> in = List.of(pool.put(random(1)), pool.put(random(2)));
                List<Latents> out = p.run("x", in, Map.of("o", other), "y");
                tornado.compile(grown.graph(), b, Probe.NONE).run(grown.inputs());
                assertArrayEquals(exact.data(), Tensor.concat(out.stream().map(Latents::toTensor).toList()).data());
                List<Latents> again = p.run("x", out, Map.of("o", other), "y");
                assertEquals(2, again.size());
                assertThrows(IllegalArgumentException.class,
                        () -> p.run("x", List.of(out.getFirst()), Map.of("o", other), "y"));
                assertArrayEquals(p.run(Map.of("x", exact, "o", other)).get("y").data(),
                        Tensor.concat(again.stream().map(Latents::toTensor).toList()).data());
            }
        }
    }
}
