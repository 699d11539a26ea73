package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.ForwardingBackend;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.SyntheticInputs;
import radedit.trace.Trace;
import radedit.trace.TraceDiff;
import radedit.trace.TraceFile;
import radedit.trace.TraceLevel;
import radedit.trace.TraceRecorder;
import radedit.trace.TraceSelection;
import radedit.weights.WeightStore;

/** Faults of each kind that an implementation may have, each alone in a node that is drawn at random: a diff names the node. */
class FirstDivergenceTest {
    private static final int NODES_PER_KIND = 5;

    @TempDir
    static Path folder;

    private static Path clean;
    private static final List<Node> NODES = new ArrayList<>();
    private final Random random = new Random(18);

    @BeforeAll
    static void recordClean() throws IOException {
        try (Backend sound = Backends.open("cpu", 2)) {
            clean = record(new ForwardingBackend(sound) {
                @Override
                public Program compile(Graph graph, WeightStore store, Probe probe) {
                    NODES.addAll(graph.nodes());
                    return super.compile(graph, store, probe);
                }
            }, 401, "clean");
        }
    }

    /** The hashes of every module of a tiny UNet. */
    private static Path record(Backend backend, int timestep, String name) throws IOException {
        Map<String, Tensor> inputs = Map.of("sample", SyntheticInputs.of("sample", Shape.of(1, 4, 8, 8), 1), "timestep",
                Tensor.of(Shape.of(1), timestep), "encoder_hidden_states",
                SyntheticInputs.of("context", Shape.of(1, 16, 48), 1));
        Path file = folder.resolve(name + TraceFile.LINES);
        try (TraceFile f = TraceFile.create(file, TraceLevel.HASH)) {
            TraceSelection modules = new TraceSelection(TraceLevel.HASH, Pattern.compile(""), List.of(), true);
            try (Backend b = new TraceRecorder(f, modules).watch(backend)) {
                AuditedNetwork.UNET.run(ModelFolder.of(Fixtures.model(Size.TINY)), b, inputs, Probe.NONE);
            }
            f.finish();
        }
        return file;
    }

    private static String first(Path faulty, Path sound) throws IOException {
        try (Trace a = Trace.open(faulty); Trace b = Trace.open(sound)) {
            TraceDiff d = TraceDiff.of(a, b, null, new TraceDiff.Bound(0, 3));
            assertEquals(List.of(), d.onlyFirst());
            assertTrue(d.rows().size() > 100, d.rows().size() + " values");
            TraceDiff.Row row = d.divergence();
            return row == null ? "none" : row.a().name();
        }
    }

    private List<Node> drawn(Predicate<Node> which) {
        List<Node> all = new ArrayList<>(NODES.stream().filter(which).toList());
        Collections.shuffle(all, random);
        assertTrue(all.size() >= NODES_PER_KIND, all.size() + " nodes");
        return all.subList(0, NODES_PER_KIND);
    }

    private static FaultyBackend backend(Set<String> needed, UnaryOperator<WeightStore> weights) {
        return new FaultyBackend(Backends.open("cpu", 2), needed, weights);
    }

    private static FaultyBackend backend() {
        return backend(Set.of(), UnaryOperator.identity());
    }

    private static void named(List<Node> nodes, Function<Node, FaultyBackend> fault) throws IOException {
        for (Node n : nodes) {
            try (FaultyBackend b = fault.apply(n)) {
                assertEquals(n.name(), first(record(b, 401, "faulty"), clean));
            }
        }
    }

    private static boolean isComputed(Node n) {
        return !(n.op() instanceof Op.Input) && !n.isView();
    }

    private static boolean hasBias(Node n) {
        return n.op() instanceof Op.Conv2d c && c.bias() || n.op() instanceof Op.Linear l && l.bias();
    }

    @Test
    void aDroppedBias() throws IOException {
        named(drawn(FirstDivergenceTest::hasBias), n -> backend().operation(n.name(), FaultsTest::withoutBias));
    }

    @Test
    void aWrongLane() throws IOException {
        named(drawn(FirstDivergenceTest::isComputed),
                n -> backend().result(n.name(), (t, seen) -> FaultsTest.changed(t, 3, 8, 1.0001)));
    }

    /** What is rounded towards zero, not to nearest, is smaller by one unit of the last place in half of the elements. */
    @Test
    void aRoundingMode() throws IOException {
        named(drawn(FirstDivergenceTest::isComputed), n -> backend().result(n.name(), (t, seen) -> {
            double[] data = t.data().clone();
            for (int i = 0; i < data.length; i += 2) {
                data[i] = Math.nextAfter((float) data[i], 0);
            }
            return Tensor.of(t.shape(), data);
        }));
    }

    @Test
    void aFastExponential() throws IOException {
        Map<Integer, String> producers = new HashMap<>();
        NODES.forEach(n -> producers.put(n.output().id(), n.name()));
        named(drawn(n -> n.op() instanceof Op.Activate && n.name().contains("resnets")), n -> {
            String input = producers.get(n.inputs().getFirst().id());
            return backend(Set.of(input), UnaryOperator.identity()).result(n.name(),
                    (t, seen) -> FaultsTest.fastSilu(seen.get(input)));
        });
    }

    @Test
    void aTransposedWeight() throws IOException {
        named(drawn(n -> n.name().matches(".*attn1\\.to_([qkv]|out\\.0)|.*attn2\\.to_q")),
                n -> backend(Set.of(),
                        w -> FaultsTest.changed(folder, w, Set.of(n.name() + ".weight"), Map.of())));
    }

    @Test
    void aSwappedConcatenation() throws IOException {
        named(drawn(n -> n.op() instanceof Op.Concat),
                n -> backend().operation(n.name(), c -> FaultsTest.exchanged(c, 1, 0)));
    }

    @Test
    void aTimestepOffByOne() throws IOException {
        for (int t : new int[]{1, 21, 500, 981, 999}) {
            try (Backend b = Backends.open("cpu", 2); Backend c = Backends.open("cpu", 2)) {
                assertEquals("timestep", first(record(b, t - 1, "off"), record(c, t, "right")));
            }
        }
    }

    /** An edit with the mask of another one. */
    @Test
    void aStaleMask() throws IOException {
        Path right = edited(columns(0, 60), columns(91, 128), "right");
        for (int from : new int[]{8, 40, 48}) {
            assertEquals("mask.edit", first(edited(columns(from, 60), columns(91, 128), "edit"), right));
        }
        for (int from : new int[]{99, 120}) {
            assertEquals("mask.keep", first(edited(columns(0, 60), columns(from, 128), "keep"), right));
        }
    }

    private static Mask columns(int from, int to) {
        boolean[] inside = new boolean[128 * 128];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = i % 128 >= from && i % 128 < to;
        }
        return new Mask(128, 128, inside);
    }

    private static Path edited(Mask edit, Mask keep, String name) throws IOException {
        byte[] grey = new byte[128 * 128];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (i % 128 + i / 256);
        }
        Path file = folder.resolve(name + TraceFile.LINES);
        try (TraceFile f = TraceFile.create(file, TraceLevel.HASH);
                RadEdit r = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)), new RunOptions("cpu", 2, 0),
                        Listener.NONE, new TraceRecorder(f, TraceSelection.all(TraceLevel.HASH)))) {
            r.edit(new EditRequest(new Picture(128, 128, 1, grey), edit).keepMask(keep).prompt("Cardiomegaly", 7.5)
                    .steps(2).skipRatio(0));
            f.finish();
        }
        return file;
    }
}
