package radedit.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import radedit.audit.AuditedNetwork;
import radedit.audit.NodeReplay;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.pipeline.RunOptions;
import radedit.safetensors.FormatException;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.testkit.SyntheticInputs;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Traces of networks and whole runs, their differences, faults found by them, and damaged files. */
class TraceTest {
    private static final TraceDiff.Bound EQUAL = new TraceDiff.Bound(0, 3);
    private static final TraceDiff.Bound CLOSE = new TraceDiff.Bound(1e-5, 3);

    @TempDir
    Path folder;

    private static Map<String, Tensor> inputs(AuditedNetwork network) {
        Map<String, Tensor> c = Fixtures.tensors(TestData.reference("tiny/text_encoder.safetensors"));
        Map<String, Tensor> texts = new HashMap<>();
        Fixtures.withPrefix(c, "in.").forEach((n, t) -> texts.put(n, t.slice(0, 1)));
        return switch (network) {
            case UNET -> Map.of("sample", SyntheticInputs.of("sample", Shape.of(1, 4, 16, 16), 1), "timestep",
                    Tensor.of(Shape.of(1), 401), "encoder_hidden_states",
                    SyntheticInputs.of("context", Shape.of(1, 128, 48), 1));
            case VAE_DECODER -> Map.of("latent", SyntheticInputs.of("latent", Shape.of(1, 4, 4, 4), 1));
            case VAE_ENCODER -> Map.of("image", SyntheticInputs.of("image", Shape.of(1, 3, 32, 32), 1));
            case TEXT_ENCODER -> texts;
            case IMAGE_ENCODER -> throw new IllegalArgumentException("not among these");
        };
    }

    private Path record(AuditedNetwork network, Map<String, Tensor> given, String backend, int threads, Probe fault,
            TraceSelection selection, String name) throws IOException {
        Path file = folder.resolve(
                name + (selection.level() == TraceLevel.FULL ? TraceFile.TENSORS : TraceFile.LINES));
        try (TraceFile f = TraceFile.create(file, selection.level())) {
            try (Backend b = new TraceRecorder(f, selection).watch(Backends.open(backend, threads))) {
                network.run(ModelFolder.of(Fixtures.model(Size.TINY)), b, given, fault);
            }
            f.finish();
        }
        return file;
    }

    private static TraceSelection modules(TraceLevel level) {
        return new TraceSelection(level, Pattern.compile(""), List.of(), true);
    }

