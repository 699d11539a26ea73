package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.Backends;
import radedit.exec.Workers;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.graph.RoundedOperands;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.testkit.OpCase;
import radedit.trace.Trace;
import radedit.trace.TraceDiff;
import radedit.trace.TraceFile;
import radedit.trace.TraceLevel;
import radedit.trace.TraceRecorder;
import radedit.trace.TraceSelection;
import radedit.weights.WeightStore;

/** Networks whose GEMMs read rounded operands: cpu computes what the reference defines, and audits find the rounding. */
class EmulatedPrecisionTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY));
    private static final Map<AuditedNetwork, String> CASES = Map.of(AuditedNetwork.UNET, "unet_1x16x24",
            AuditedNetwork.VAE_DECODER, "vae_decoder_12x20", AuditedNetwork.VAE_ENCODER, "vae_encoder_12x20",
            AuditedNetwork.TEXT_ENCODER, "text_encoder");

    @TempDir
    static Path temp;

    private static Map<String, Tensor> given(AuditedNetwork part) {
        return given(part, Size.TINY);
    }

    private static Map<String, Tensor> given(AuditedNetwork part, Size size) {
        return Fixtures.withPrefix(Fixtures.tensors(TestData.reference(
                size.name().toLowerCase(Locale.ROOT) + "/" + CASES.get(part) + ".safetensors")), "in.");
    }

    private static Backend open(String name, Precision p) {
        return Backends.open(name, BackendOptions.threads(2).withEmulated(p));
    }

    private static List<LocalAudit.Row> audit(AuditedNetwork part, Backend tested, UnaryOperator<Graph> defined) {
        List<LocalAudit.Row> rows = new ArrayList<>();
        try (Backend exact = Backends.open("reference", 2); Workers workers = new Workers(2)) {
            LocalAudit audit = new LocalAudit(tested, exact, workers, false, rows::add);
            part.run(MODEL, given(part), (graph, store, in) -> audit.run(defined.apply(graph), store, in));
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void everyOperationIsTheReferences(Precision p) {
        everyOperationIsTheReferences("cpu", p);
    }

    /** A local audit of the graph with its roundings: these are exact, and all else is within the bounds of float32. */
    static void everyOperationIsTheReferences(String backend, Precision p) {
        for (AuditedNetwork part : CASES.keySet()) {
            try (Backend tested = Backends.open(backend, 2)) {
                List<LocalAudit.Row> rows = audit(part, tested, g -> RoundedOperands.apply(g, p));
                rows.forEach(r -> assertFalse(r.isBeyond(), r.toString()));
                List<LocalAudit.Row> roundings = rows.stream().filter(r -> r.operation().equals("Round")).toList();
                assertTrue(roundings.size() > 20, part + " " + roundings.size());
                roundings.forEach(r -> assertEquals(0, r.error(), r.toString()));
            }
        }
    }

    /** The audit's definition has no roundings: operations beyond their bounds are GEMMs, and nearly all of these are. */
    @Test
    void anAuditNamesTheGemmsAndNoOther() {
        for (AuditedNetwork part : CASES.keySet()) {
            try (Backend cpu = open("cpu", Precision.TF32)) {
                List<LocalAudit.Row> rows = audit(part, cpu, g -> g);
                List<LocalAudit.Row> beyond = rows.stream().filter(LocalAudit.Row::isBeyond).toList();
                long gemms = rows.stream().filter(EmulatedPrecisionTest::isGemm).count();
                beyond.forEach(r -> assertTrue(isGemm(r), r.toString()));
                assertTrue(beyond.size() >= 0.9 * gemms, part + ": " + beyond.size() + " of " + gemms);
            }
        }
    }

    private static boolean isGemm(LocalAudit.Row r) {
        return List.of("Conv2d", "Linear", "Attention").contains(r.operation());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aDiffFindsTheFirstGemm(Precision p) throws IOException {
        aDiffFindsTheFirstGemm("cpu", p, temp);
    }

    /** The first value that differs from a run without emulation is the result of the first GEMM. */
    static void aDiffFindsTheFirstGemm(String backend, Precision p, Path folder) throws IOException {
        Path plain = record(backend, Precision.NONE, folder.resolve("plain"));
        Path rounded = record(backend, p, folder.resolve(p.label()));
        try (Trace a = Trace.open(rounded); Trace b = Trace.open(plain)) {
            TraceDiff d = TraceDiff.of(a, b, null, new TraceDiff.Bound(0, 3));
            assertEquals("time_embedding.linear_1", d.divergence().a().name());
            assertEquals("[[emulate_precision " + p.label() + "], []]", d.approximations().toString());
            assertTrue(d.onlyFirst().stream().allMatch(u -> u.value().name().endsWith(".rounded")),
                    d.onlyFirst().toString());
        }
    }

    private static Path record(String backend, Precision p, Path to) throws IOException {
        Path file = to.resolveSibling(to.getFileName() + TraceFile.LINES);
        try (TraceFile f = TraceFile.create(file, TraceLevel.HASH)) {
            TraceSelection modules = new TraceSelection(TraceLevel.HASH, Pattern.compile(""), List.of(), true);
            try (Backend b = new TraceRecorder(f, modules).watch(open(backend, p))) {
                AuditedNetwork.UNET.run(MODEL, b, given(AuditedNetwork.UNET), Probe.NONE);
            }
            f.finish();
        }
        return file;
    }

    private static double error(Map<String, Tensor> a, Map<String, Tensor> b) {
        return TensorErrors.compareAll(a, b, null).stream().mapToDouble(TensorErrors.Row::error).max().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void wholeNetworksErrByTheSameAmount(Precision p) {
        wholeNetworksErrByTheSameAmount("cpu", Size.TINY, p);
    }

    /**
     * Whole networks: a difference of float32 now and then turns a rounding into that to the other neighbour, and every
     * operation turns such differences into more of them. So two correct implementations part until they differ as much
     * as each differs from the exact result, and only the sizes of their errors agree.
     */
    static void wholeNetworksErrByTheSameAmount(String backend, Size size, Precision p) {
        ModelFolder model = ModelFolder.of(Fixtures.model(size));
        for (AuditedNetwork part : CASES.keySet()) {
            Map<String, Tensor> given = given(part, size);
            try (Backend tested = open(backend, p);
                    Backend reference = open("reference", p);
                    Backend exact = open("reference", Precision.NONE)) {
                Map<String, Tensor> truth = part.run(model, exact, given, Probe.NONE);
                Map<String, Tensor> defined = part.run(model, reference, given, Probe.NONE);
                Map<String, Tensor> ours = part.run(model, tested, given, Probe.NONE);
                double error = error(ours, truth);
                double itsError = error(defined, truth);
                double between = error(ours, defined);
                System.out.printf("%s %s %s: error of %s %.2e, of the reference %.2e, between them %.2e%n", size,
                        part.label(), p.label(), backend, error, itsError, between);
                assertTrue(error > 0.5 * itsError && error < 2 * itsError, () -> error + " and " + itsError);
                assertTrue(error > 0.1 * p.unitRoundoff() && error < 20 * p.unitRoundoff(), () -> "error " + error);
                assertTrue(between < 2 * itsError, () -> between + " and " + itsError);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void softmaxWeightsAreRoundedRelativeToTheLargestScore(Precision p) throws IOException {
        softmaxWeightsAreRoundedRelativeToTheLargestScore("cpu", p, temp);
    }

    /** A graph whose last node has another operation. */
    static Graph withLast(Graph graph, Op op) {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        Node n = nodes.removeLast();
        nodes.add(new Node(n.name(), op, n.inputs(), n.weights(), n.output(), n.covers()));
        return new Graph(nodes, graph.outputs());
    }

    /** Scores that grow from key to key, so that a running maximum would be another one in every block. */
    static void softmaxWeightsAreRoundedRelativeToTheLargestScore(String backend, Precision p, Path folder)
            throws IOException {
        Scope s = Scope.root();
        Value q = s.input("q", Shape.of(1, 40, 8));
        Value y = s.attention("f", q, s.input("k", Shape.of(1, 500, 8)), s.input("v", Shape.of(1, 500, 8)), 1);
        Graph plain = s.build(Map.of("y", y));
        Op.Attention a = (Op.Attention) plain.nodes().getLast().op();
        Graph rounded = withLast(plain, new Op.Attention(a.heads(), a.scale(), false, p));
        Map<String, Tensor> in = new HashMap<>();
        plain.inputs().forEach(n -> in.put(n.name(), Fixtures.random(n.shape(), n.name().hashCode())));
        in.put("q", in.get("q").map(v -> (float) (1 + 0.1 * v)));
        double[] k = in.get("k").data().clone();
        for (int i = 0; i < k.length; i++) {
            int key = i / 8;
            k[i] = (float) (0.1 * k[i] + 0.006 * key);
        }
        in.put("k", Tensor.of(Shape.of(1, 500, 8), k));
        OpCase any = new OpCase("attention " + p, rounded, 1);
        try (WeightStore none = new OpCase("none", s.build(Map.of("z", s.linear("l", q, 1))), 1).weights(folder);
                Backend tested = Backends.open(backend, 2);
                Backend reference = Backends.open("reference", 2)) {
            Tensor truth = reference.compile(rounded, none, Probe.NONE).run(in).get("y");
            Tensor ours = tested.compile(rounded, none, Probe.NONE).run(in).get("y");
            Tensor exact = reference.compile(plain, none, Probe.NONE).run(in).get("y");
            double effect = TensorErrors.relative(truth, exact);
            double between = TensorErrors.relative(ours, truth);
            System.out.printf("%s: rounding %.2e, %s %.2e%n", any, effect, backend, between);
            assertTrue(effect > 0.01 * p.unitRoundoff() && between < 0.4 * effect, between + " of " + effect);
        }
    }

    @Test
    void resultsSayThatTheyAreApproximate() {
        GenerateRequest request = new GenerateRequest("Cardiomegaly").steps(2).size(64);
        try (RadEdit plain = RadEdit.open(MODEL, new RunOptions("cpu", 2, 0));
                RadEdit rounded = RadEdit.open(MODEL, new RunOptions("cpu", 2, 0).emulating(Precision.BF16));
                RadEdit strips = RadEdit.open(MODEL,
                        new RunOptions("cpu", 2, 0, false, 24).emulating(Precision.BF16))) {
            Map<String, Object> s = rounded.generate(request).settings().getFirst();
            assertEquals("bf16", s.get("emulate_precision"));
            assertEquals(false, s.get("exact"));
            List<String> names = List.copyOf(s.keySet());
            assertEquals(names.indexOf("emulate_precision") + 1, names.indexOf("exact"),
                    "files have the same bytes in every run");
            assertTrue(s.get("backend").toString().startsWith("cpu (GEMM operands rounded to bf16, float32, "),
                    s.toString());
            Map<String, Object> without = plain.generate(request).settings().getFirst();
            assertFalse(without.containsKey("emulate_precision") || without.containsKey("exact"));
            Tensor image = rounded.generate(request).images();
            double effect = TensorErrors.relative(image, plain.generate(request).images());
            assertTrue(effect > 1e-4, "effect " + effect);
            assertTrue(TensorErrors.relative(strips.generate(request).images(), image) < 0.3 * effect);
        }
    }

    /** What is computed once, for several steps or prompts, is rounded in the same places. */
    @Test
    void reuseChangesNoBit() {
        RunOptions options = new RunOptions("cpu", 2, 0).emulating(Precision.TF32);
        GenerateRequest request = new GenerateRequest("Cardiomegaly").steps(3).size(64);
        try (RadEdit reusing = RadEdit.open(MODEL, options);
                RadEdit whole = RadEdit.open(MODEL, options.withoutReuse())) {
            assertEquals(0, TensorErrors.relative(reusing.generate(request).images(),
                    whole.generate(request).images()));
        }
    }

    @Test
    void aBackendThatIsGivenMustRoundAsAskedFor() {
        InvalidRequestException other = assertThrows(InvalidRequestException.class, () -> RadEdit.open(MODEL,
                RunOptions.DEFAULT.emulating(Precision.TF32), open("cpu", Precision.FP16), Listener.NONE));
        assertTrue(other.getMessage().contains("is fp16"), other.getMessage());
        try (Backend b = new RunOptions("auto", 1, 0).emulating(Precision.TF32).open(Listener.NONE)) {
            assertEquals("cpu", b.name());
            assertEquals(Precision.TF32, b.emulated());
        }
    }
}
