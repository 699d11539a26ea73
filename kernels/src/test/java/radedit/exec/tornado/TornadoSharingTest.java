package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.Backends;
import radedit.exec.LatentPool;
import radedit.exec.LiveData;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.synthetic.SyntheticModel.Size;
import radedit.pipeline.RunOptions;
import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.SyntheticPart;
import radedit.weights.WeightStore;

/** Several backends, models and threads on one GPU: each gets the same results as alone, or is refused. */
class TornadoSharingTest {
    @TempDir
    Path temp;

    private static Graph linear(int rows, int channels) {
        Scope s = Scope.root();
        return s.build(Map.of("y", s.linear("f", s.input("x", Shape.of(1, rows, channels)), channels)));
    }

    private WeightStore weights(Graph g, String name) throws IOException {
        Files.createDirectories(temp.resolve(name));
        SyntheticPart.write(temp.resolve(name).resolve("model.safetensors"), g.weights(), 1);
        return WeightStore.open(temp.resolve(name));
    }

    private static double[] run(Program p, Tensor x) {
        return p.run(Map.of("x", x)).get("y").data();
    }

    @Test
    void closingOneBackendLeavesTheOther() throws IOException {
        Graph g = linear(3, 40);
        Tensor x = Fixtures.random(Shape.of(1, 3, 40), 1);
        try (WeightStore w = weights(g, "a"); Backend first = Backends.open("tornado", 1)) {
            Program p = first.compile(g, w, Probe.NONE);
            double[] alone = run(p, x);
            int made = DeviceContext.opened();
            Backend second = Backends.open("tornado", 1);
            Program q = second.compile(g, w, Probe.NONE);
            assertArrayEquals(alone, run(q, x));
            assertArrayEquals(alone, run(p, x));
            second.close();
            second.close();
            assertArrayEquals(alone, run(p, x));
            assertEquals(made, DeviceContext.opened(), "one device for both");
            for (var use : List.<Executable>of(() -> run(q, x),
                    () -> second.compile(g, w, Probe.NONE), () -> second.latents(Shape.of(1, 4, 3, 3), 2),
                    () -> second.reserve(List.of(), LiveData.NONE))) {
                assertEquals("this tornado backend was closed; open another",
                        assertThrows(BackendException.class, use).getMessage());
            }
        }
        assertNull(DeviceContext.inUse(0), "the last one gives the device back");
    }

    @Test
    void otherArithmeticIsRefusedWhileTheDeviceIsInUse() {
        BackendOptions fast = new BackendOptions(1, true, (phase, done, total) -> {});
        try (Backend strict = Backends.open("tornado", 1)) {
            BackendException e = assertThrows(BackendException.class, () -> Backends.open("tornado", fast));
            assertTrue(e.getMessage().contains("already uses the GPU with other settings"), e.getMessage());
            assertFalse(strict.describe().contains("relaxed"), strict.describe());
        }
        Backends.open("tornado", fast).close();
    }

    /** Weights of closed backends are evicted before the arrays grow. */
    @Test
    void backendsThatComeAndGoDoNotMakeTheArraysGrow() throws IOException {
        Graph small = linear(3, 40);
        Graph large = linear(1, 2000); // 16 MB of weights
        Tensor x = Fixtures.random(Shape.of(1, 3, 40), 1);
        Tensor y = Fixtures.random(Shape.of(1, 1, 2000), 1);
        try (WeightStore w = weights(small, "a"); Backend stays = Backends.open("tornado", 1)) {
            Program p = stays.compile(small, w, Probe.NONE);
            double[] before = run(p, x);
            int made = DeviceContext.opened();
            for (int i = 0; i < 20; i++) {
                try (WeightStore v = weights(large, "b"); Backend comes = Backends.open("tornado", 1)) {
                    run(comes.compile(large, v, Probe.NONE), y);
                }
            }
            assertArrayEquals(before, run(p, x));
            assertEquals(made, DeviceContext.opened());
        }
    }