    private static TraceDiff diff(Path a, Path b, TraceDiff.Bound bound) throws IOException {
        try (Trace x = Trace.open(a); Trace y = Trace.open(b)) {
            assertEquals(List.of(), x.damage());
            return TraceDiff.of(x, y, null, bound);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IMAGE_ENCODER")
    void threadsDoNotMatterAndBackendsAreClose(AuditedNetwork network) throws IOException {
        for (boolean every : new boolean[]{false, true}) {
            TraceSelection s = new TraceSelection(TraceLevel.FULL, Pattern.compile(""), List.of(), every);
            Path one = record(network, inputs(network), "cpu", 1, Probe.NONE, s, "one");
            Path two = record(network, inputs(network), "cpu", 2, Probe.NONE, s, "two");
            Path exact = record(network, inputs(network), "reference", 2, Probe.NONE, modules(TraceLevel.FULL),
                    "exact");
            TraceDiff same = diff(one, two, EQUAL);
            assertTrue(same.holds());
            assertTrue(same.rows().stream().allMatch(r -> r.verdict() == TraceDiff.Verdict.SAME));
            TraceDiff close = diff(one, exact, CLOSE);
            assertTrue(close.holds(), () -> close.divergence().a().label());
            assertEquals(List.of(), close.onlyFirst());
            double worst = close.rows().stream().mapToDouble(TraceDiff.Row::relative).max().orElseThrow();
            System.out.printf("trace of %s, %s: %d values, largest error %.1e%n", network.label(),
                    every ? "every module" : "as computed", close.rows().size(), worst);
        }
    }

    /** The hash of a level without elements is the hash of the elements of a full trace. */
    @Test
    void levelsTellTheSame() throws IOException {
        AuditedNetwork n = AuditedNetwork.VAE_DECODER;
        Path hash = record(n, inputs(n), "cpu", 2, Probe.NONE, TraceSelection.all(TraceLevel.HASH), "hash");
        Path stats = record(n, inputs(n), "cpu", 2, Probe.NONE, TraceSelection.all(TraceLevel.STATS), "stats");
        Path slice = record(n, inputs(n), "cpu", 1, Probe.NONE, TraceSelection.all(TraceLevel.SLICE), "slice");
        Path full = record(n, inputs(n), "cpu", 2, Probe.NONE, TraceSelection.all(TraceLevel.FULL), "full");
        assertTrue(diff(hash, stats, EQUAL).holds());
        assertTrue(diff(stats, slice, EQUAL).holds());
        try (Trace a = Trace.open(slice); Trace b = Trace.open(full)) {
            assertEquals(a.values().size(), b.values().size());
            for (int i = 0; i < a.values().size(); i++) {
                TraceValue v = a.values().get(i);
                double[] data = b.tensor(b.values().get(i)).data();
                assertArrayEquals(TraceRecorder.slice(data), v.slice());
                assertEquals(Arrays.stream(data).min().orElseThrow(), v.statistics().min());
                assertEquals(Arrays.stream(data).max().orElseThrow(), v.statistics().max());
                assertEquals(data.length, Arrays.stream(v.statistics().histogram()).sum());
                double rms = Math.sqrt(Arrays.stream(data).map(x -> x * x).average().orElseThrow());
                assertEquals(rms, v.statistics().rms(), 1e-6 * rms);
            }
        }
    }

    @Test
    void hashesNoticeOneBit() {
        Random r = new Random(5);
        for (int n : new int[]{1, 7, 8, 9, 1000, 16384}) {
            float[] data = new float[n];
            Set<Long> seen = new LinkedHashSet<>();
            seen.add(ValueHash.block(data, 0, n));
            for (int k = 0; k < 200; k++) {
                float[] other = data.clone();
                int i = r.nextInt(n);
                other[i] = Float.intBitsToFloat(Float.floatToRawIntBits(other[i]) ^ 1 << r.nextInt(31));
                assertNotEquals(ValueHash.block(data, 0, n), ValueHash.block(other, 0, n));
                seen.add(ValueHash.block(other, 0, n));
            }
            assertTrue(seen.size() > Math.min(30, 20 * n), n + ": " + seen.size());
        }
        assertNotEquals(ValueHash.block(new float[]{0f}, 0, 1), ValueHash.block(new float[]{-0f}, 0, 1));
        assertNotEquals(ValueHash.block(new float[2], 0, 2), ValueHash.block(new float[3], 0, 3));
    }

    private static Tensor changed(Tensor t, UnaryOperator<double[]> change) {
        return Tensor.of(t.shape(), change.apply(t.data().clone()));
    }

    /** A bias that was dropped, one lane, rounding to bfloat16, a fast exponential, rows in another order, swapped halves. */
    private static final List<UnaryOperator<Tensor>> FAULTS = List.of(
            t -> t.map(v -> (float) (v + 0.01)),
            t -> changed(t, d -> {
                for (int i = 3; i < d.length; i += 8) {
                    d[i] = (float) d[i] * 1.5f + 1e-3f;
                }
                return d;
            }),
            t -> t.map(v -> Float.intBitsToFloat(Float.floatToRawIntBits((float) v) & 0xFFFF0000)),
            t -> t.map(v -> (float) (v * (1 + 3e-4 * Math.sin(v)) + 1e-4)),
            t -> changed(t, d -> {
                for (int i = 0; i < d.length / 2; i++) {
                    double x = d[i];
                    d[i] = d[d.length - 1 - i];
                    d[d.length - 1 - i] = x;
                }
                return d;
            }),
            t -> changed(t, d -> {
                double[] other = d.clone();
                System.arraycopy(d, 0, other, d.length / 2, d.length / 2);
                System.arraycopy(d, d.length / 2, other, 0, d.length / 2);
                return other;
            }));

    /** Faults in 42 nodes of three networks are each named first, on the same backend and against double precision. */
    @Test
    void faultsAreNamed() throws IOException {
        int found = 0;
        for (AuditedNetwork n : List.of(AuditedNetwork.UNET, AuditedNetwork.VAE_DECODER, AuditedNetwork.VAE_ENCODER)) {
            Path clean = record(n, inputs(n), "cpu", 2, Probe.NONE, modules(TraceLevel.HASH), "clean");
            Path exact = record(n, inputs(n), "reference", 2, Probe.NONE, modules(TraceLevel.FULL), "exact");
            List<TraceValue> all;
            try (Trace t = Trace.open(clean)) {
                all = t.values().stream().filter(v -> !v.op().equals("Input") && !v.op().equals("Reshape")
                        && !v.op().equals("Identity") && size(v) > 8).toList();
            }
            for (int k = 0; k < 14; k++) {
                TraceValue node = all.get((int) ((k + 0.5) * all.size() / 14));
                Probe fault = Probe.replacing(node.name(), FAULTS.get((found + k / 6) % FAULTS.size()));
                Path hashes = record(n, inputs(n), "cpu", 2, fault, modules(TraceLevel.HASH), "hashes");
                assertEquals(node.name(), diff(hashes, clean, EQUAL).divergence().a().name());
                Path values = record(n, inputs(n), "cpu", 2, fault, modules(TraceLevel.FULL), "values");
                assertEquals(node.name(), diff(values, exact, CLOSE).divergence().a().name());
                found++;
            }
        }
        assertEquals(42, found);
    }

    private static long size(TraceValue v) {
        return v.shape().stream().mapToLong(i -> i).reduce(1, (a, b) -> a * b);
    }

    /** The page is well-formed, names the divergence, and draws every node with its place in the network. */
    @Test
    void pagesDrawTheNetwork() throws Exception {
        AuditedNetwork n = AuditedNetwork.VAE_DECODER;
        Path clean = record(n, inputs(n), "cpu", 2, Probe.NONE, modules(TraceLevel.STATS), "clean");
        String node = "decoder.mid_block.resnets.0.conv1";
        Path other = record(n, inputs(n), "cpu", 2, Probe.replacing(node, t -> t.map(v -> v + 1)),
                modules(TraceLevel.STATS), "other");
        TraceDiff d = diff(other, clean, EQUAL);
        var out = new java.io.ByteArrayOutputStream();
        new DiffPage(d, "a<b>", "b").write(out);
        var page = javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new java.io.ByteArrayInputStream(out.toByteArray()));
        assertEquals(d.rows().size(), page.getElementsByTagName("rect").getLength());
        assertTrue(page.getElementsByTagName("path").getLength() > d.rows().size() / 2, "lines between the nodes");
        assertTrue(page.getDocumentElement().getTextContent().contains("First divergence: vae-decoder " + node));
        assertTrue(page.getDocumentElement().getTextContent().contains("decoder.mid_block"));
    }

    /** A timestep that is off by one, and a latent of which one element has another last bit. */
    @Test
    void faultyInputsAreNamed() throws IOException {
        AuditedNetwork n = AuditedNetwork.UNET;
        Path clean = record(n, inputs(n), "cpu", 2, Probe.NONE, TraceSelection.all(TraceLevel.HASH), "clean");
        Map<String, Tensor> late = new HashMap<>(inputs(n));
        late.put("timestep", Tensor.of(Shape.of(1), 402));
        Path other = record(n, late, "cpu", 2, Probe.NONE, TraceSelection.all(TraceLevel.HASH), "late");
        assertEquals("timestep", diff(other, clean, EQUAL).divergence().a().name());
        Map<String, Tensor> bit = new HashMap<>(inputs(n));
        bit.put("sample", changed(bit.get("sample"), d -> {
            d[77] = Math.nextUp((float) d[77]);
            return d;
        }));
        Path last = record(n, bit, "cpu", 2, Probe.NONE, TraceSelection.all(TraceLevel.HASH), "bit");
        assertEquals("sample", diff(last, clean, EQUAL).divergence().a().name());
    }

    private static Mask columns(int from, int to) {
        boolean[] inside = new boolean[128 * 128];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = i % 128 >= from && i % 128 < to;
        }
        return new Mask(128, 128, inside);
    }

