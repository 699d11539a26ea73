package radedit.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.audit.AuditedNetwork;
import radedit.audit.NodeReplay;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Probe;
import radedit.safetensors.FormatException;
import radedit.safetensors.Safetensors;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.SyntheticInputs;

/** Traces that were cut, changed, put together or are none: what can be read is, and the rest is said. */
class TraceDamageTest {
    private static final TraceDiff.Bound EQUAL = new TraceDiff.Bound(0, 3);

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path full;
    private static Path hashes;
    /** Lines of {@link #hashes}. */
    private static List<String> lines;

    @BeforeAll
    static void record() throws IOException {
        full = record(TraceLevel.FULL, "full.safetensors");
        hashes = record(TraceLevel.HASH, "hashes.jsonl.gz");
        try (var zip = new GZIPInputStream(Files.newInputStream(hashes))) {
            lines = new String(zip.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static Path record(TraceLevel level, String name) throws IOException {
        Map<String, Tensor> inputs = Map.of("sample", SyntheticInputs.of("sample", Shape.of(1, 4, 8, 8), 1), "timestep",
                Tensor.of(Shape.of(1), 401), "encoder_hidden_states",
                SyntheticInputs.of("context", Shape.of(1, 16, 48), 1));
        Path file = shared.resolve(name);
        try (TraceFile f = TraceFile.create(file, level)) {
            TraceSelection all = new TraceSelection(level, Pattern.compile(""), List.of(), false);
            try (Backend b = new TraceRecorder(f, all).watch(Backends.open("cpu", 2))) {
                AuditedNetwork.UNET.run(ModelFolder.of(Fixtures.model(Size.TINY)), b, inputs, Probe.NONE);
            }
            f.finish();
        }
        return file;
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] zipped(List<String> lines) throws IOException {
        return zipped((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] zipped(byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text);
        }
        return out.toByteArray();
    }

    private List<String> damage(byte[] content) throws IOException {
        try (Trace t = Trace.open(write("some", content))) {
            return List.copyOf(t.damage());
        }
    }

    private String refusal(byte[] content) throws IOException {
        Path file = write("none", content);
        return assertThrows(FormatException.class, () -> Trace.open(file).close()).fault();
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    /** Of a full trace that was cut, the nodes whose elements are there are compared and replayed. */
    @Test
    void cutTensorsLeaveTheOthers() throws IOException {
        byte[] all = Files.readAllBytes(full);
        Path cut = write("cut.safetensors", Arrays.copyOf(all, all.length - 5000));
        String first;
        int missing;
        try (Safetensors s = Safetensors.openDamaged(cut)) {
            missing = s.missing().size();
            first = s.missing().getFirst().name();
            assertThrows(FormatException.class, () -> Safetensors.open(cut).close());
        }
        try (Trace a = Trace.open(cut);
                Trace b = Trace.open(full);
                Backend cpu = Backends.open("cpu", 2);
                Backend exact = Backends.open("reference", 2)) {
            assertEquals(List.of(missing + " of " + b.values().size() + " tensors are missing, the first is '" + first
                    + "': the file was cut"), a.damage());
            TraceDiff d = TraceDiff.of(a, b, null, EQUAL);
            assertEquals(b.values().size(), d.rows().size(), "of those without elements, the hashes are compared");
            assertNull(d.divergence());
            TraceDiff close = TraceDiff.of(a, b, null, new TraceDiff.Bound(1e-5, 3));
            assertNull(close.divergence());
            TraceValue lost = a.values().stream().filter(v -> first.equals(v.tensor())).findFirst().orElseThrow();
            assertTrue(a.isLost(lost));
            assertNull(a.tensor(lost));
            TraceValue there = a.values().stream().filter(v -> v.name().equals("conv_in")).findFirst().orElseThrow();
            ModelFolder model = ModelFolder.of(Fixtures.model(Size.TINY));
            NodeReplay.Result r = NodeReplay.of(a, there, model, cpu, exact);
            assertArrayEquals(r.recorded().data(), r.again().data());
            String refusal = assertThrows(IllegalArgumentException.class,
                    () -> NodeReplay.of(a, lost, model, cpu, exact)).getMessage();
            assertEquals("the elements of '" + lost.name() + "' are lost, as the trace is damaged", refusal);
        }
    }

    /** Values of another program that were cut off are explained, not compared. */
    @Test
    void cutTensorsOfOthers() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SafetensorsWriter().add("conv_in", DType.F32, Tensor.of(Shape.of(2), 1, 2))
                .add("conv_out", DType.F32, Tensor.of(Shape.of(2), 3, 4)).writeTo(out);
        byte[] all = out.toByteArray();
        Path whole = write("whole.safetensors", all);
        for (int bytes : new int[]{1, 8}) {
            Path cut = write("cut.safetensors", Arrays.copyOf(all, all.length - bytes));
            try (Trace a = Trace.open(cut); Trace b = Trace.open(whole)) {
                assertEquals(List.of("1 of 2 tensors are missing, the first is 'conv_out': the file was cut"),
                        a.damage());
                TraceDiff d = TraceDiff.of(a, b, null, EQUAL);
                assertEquals(List.of("conv_in"), d.rows().stream().map(r -> r.a().name()).toList());
                assertEquals(List.of("its elements are lost, as a file is damaged"),
                        d.onlyFirst().stream().map(TraceDiff.Unmatched::reason).toList());
            }
        }
        assertEquals(List.of("3 bytes after the last tensor are not read"), damage(joined(all, new byte[3])));
        assertTrue(refusal(Arrays.copyOf(all, 40)).startsWith("truncated: header of "), "cut within the header");
    }

    /** A changed element is noticed when it is read, and is no divergence. */
    @Test
    void changedTensorsAreNoticed() throws IOException {
        byte[] all = Files.readAllBytes(full);
        all[all.length - 3] ^= 1;
        try (Trace a = Trace.open(write("changed.safetensors", all)); Trace b = Trace.open(full)) {
            assertEquals(List.of(), a.damage());
            TraceDiff d = TraceDiff.of(a, b, null, new TraceDiff.Bound(1e-5, 3));
            assertNull(d.divergence());
            assertEquals(1, a.damage().size());
            assertTrue(a.damage().getFirst().endsWith("are not those that were written"), a.damage().getFirst());
            assertEquals(List.of(), b.damage());
        }
    }

    /** Lines that were taken out, changed, moved, doubled or added are noticed, and it is said about where. */
    @Test
    void linesAreCounted() throws IOException {
        assertEquals(List.of(), damage(zipped(lines)));
        int count = lines.size() - 1;
        assertTrue(count > 3 * LineCheck.EVERY, count + " lines");
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (lines.get(i).startsWith("{\"n\"")) {
                values.add(i);
            }
        }
        for (int i : values.subList(10, values.size() - 2)) {
            if (i % 31 != 0) {
                continue;
            }
            long checked = lines.subList(0, i).stream().filter(l -> l.startsWith("{\"check\"")).count();
            long after = checked * (LineCheck.EVERY + 1);
            List<String> some = new ArrayList<>(lines);
            some.remove(i);
            String removed = damage(zipped(some)).getFirst();
            assertTrue(removed.startsWith("1 of " + count + " records is missing after record " + after), removed);
            some.remove(i);
            some.remove(i);
            String more = String.join("; ", damage(zipped(some)));
            assertTrue(more.contains(" missing after record " + after), more);
            some = new ArrayList<>(lines);
            some.set(i, lines.get(i).replaceFirst("(\"h\":\".*)[0-9a-f]\"", "$1x\""));
            assertEquals(1, damage(zipped(some)).size(), "changed");
            some = new ArrayList<>(lines);
            Collections.swap(some, i, values.get(values.indexOf(i) + 1));
            assertFalse(damage(zipped(some)).isEmpty(), "in another order");
            some = new ArrayList<>(lines);
            some.add(i, lines.get(i));
            assertTrue(damage(zipped(some)).getFirst().startsWith("1 records too many after"), "twice");
        }
        List<String> without = new ArrayList<>(lines);
        without.removeIf(l -> l.startsWith("{\"check\""));
        assertFalse(damage(zipped(without)).isEmpty(), "checks were taken out");
        List<String> stretch = new ArrayList<>(lines);
        stretch.subList(101, 202).clear();
        String whole = damage(zipped(stretch)).getFirst();
        assertTrue(whole.startsWith("1 value") || whole.contains("of nodes that are not described")
                || whole.startsWith("101 of " + count + " records are missing"), whole);
        assertTrue(damage(zipped(stretch)).stream().anyMatch(d -> d.startsWith("101 of " + count)), "a whole stretch");
    }

    /** Traces of earlier versions have one count, at the end. */
    @Test
    void earlierTracesAreRead() throws IOException {
        List<String> old = new ArrayList<>(lines);
        old.removeIf(l -> l.startsWith("{\"check\"") || l.startsWith("{\"end\""));
        int count = old.size();
        old.add("{\"end\":" + count + "}");
        assertEquals(List.of(), damage(zipped(old)));
        old.remove(count - 2);
        assertEquals("1 of " + count + " records is missing after record 0", damage(zipped(old)).getLast());
    }

    /** The text need not be compressed, and may have been edited where lines end otherwise. */
    @Test
    void plainTextIsRead() throws IOException {
        for (String end : List.of("\n", "\r\n")) {
            byte[] text = (String.join(end, lines) + end).getBytes(StandardCharsets.UTF_8);
            for (byte[] content : List.of(text, zipped(text), joined(new byte[]{(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
                    text))) {
                assertEquals(List.of(), damage(content));
                try (Trace a = Trace.open(write("text.jsonl", content)); Trace b = Trace.open(hashes)) {
                    assertEquals(b.values().size(), TraceDiff.of(a, b, null, EQUAL).rows().size());
                }
            }
        }
    }

    @Test
    void cutsOfAllKinds() throws IOException {
        byte[] all = Files.readAllBytes(hashes);
        int values;
        try (Trace t = Trace.open(hashes)) {
            values = t.values().size();
        }
        for (int bytes = 1; bytes <= 8; bytes++) {
            // within the last piece's trailer, all lines are there
            try (Trace t = Trace.open(write("trailer", Arrays.copyOf(all, all.length - bytes)))) {
                assertEquals(values, t.values().size());
                assertFalse(t.damage().isEmpty());
            }
        }
        String end = "the end is missing: the run was interrupted, or the file was cut";
        assertEquals(List.of(end), damage(zipped(lines.subList(0, 2))), "only the head");
        assertEquals(List.of(end), damage(zipped(lines.subList(0, 1))), "only the first line");
        byte[] head = (lines.get(0) + "\n" + lines.get(1).substring(0, 20)).getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of("line 2 is not JSON", end), damage(zipped(head)), "within the head");
        assertEquals("is not a trace: its first line is not JSON",
                refusal(zipped(lines.get(0).substring(0, 20).getBytes(StandardCharsets.UTF_8))));
    }

    /** Of two traces in one file, the first is read. */
    @Test
    void concatenatedTraces() throws IOException {
        byte[] all = Files.readAllBytes(hashes);
        assertEquals(List.of("another trace begins in line " + (lines.size() + 1) + "; it is not read"),
                damage(joined(all, all)));
        List<String> both = new ArrayList<>(lines);
        both.removeLast();
        both.addAll(lines);
        assertTrue(damage(zipped(both)).getFirst().startsWith("another trace begins in line " + lines.size()));
        List<String> more = new ArrayList<>(lines);
        more.add(lines.get(5));
        assertEquals(List.of("line " + more.size() + " and what follows come after the end; they are not read"),
                damage(zipped(more)));
    }

    /** What is no trace is called what it is. */
    @Test
    void whatIsNoTrace() throws IOException {
        assertEquals("is empty, so it is no trace", refusal(new byte[0]));
        assertEquals("is not a trace", refusal(zipped(new byte[0])));
        assertEquals("is a folder, not a trace",
                assertThrows(FormatException.class, () -> Trace.open(folder).close()).fault());
        assertTrue(refusal("no trace".getBytes(StandardCharsets.UTF_8)).startsWith("is not a trace: neither"));
        assertTrue(refusal(new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}).startsWith("is not a trace: neither"));
        assertTrue(refusal("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8)).startsWith("is a web page"));
        assertTrue(refusal("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8)).startsWith("is not a trace: its first"));
        List<String> future = new ArrayList<>(lines);
        future.set(0, lines.getFirst().replace("\"radedit_trace\":1", "\"radedit_trace\":2"));
        assertEquals("is a trace of version 2, not 1; the version of RadEdit that wrote it can read it",
                refusal(zipped(future)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SafetensorsWriter().metadata(TraceFile.METADATA, String.join("\n", future)).writeTo(out);
        assertTrue(refusal(out.toByteArray()).startsWith("is a trace of version 2"));
        byte[] overlong = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(90_000_000).put((byte) '{')
                .array();
        assertTrue(refusal(overlong).startsWith("truncated: header of 90000000 bytes"));
    }

    /** A piece whose header is damaged is said to be, and those after it are read; so are bytes after the last one. */
    @Test
    void damagedHeadersOfPieces() throws IOException {
        String host = "{\"host\":\"step\",\"step\":%d,\"shape\":[1],\"h\":\"00\"}";
        byte[] first = zipped(List.of(lines.getFirst(), host.formatted(1)));
        byte[] second = zipped(List.of(host.formatted(2)));
        byte[] third = zipped(List.of(host.formatted(3), "{\"end\":4}"));
        byte[] all = joined(joined(first, second), third);
        assertEquals(List.of(), damage(all));
        for (int i : new int[]{0, 1, 2, 3}) {
            byte[] some = all.clone();
            some[first.length + i] ^= (byte) 0x84;
            try (Trace t = Trace.open(write("header.jsonl.gz", some))) {
                assertEquals(List.of(1, 3), t.values().stream().map(TraceValue::step).toList());
                assertTrue(t.damage().getFirst().startsWith("bytes "), t.damage().getFirst());
                assertTrue(t.damage().getFirst().endsWith(" to " + (first.length + second.length - 1)
                        + " cannot be read"), t.damage().getFirst());
            }
        }
        assertEquals(List.of("bytes " + all.length + " to " + (all.length + 2) + " cannot be read"),
                damage(joined(all, new byte[3])));
        byte[] named = joined(Arrays.copyOf(first, 10), joined("name\0".getBytes(StandardCharsets.US_ASCII),
                Arrays.copyOfRange(first, 10, first.length)));
        named[3] = 8;
        assertEquals(List.of(), damage(joined(joined(named, second), third)), "as gzip writes it");
    }

    /** Files made to have very many faults, or faults with long names, take no more memory than others. */
    @Test
    void faultsAreBounded() throws IOException {
        byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
        byte[] many = Arrays.copyOf(zipped(lines.subList(0, 1)), 20_000);
        for (int i = 5000; i + header.length < many.length; i += header.length) {
            System.arraycopy(header, 0, many, i, header.length);
        }
        List<String> damage = damage(many);
        assertEquals(PieceReader.MOST_FAULTS + 1, damage.size(), "and the end is missing");
        assertTrue(damage.get(PieceReader.MOST_FAULTS - 1).endsWith(" to 19999 cannot be read"));

        List<String> some = new ArrayList<>(List.of(lines.getFirst(),
                "{\"host\":\"" + "x".repeat(1_000_000) + "\\u001b[2J\",\"shape\":[1],\"h\":\"00\"}"));
        some.addAll(Collections.nCopies(5000, "{\"check\":1}"));
        damage = damage(zipped(some));
        assertEquals(LineChecks.MOST_FAULTS + 2, damage.size());
        assertTrue(damage.stream().allMatch(d -> d.length() < 500));
        assertEquals("records were changed, moved or lost in 4000 more places", damage.get(LineChecks.MOST_FAULTS));
    }

    /** Timesteps of a call are kept once for all its values. */
    @Test
    void valuesOfACallShareItsTimesteps() throws IOException {
        List<String> some = new ArrayList<>(List.of(lines.getFirst(),
                "{\"call\":\"unet\",\"index\":2,\"steps\":[7],\"timesteps\":[1.5,2]}",
                "{\"node\":1,\"network\":\"unet\",\"name\":\"conv_in\",\"op\":\"Conv\",\"shape\":[1]}"));
        some.addAll(Collections.nCopies(2, "{\"n\":1,\"h\":\"00\"}"));
        try (Trace t = Trace.open(write("call.jsonl", String.join("\n", some).getBytes(StandardCharsets.UTF_8)))) {
            assertEquals(List.of(1.5, 2.0), t.values().getFirst().timesteps());
            assertEquals(2, t.values().getFirst().call());
            assertEquals(7, t.values().getFirst().step());
            assertSame(t.values().getFirst().timesteps(), t.values().getLast().timesteps());
        }
    }

    /** Names of a stranger's file do not reach a terminal as they are. */
    @Test
    void namesAreEscaped() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SafetensorsWriter().add("\u001b[2Jx", DType.F32, Tensor.of(Shape.of(2), 1, 2)).writeTo(out);
        byte[] all = out.toByteArray();
        assertEquals(List.of("1 of 1 tensors are missing, the first is '\\u001B[2Jx': the file was cut"),
                damage(Arrays.copyOf(all, all.length - 1)));
        try (Trace t = Trace.open(write("names", all))) {
            assertEquals("\\u001B[2Jx", t.values().getFirst().label());
        }
    }

    private Trace foreign(String name, double... values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SafetensorsWriter().add("x", DType.F64, Tensor.of(Shape.of(values.length), values)).writeTo(out);
        return Trace.open(write(name, out.toByteArray()));
    }

    /** Infinities that both have hide no difference, and neither do differences whose squares vanish. */
    @Test
    void numbersThatAreNotFiniteHideNothing() throws IOException {
        double inf = Double.POSITIVE_INFINITY;
        double[][][] pairs = {{{inf, 1}, {inf, 2}}, {{1e-200, 1}, {2e-200, 1}}, {{inf, 1}, {-inf, 1}},
                {{Double.NaN, 1}, {1, 1}}};
        for (double[][] p : pairs) {
            try (Trace a = foreign("a", p[0]); Trace b = foreign("b", p[1])) {
                assertFalse(TraceDiff.of(a, b, null, EQUAL).holds(), Arrays.deepToString(p));
            }
        }
        try (Trace a = foreign("a", inf, Double.NaN, 1); Trace b = foreign("b", inf, Double.NaN, 1 + 1e-9)) {
            assertTrue(TraceDiff.of(a, b, null, new TraceDiff.Bound(1e-5, 3)).holds());
            assertFalse(TraceDiff.of(a, b, null, new TraceDiff.Bound(1e-10, 3)).holds());
        }
    }

    /** Damage at the beginning leaves the later pieces, whose host values need no description. */
    @Test
    void laterPiecesAreRead() throws IOException {
        byte[] first = zipped(lines.subList(0, 120));
        byte[] rest = zipped(List.of("{\"host\":\"step\",\"step\":3,\"shape\":[1],\"h\":\"00\"}", lines.getLast()));
        first[30] ^= 0x55;
        first[31] ^= 0x55;
        first[40] ^= 0x55;
        try (Trace t = Trace.open(write("pieces.jsonl.gz", joined(first, rest)))) {
            assertEquals("step", t.values().getLast().name());
            assertNotNull(t.damage().getFirst());
        }
        try (var zip = new GZIPInputStream(new ByteArrayInputStream(rest))) {
            assertTrue(zip.readAllBytes().length > 0);
        }
    }
}