    @Test
    void threadsOnOneBackendDoNotMix() throws Exception {
        List<Graph> graphs = List.of(linear(3, 40), linear(50, 24), linear(7, 300), linear(130, 136));
        List<Callable<Integer>> tasks = new ArrayList<>();
        List<WeightStore> stores = new ArrayList<>();
        try (Backend tornado = Backends.open("tornado", 1)) {
            for (Graph g : graphs) {
                WeightStore store = weights(g, "w" + stores.size());
                stores.add(store);
                Program p = tornado.compile(g, store, Probe.NONE);
                Tensor x = Fixtures.random(g.inputs().getFirst().shape(), stores.size());
                double[] alone = run(p, x);
                tasks.add(() -> {
                    int same = 0;
                    for (int i = 0; i < 50; i++) {
                        same += Arrays.equals(alone, run(p, i % 2 == 0 ? x : x.map(v -> v))) ? 1 : 0;
                    }
                    return same;
                });
            }
            assertEquals(List.of(50, 50, 50, 50), inThreads(tasks));
        } finally {
            stores.forEach(WeightStore::close);
        }
    }

    @Test
    void samplersInThreadsHavePoolsOfTheirOwn() throws Exception {
        Shape each = Shape.of(1, 4, 9, 7);
        List<Callable<double[]>> tasks = new ArrayList<>();
        try (Backend tornado = Backends.open("tornado", 1)) {
            for (int t = 0; t < 4; t++) {
                int seed = t;
                tasks.add(() -> {
                    try (LatentPool pool = tornado.latents(each, 4)) {
                        Latents x = pool.put(Fixtures.random(each, seed).map(v -> (float) v));
                        for (int i = 0; i < 40; i++) {
                            Latents last = x;
                            x = x.sum(new double[]{-1});
                            last.close();
                        }
                        return x.toTensor().data();
                    }
                });
            }
            List<double[]> all = inThreads(tasks);
            for (int t = 0; t < 4; t++) {
                assertArrayEquals(Fixtures.random(each, t).map(v -> (float) v).data(), all.get(t));
            }
        }
    }

    /** Several models on one device, as in 'radedit demo'. */
    @Test
    void twoModelsAtOnceGiveWhatEachGivesAlone() throws Exception {
        List<Callable<double[]>> tasks = new ArrayList<>();
        List<double[]> alone = new ArrayList<>();
        for (Size size : List.of(Size.TINY, Size.VARIANT)) {
            try (RadEdit radEdit = open(size)) {
                alone.add(picture(radEdit));
            }
        }
        try (RadEdit tiny = open(Size.TINY); RadEdit variant = open(Size.VARIANT)) {
            tasks.add(() -> picture(tiny));
            tasks.add(() -> picture(variant));
            List<double[]> together = inThreads(tasks);
            assertArrayEquals(alone.get(0), together.get(0));
            assertArrayEquals(alone.get(1), together.get(1));
        }
    }

    private static RadEdit open(Size size) {
        return RadEdit.open(ModelFolder.of(Fixtures.model(size)), new RunOptions("tornado", 1, 0));
    }

    private static double[] picture(RadEdit radEdit) {
        return radEdit.generate(new GenerateRequest("Small right-sided pleural effusion").steps(3).seed(1)).images()
                .data();
    }

    private static <T> List<T> inThreads(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<T> all = new ArrayList<>();
            for (Future<T> f : threads.invokeAll(tasks)) {
                all.add(f.get());
            }
            return all;
        }
    }

    /** Exceptions reach the caller, and an interrupt leaves no work behind. */
    @Test
    void theDevicesThreadHandsOnWhatHappens() {
        IllegalStateException e = new IllegalStateException("x");
        assertSame(e, assertThrows(IllegalStateException.class, () -> DeviceThread.run(() -> {
            throw e;
        })));
        Thread.currentThread().interrupt();
        assertEquals("done", DeviceThread.call(() -> DeviceThread.call(() -> "done")));
        assertTrue(Thread.interrupted(), "the interrupt is kept");
    }
}
