package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

class CancellationTest {
    @TempDir
    private Path temp;

    private static OpCase layers(int count, int width, int rows) {
        Scope s = Scope.root();
        Value y = s.input("x", Shape.of(1, rows, width));
        for (int i = 0; i < count; i++) {
            y = s.linear("f" + i, y, width);
        }
        return new OpCase("layers", s.build(Map.of("y", y)), width);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void aProgramStopsBetweenOperationsAndCanBeRunAgain(String backend) throws IOException {
        OpCase c = layers(4, 40, 6);
        for (int threads : new int[]{1, 2}) {
            try (Backend b = Backends.open(backend, threads); WeightStore w = c.weights(temp)) {
                Program p = b.compile(c.graph(), w, Probe.NONE);
                double[] whole = p.run(c.inputs()).get("y").data();
                Cancellation token = new Cancellation();
                List<String> ran = new ArrayList<>();
                assertThrows(CancelledException.class, () -> p.run(c.inputs(), new Program.Run((node, nanos) -> {
                    ran.add(node.name());
                    if (node.name().equals("f1")) {
                        token.cancel();
                    }
                }, token, Set.of())));
                assertEquals("f1", ran.getLast());
                assertThrows(CancelledException.class,
                        () -> p.run(c.inputs(), new Program.Run(Program.Timer.NONE, token, Set.of())), "it stays so");
                assertArrayEquals(whole, p.run(c.inputs()).get("y").data());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aLoopStopsBetweenItsTasks(int threads) {
        try (Workers workers = new Workers(threads)) {
            Cancellation token = new Cancellation();
            AtomicInteger ran = new AtomicInteger();
            assertThrows(CancelledException.class,
                    () -> workers.runCancellable(token, () -> workers.run(1000, (task, worker) -> {
                        ran.incrementAndGet();
                        token.cancel();
                    })));
            assertTrue(ran.get() <= threads, ran + " tasks ran");
            workers.run(1000, (task, worker) -> ran.incrementAndGet());
            assertTrue(ran.get() >= 1000, "the next loop is not cancelled");
        }
    }

    /** 80 GFLOP in products as large as a UNet's, more than a second on two cores, end within half a second. */
    @Test
    void longWorkOnTheProcessorEndsSoon() throws Exception {
        OpCase c = layers(24, 640, 4096);
        OpCase small = layers(2, 640, 512); // for the JVM to compile the kernels
        try (Backend b = Backends.open("cpu", 2); WeightStore w = c.weights(temp)) {
            for (int i = 0; i < 3; i++) {
                b.compile(small.graph(), w, Probe.NONE).run(small.inputs());
            }
            Program p = b.compile(c.graph(), w, Probe.NONE);
            Cancellation token = new Cancellation();
            long[] asked = new long[1];
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(300);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                asked[0] = System.nanoTime();
                token.cancel();
            });
            Map<String, Tensor> in = c.inputs();
            assertThrows(CancelledException.class,
                    () -> p.run(in, new Program.Run(Program.Timer.NONE, token, Set.of())));
            long ended = System.nanoTime();
            other.join();
            System.out.printf("cancelled after %d ms%n", (ended - asked[0]) / 1_000_000);
            assertTrue(ended - asked[0] < 500_000_000L, (ended - asked[0]) / 1_000_000 + " ms");
        }
    }
}