    private static EditRequest request() {
        byte[] grey = new byte[128 * 128];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (i % 128 + i / 256);
        }
        return new EditRequest(new Picture(128, 128, 1, grey), columns(0, 60)).keepMask(columns(91, 128))
                .prompt("Large left-sided pleural effusion", 7.5).steps(6).skipRatio(0.3);
    }

    private Result edited(EditRequest request, TraceSelection selection, Path file) throws IOException {
        try (TraceFile f = TraceFile.create(file, selection.level());
                RadEdit r = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)), new RunOptions("cpu", 2, 0),
                        Listener.NONE, new TraceRecorder(f, selection))) {
            Result result = r.edit(request);
            f.finish();
            return result;
        }
    }

    /** The host's values are recorded, in the order of the algorithm; another mask or seed is named where it first acts. */
    @Test
    void editsAreRecorded() throws IOException {
        Path a = folder.resolve("a.jsonl.gz");
        Result traced = edited(request(), TraceSelection.all(TraceLevel.HASH), a);
        try (RadEdit plain = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)), new RunOptions("cpu", 1, 0))) {
            assertArrayEquals(plain.edit(request()).images().data(), traced.images().data(), "a trace changes nothing");
        }
        try (Trace t = Trace.open(a)) {
            Map<String, Long> host = t.values().stream().filter(v -> v.network().equals("host"))
                    .collect(Collectors.groupingBy(TraceValue::name, Collectors.counting()));
            // 6 steps, of which the first (6 * 0.3 rounded down) is skipped
            assertEquals(Map.ofEntries(Map.entry("sampler", 1L), Map.entry("mask.edit", 1L), Map.entry("mask.keep", 1L),
                    Map.entry("context", 2L), Map.entry("film", 1L), Map.entry("moments", 1L),
                    Map.entry("draw.sample", 1L), Map.entry("draw.noise", 6L), Map.entry("latent.film", 1L),
                    Map.entry("inversion.x", 5L), Map.entry("inversion.z", 4L), Map.entry("guidance", 5L),
                    Map.entry("step", 5L), Map.entry("paste", 5L), Map.entry("latent", 1L), Map.entry("image", 1L)),
                    host);
            assertEquals(Set.of("unet", "unet-text", "unet-time", "vae-encoder", "vae-decoder", "text-encoder", "host"),
                    t.values().stream().map(TraceValue::network).collect(Collectors.toSet()));
            assertTrue(t.values().stream().filter(v -> v.network().equals("unet"))
                    .allMatch(v -> v.timesteps().size() > 0));
            assertTrue(t.heads().stream().anyMatch(h -> h.path("result").path("model").has("sha256")));
            assertTrue(t.heads().stream().anyMatch(h -> h.has("processor") && h.has("jvm")));
        }
        Path same = folder.resolve("same.jsonl.gz");
        edited(request(), TraceSelection.all(TraceLevel.HASH), same);
        assertTrue(diff(a, same, EQUAL).holds());
        Path b = folder.resolve("b.jsonl.gz");
        edited(request().seed(1), TraceSelection.all(TraceLevel.HASH), b);
        assertEquals("draw.sample", diff(b, a, EQUAL).divergence().a().name());
        Path c = folder.resolve("c.jsonl.gz");
        edited(request().keepMask(columns(100, 128)), TraceSelection.all(TraceLevel.HASH), c);
        assertEquals("mask.keep", diff(c, a, EQUAL).divergence().a().name());
        Path d = folder.resolve("d.jsonl.gz");
        edited(request().prompt("x", 1), TraceSelection.all(TraceLevel.HASH), d);
        assertFalse(diff(d, a, EQUAL).holds());
    }

    @Test
    void stepsAndNamesAreSelected() throws IOException {
        Path file = folder.resolve("some.jsonl.gz");
        edited(request(), new TraceSelection(TraceLevel.STATS, Pattern.compile("^(conv_in|step)$"),
                TraceSelection.ranges("2,4-5"), false), file);
        try (Trace t = Trace.open(file)) {
            Set<String> names = t.values().stream().map(TraceValue::name).collect(Collectors.toSet());
            assertTrue(names.contains("conv_in") && names.contains("step"), names::toString);
            assertEquals(Set.of(2, 4, 5), t.values().stream().filter(v -> v.name().equals("step"))
                    .map(TraceValue::step).collect(Collectors.toSet()));
        }
        Path whole = folder.resolve("whole.jsonl.gz");
        edited(request(), TraceSelection.all(TraceLevel.HASH), whole);
        TraceDiff d = diff(file, whole, EQUAL);
        assertTrue(d.holds(), "parts of a trace are aligned with the whole");
        assertEquals(List.of(), d.onlyFirst());
        assertThrows(IllegalArgumentException.class, () -> TraceSelection.ranges("5-2"));
        assertThrows(IllegalArgumentException.class, () -> TraceSelection.ranges("a"));
        assertThrows(IllegalArgumentException.class, () -> TraceSelection.ranges(""));
    }

    /** A file that is cut anywhere, or has wrong bytes, is read as far as possible, and said to be damaged. */
    @Test
    void damageIsSaid() throws IOException {
        Path file = folder.resolve("whole.jsonl.gz");
        try (TraceFile f = TraceFile.create(file, TraceLevel.STATS);
                RadEdit r = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)), new RunOptions("cpu", 2, 0),
                        Listener.NONE, new TraceRecorder(f, TraceSelection.all(TraceLevel.STATS)))) {
            for (int i = 0; i < 3; i++) {
                r.generate(new GenerateRequest("Cardiomegaly").steps(3).seed(i));
            }
            f.finish();
        }
        byte[] all = Files.readAllBytes(file);
        int whole;
        try (Trace t = Trace.open(file)) {
            whole = t.values().size();
            assertEquals(List.of(), t.damage());
        }
        Random random = new Random(7);
        Path bad = folder.resolve("bad.jsonl.gz");
        for (int i = 0; i < 40; i++) {
            byte[] b = i % 2 == 0 ? Arrays.copyOf(all, 4 + random.nextInt(all.length - 5)) : all.clone();
            if (i % 2 == 1) {
                int at = 20 + random.nextInt(all.length - 40);
                b[at] ^= (byte) (1 + random.nextInt(255));
                b[at + 1] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(bad, b);
            try (Trace t = Trace.open(bad)) {
                assertFalse(t.damage().isEmpty(), "file " + i);
                assertTrue(t.values().size() <= whole);
            } catch (FormatException e) {
                assertTrue(i % 2 == 0 && b.length < 4000 || i % 2 == 1, e.getMessage());
            }
        }
        Files.write(bad, Arrays.copyOf(all, all.length - 8));
        try (Trace t = Trace.open(bad)) {
            assertTrue(t.values().size() > whole / 2, t.values().size() + " of " + whole);
        }
        for (String stranger : List.of("", "no trace", "{}", "{\"a\":1}")) {
            Files.writeString(bad, stranger);
            assertThrows(IOException.class, () -> Trace.open(bad).close(), stranger);
        }
    }

    /** Safetensors of another program are aligned by name; what has no counterpart is explained. */
    @Test
    void tracesOfOthersAreAligned() throws IOException {
        AuditedNetwork n = AuditedNetwork.TEXT_ENCODER;
        Path ours = record(n, inputs(n), "cpu", 2, Probe.NONE, modules(TraceLevel.FULL), "ours");
        Path torch = TestData.reference("tiny/trace_text_encoder.safetensors");
        try (Trace a = Trace.open(ours); Trace b = Trace.open(torch)) {
            TraceDiff d = TraceDiff.of(a, b, null, new TraceDiff.Bound(2e-6, 3));
            assertTrue(d.holds());
            assertEquals(List.of(), d.onlySecond());
            assertEquals(b.values().size(), d.rows().size());
        }
        Path fused = record(n, inputs(n), "cpu", 2, Probe.NONE, TraceSelection.all(TraceLevel.FULL), "fused");
        try (Trace a = Trace.open(fused); Trace b = Trace.open(torch)) {
            TraceDiff d = TraceDiff.of(a, b, null, new TraceDiff.Bound(2e-6, 3));
            assertTrue(d.holds());
            d.onlySecond().forEach(u -> assertNotEquals("not recorded", u.reason(), u.value().name()));
        }
        for (String network : List.of("unet", "vae")) {
            List<String> leaves = new ArrayList<>();
            new ObjectMapper().readTree(TestData.reference("tiny/trace_" + network + ".json").toFile())
                    .forEach(row -> leaves.add(row.get("name").asText()));
            Set<String> names = new LinkedHashSet<>();
            for (AuditedNetwork part : network.equals("unet")
                    ? List.of(AuditedNetwork.UNET)
                    : List.of(AuditedNetwork.VAE_ENCODER, AuditedNetwork.VAE_DECODER)) {
                try (Trace t = Trace
                        .open(record(part, inputs(part), "cpu", 2, Probe.NONE, modules(TraceLevel.HASH), "m"))) {
                    t.values().forEach(v -> names.add(v.name()));
                }
            }
            assertTrue(names.containsAll(leaves), () -> leaves.stream().filter(l -> !names.contains(l)).toList() + "");
        }
        Path numbered = folder.resolve("numbered.safetensors");
        Files.write(numbered, bytes(new SafetensorsWriter().add("conv", DType.F32, Tensor.of(Shape.of(1), 1))
                .add("conv@1", DType.F32, Tensor.of(Shape.of(1), 2))));
        try (Trace t = Trace.open(numbered)) {
            assertEquals(List.of("conv 0", "conv 1"),
                    t.values().stream().map(v -> v.name() + " " + v.call()).sorted().toList());
        }
    }

    private static byte[] bytes(SafetensorsWriter w) throws IOException {
        var out = new java.io.ByteArrayOutputStream();
        w.writeTo(out);
        return out.toByteArray();
    }

    /** Nodes of traces as computed, and of traces of every module, have the same bits again. */
    @Test
    void nodesAreReplayed() throws IOException {
        try (Backend cpu = Backends.open("cpu", 2); Backend exact = Backends.open("reference", 2)) {
            for (AuditedNetwork n : List.of(AuditedNetwork.UNET, AuditedNetwork.VAE_ENCODER,
                    AuditedNetwork.TEXT_ENCODER)) {
                for (boolean every : new boolean[]{false, true}) {
                    Path file = record(n, inputs(n), "cpu", 2, Probe.NONE,
                            new TraceSelection(TraceLevel.FULL, Pattern.compile(""), List.of(), every), "replay");
                    try (Trace t = Trace.open(file)) {
                        List<TraceValue> nodes = t.values().stream().filter(v -> !v.op().equals("Input")).toList();
                        for (int i = 0; i < nodes.size(); i += Math.max(1, nodes.size() / 15)) {
                            NodeReplay.Result r = NodeReplay.of(t, nodes.get(i),
                                    ModelFolder.of(Fixtures.model(Size.TINY)), cpu, exact);
                            assertArrayEquals(r.recorded().data(), r.again().data(), nodes.get(i).label());
                        }
                    }
                }
            }
        }
    }
}
