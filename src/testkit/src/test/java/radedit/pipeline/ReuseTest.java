package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.audit.NodeReplay;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Graph;
import radedit.graph.Hoisting;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.SharedSamples;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.UNetSections;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;
import radedit.trace.Trace;
import radedit.trace.TraceDiff;
import radedit.trace.TraceFile;
import radedit.trace.TraceLevel;
import radedit.trace.TraceRecorder;
import radedit.trace.TraceSelection;
import radedit.trace.TraceValue;

/** What does not change is computed once, and nothing else changes. */
class ReuseTest {
    private static final String CONTEXT = "encoder_hidden_states";
    private static final int TOKENS = 128;

    @TempDir
    private Path folder;

    private static Mask columns(int from, int to) {
        boolean[] inside = new boolean[128 * 128];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = i % 128 >= from && i % 128 < to;
        }
        return new Mask(128, 128, inside);
    }

    private static EditRequest edit() {
        byte[] grey = new byte[128 * 128];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (i % 128 + i / 256);
        }
        return new EditRequest(new Picture(128, 128, 1, grey), columns(0, 60)).keepMask(columns(91, 128))
                .prompt("Large left-sided pleural effusion", 7.5).prompt("Pacemaker", 3).steps(5).skipRatio(0.2);
    }

    /** A run with every value of it recorded. */
    private Result run(RunOptions options, boolean editing, Path file) throws IOException {
        try (TraceFile f = TraceFile.create(file, TraceLevel.HASH);
                RadEdit r = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)), options, Listener.NONE,
                        new TraceRecorder(f, TraceSelection.all(TraceLevel.HASH)))) {
            Result result = editing
                    ? r.edit(edit())
                    : r.generate(new GenerateRequest("Cardiomegaly", "Normal").count(2).steps(3).seed(5));
            f.finish();
            return result;
        }
    }

    /** Pictures, latents and every value that both runs compute are the same to the bit. */
    @ParameterizedTest
    @CsvSource({"cpu, 1, 0, true, 2, 1", "cpu, 2, 3, true, 2, 1", "cpu, 2, 2, false, 4, 4", "cpu, 1, 1, false, 8, 4",
            "reference, 2, 0, true, 2, 1"})
    void allBitsStay(String backend, int threads, int batch, boolean editing, int texts, int times)
            throws IOException {
        RunOptions options = new RunOptions(backend, threads, batch);
        Path a = folder.resolve("reusing.jsonl.gz");
        Path b = folder.resolve("plain.jsonl.gz");
        Result reusing = run(options, editing, a);
        Result plain = run(options.withoutReuse(), editing, b);
        assertArrayEquals(plain.images().data(), reusing.images().data());
        assertArrayEquals(plain.latents().data(), reusing.latents().data());
        assertEquals("exact", reusing.settings().getFirst().get("reuse"));
        assertTrue(!plain.settings().getFirst().containsKey("reuse"));
        try (Trace first = Trace.open(a); Trace second = Trace.open(b)) {
            TraceDiff d = TraceDiff.of(first, second, null, new TraceDiff.Bound(0, 3));
            assertTrue(d.holds());
            Set<String> names = d.rows().stream().map(r -> r.a().name()).collect(Collectors.toSet());
            assertTrue(names.containsAll(Set.of("conv_out", "step", "latent", "image",
                    "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k",
                    "mid_block.resnets.0.time_emb_proj")), names::toString);
            assertTrue(d.onlyFirst().stream().map(u -> u.value())
                    .allMatch(v -> v.network().startsWith("unet-")
                            || v.name().matches(".*\\.(groups|first|firsts|pixels|repeat|samples)")
                            || v.network().equals("unet")),
                    () -> d.onlyFirst().toString());
            assertEquals(Set.of("unet"),
                    d.onlySecond().stream().map(u -> u.value().network()).collect(Collectors.toSet()));
            Set<String> reasons = Stream.concat(d.onlyFirst().stream(), d.onlySecond().stream())
                    .map(TraceDiff.Unmatched::reason).collect(Collectors.toSet());
            // One latent at a time shares nothing with others.
            assertEquals(batch == 1
                    ? Set.of("computed once for all steps")
                    : Set.of("computed once for all prompts of a step", "computed once for all steps"), reasons);
            assertEquals(List.of("exact", "none"), d.differentFacts().get("reuse"));
            assertEquals(calls(second, "unet"), calls(first, "unet"), "evaluations of the UNet");
            assertEquals(texts, calls(first, "unet-text").size(), "once for each batch of texts");
            assertEquals(times, calls(first, "unet-time").size(), "once for the whole schedule");
        }
    }

    /** Every kind of node of a run with reuse and with deep features is computed again, to the same bits, from its trace. */
    @ParameterizedTest
    @CsvSource({"true, false, false", "false, false, false", "true, true, false", "true, false, true",
            "true, true, true"})
    void nodesAreReplayed(boolean reuse, boolean everyModule, boolean gated) throws IOException {
        Path file = folder.resolve("full.safetensors");
        ModelFolder model = ModelFolder.of(Fixtures.model(Size.TINY));
        RunOptions options = new RunOptions("cpu", 2, 0);
        TraceSelection all = new TraceSelection(TraceLevel.FULL, Pattern.compile(""), List.of(), everyModule);
        try (TraceFile f = TraceFile.create(file, TraceLevel.FULL);
                RadEdit r = RadEdit.open(model, reuse ? options : options.withoutReuse(), Listener.NONE,
                        new TraceRecorder(f, all))) {
            r.generate(new GenerateRequest("Cardiomegaly").steps(2).deepCache(reuse && !gated ? 2 : 1)
                    .unguidedAfter(gated ? 0.5 : 1));
            f.finish();
        }
        try (Trace t = Trace.open(file);
                Backend cpu = options.open(Listener.NONE);
                Backend exact = Backends.open("reference", 2)) {
            Set<String> replayed = new HashSet<>();
            for (TraceValue v : t.values()) {
                String kind = v.network() + (v.call() > 0 ? " later " : " ") + v.op()
                        + v.name().replaceAll(".*\\.", " ");
                if (v.network().startsWith("unet") && !v.isInput() && replayed.add(kind)) {
                    NodeReplay.Result result = NodeReplay.of(t, v, model, cpu, exact);
                    assertArrayEquals(result.recorded().data(), result.again().data(), 1e-5, v::label);
                }
            }
            assertEquals(reuse, replayed.stream().anyMatch(k -> k.startsWith("unet-text ")));
            assertEquals(reuse, replayed.stream().anyMatch(k -> k.startsWith("unet-time ")));
            assertEquals(reuse, replayed.stream().anyMatch(k -> k.endsWith(" once")));
            assertTrue(replayed.stream().anyMatch(k -> k.startsWith("unet later ")));
        }
    }

    private static Set<Integer> calls(Trace t, String network) {
        return t.values().stream().filter(v -> v.network().equals(network)).map(TraceValue::call)
                .collect(Collectors.toSet());
    }

    private static UNetConfig config() {
        return UNetConfig.read(ModelFolder.of(Fixtures.model(Size.TINY)).get(ModelFolder.Part.UNET));
    }

    /** Operations saved: two products for each cross-attention, and of a group of samples all but one before the first. */
    @Test
    void operationsSaved() {
        Graph whole = UNet.graph(config(), 4, 16, 16, TOKENS);
        Hoisting texts = Hoisting.of(whole, Set.of(CONTEXT));
        List<Node> crossings = whole.nodes().stream().filter(n -> n.name().matches(".*attn2\\.to_[kv]")).toList();
        assertEquals(whole.nodes().stream().filter(n -> n.name().endsWith("attn2.to_k")).count() * 2, crossings.size());
        double keysAndValues = crossings.stream().mapToDouble(Node::flops).sum();
        assertEquals(keysAndValues, texts.once().flops());
        assertEquals(whole.flops() - keysAndValues, texts.rest().flops());

        Hoisting times = Hoisting.of(texts.rest(), Set.of("timestep"));
        assertEquals(texts.rest().flops() - times.once().flops(), times.rest().flops());
        assertTrue(times.rest().nodes().stream().filter(n -> n.name().contains("time_emb"))
                .allMatch(n -> n.op() instanceof Op.Input));

        Graph shared = UNetSections.rest(whole, true, 2);
        Set<String> before = before(whole, "down_blocks.0.attentions.0.transformer_blocks.0.attn2.attention");
        double once = whole.nodes().stream().filter(n -> before.contains(n.name())).mapToDouble(Node::flops).sum();
        assertTrue(once > 0);
        assertEquals(times.rest().flops() - once / 2, shared.flops());
        assertEquals(times.rest().outputs().keySet(), shared.outputs().keySet());
    }

    /** The nodes that depend on the latents and, if at all, on timesteps only, up to a node. */
    private static Set<String> before(Graph g, String name) {
        Set<String> names = g.nodes().stream().takeWhile(n -> !n.name().equals(name)).map(Node::name)
                .filter(n -> !n.contains("time_") && !n.matches(".*attn2\\.to_[kv]")).collect(Collectors.toSet());
        return names;
    }

    @Test
    void nothingToHoist() {
        Graph whole = UNet.graph(config(), 2, 16, 16, TOKENS);
        assertThrows(IllegalArgumentException.class, () -> Hoisting.of(whole, Set.of("sample_of_nothing")));
        assertEquals(whole, SharedSamples.apply(whole, Set.of(CONTEXT), 1));
    }
}
