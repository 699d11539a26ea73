package radedit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.audit.AuditedNetwork;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Probe;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.safetensors.Safetensors;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Traces with a tensor for each leaf module, as PyTorch's hooks write them, against this program's. */
class TorchTraceTest {
    private static final TraceDiff.Bound CLOSE = new TraceDiff.Bound(1e-5, 3);

    @TempDir
    Path folder;

    /** Shapes of the leaf modules' values in a trace that PyTorch wrote. */
    private static Map<String, Shape> leaves(String part) throws IOException {
        Map<String, Shape> all = new TreeMap<>();
        if (part.equals("text_encoder")) {
            try (Safetensors s = Safetensors.open(TestData.reference("tiny/trace_text_encoder.safetensors"))) {
                s.tensors().forEach((name, t) -> all.put(name, t.shape()));
            }
            return all;
        }
        new ObjectMapper().readTree(TestData.reference("tiny/trace_" + part + ".json").toFile()).forEach(row -> {
            int[] shape = new int[row.get("shape").size()];
            Arrays.setAll(shape, i -> row.get("shape").get(i).asInt());
            all.put(row.get("name").asText(), Shape.of(shape));
        });
        return all;
    }

    private Path written(Map<String, Tensor> all) throws IOException {
        SafetensorsWriter w = new SafetensorsWriter();
        // As safetensors' own writer, which sorts.
        new TreeMap<>(all).forEach((name, t) -> w.add(name, DType.F32, t));
        Path file = folder.resolve("torch.safetensors");
        try (var out = Files.newOutputStream(file)) {
            w.writeTo(out);
        }
        return file;
    }

    private Path generated(String name, int steps, boolean reuse, boolean everyModule) throws IOException {
        Path file = folder.resolve(name + TraceFile.TENSORS);
        TraceSelection selection = new TraceSelection(TraceLevel.FULL, Pattern.compile(""), List.of(), everyModule);
        try (TraceFile f = TraceFile.create(file, selection.level());
                RadEdit r = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)),
                        reuse ? new RunOptions("cpu", 2, 0) : new RunOptions("cpu", 2, 0).withoutReuse(),
                        Listener.NONE, new TraceRecorder(f, selection))) {
            r.generate(new GenerateRequest("Cardiomegaly").steps(steps));
            f.finish();
        }
        return file;
    }

    /** Writes what hooks on leaf modules would have seen of a run in which every module was recorded. */
    private Path asTorch(Path recorded, Map<String, Double> factors) throws IOException {
        Set<String> leaves = new TreeSet<>();
        for (String part : List.of("unet", "vae", "text_encoder")) {
            leaves.addAll(leaves(part).keySet());
        }
        Map<String, Tensor> all = new LinkedHashMap<>();
        try (Trace t = Trace.open(recorded)) {
            for (TraceValue v : t.values()) {
                if (!v.isHost() && !v.isInput() && leaves.contains(v.name())) {
                    String name = v.call() == 0 ? v.name() : v.name() + "@" + v.call();
                    double factor = factors.getOrDefault(name, 1.0);
                    all.put(name, t.tensor(v).map(x -> x * factor));
                }
            }
        }
        return written(all);
    }

    /** A whole run of a UNet that computes once what does not change: all is equal, or it is said why it is not there. */
    @ParameterizedTest
    @CsvSource({"2,true", "3,true", "3,false"})
    void wholeRunsAreAligned(int steps, boolean reuse) throws IOException {
        Path torch = asTorch(generated("every", steps, false, true), Map.of());
        Path ours = generated("ours", steps, reuse, false);
        Set<String> explanations = Set.of("dropout, which does nothing here", "computed once for all steps",
                "computed once for all prompts of a step", "of a part that was not run");
        try (Trace a = Trace.open(torch); Trace b = Trace.open(ours)) {
            for (boolean turned : new boolean[]{false, true}) {
                TraceDiff d = turned ? TraceDiff.of(b, a, null, CLOSE) : TraceDiff.of(a, b, null, CLOSE);
                assertNull(d.divergence());
                assertTrue(d.holds());
                List<TraceDiff.Unmatched> torchs = turned ? d.onlySecond() : d.onlyFirst();
                Map<String, Long> reasons = torchs.stream()
                        .collect(Collectors.groupingBy(TraceDiff.Unmatched::reason, Collectors.counting()));
                reasons.keySet().removeIf(r -> r.startsWith("computed together with others as "));
                assertTrue(explanations.containsAll(reasons.keySet()), () -> reasons.toString());
                assertEquals(reuse, reasons.containsKey("computed once for all steps"));
                // what crosses from one section to another is compared at each step
                assertEquals(steps, d.rows().stream()
                        .filter(r -> r.a().name().equals("down_blocks.1.resnets.0.time_emb_proj")).count());
                assertEquals(steps, d.rows().stream().filter(r -> r.a().name().equals("conv_out")).count());
            }
        }
    }

    /** A difference at a step is found there, also in what this program computes once. */
    @Test
    void differencesAreNamed() throws IOException {
        Path every = generated("every", 3, false, true);
        Path ours = generated("ours", 3, true, false);
        for (String name : List.of("down_blocks.1.resnets.0.time_emb_proj@2",
                "mid_block.attentions.0.transformer_blocks.0.attn2.to_k@1",
                "up_blocks.3.attentions.2.transformer_blocks.0.attn1.to_q@1",
                "conv_out")) {
            try (Trace a = Trace.open(asTorch(every, Map.of(name, 1.001))); Trace b = Trace.open(ours)) {
                TraceDiff.Row row = TraceDiff.of(b, a, null, CLOSE).divergence();
                assertEquals(name, row.a().call() == 0 ? row.a().name() : row.a().name() + "@" + row.a().call());
            }
        }
    }

    /** Every leaf module of PyTorch's traces is compared or explained, also where operations are computed together. */
    @Test
    void leavesAreExplained() throws IOException {
        for (AuditedNetwork n : List.of(AuditedNetwork.UNET, AuditedNetwork.TEXT_ENCODER, AuditedNetwork.VAE_DECODER)) {
            String part = n == AuditedNetwork.UNET ? "unet" : n == AuditedNetwork.TEXT_ENCODER ? "text_encoder" : "vae";
            Path file = folder.resolve("fused.safetensors");
            try (TraceFile f = TraceFile.create(file, TraceLevel.FULL)) {
                try (Backend b = new TraceRecorder(f, TraceSelection.all(TraceLevel.FULL))
                        .watch(Backends.open("cpu", 2))) {
                    n.run(ModelFolder.of(Fixtures.model(Size.TINY)), b, inputs(n), Probe.NONE);
                }
                f.finish();
            }
            Map<String, Tensor> zeros = new TreeMap<>();
            leaves(part).forEach((name, shape) -> zeros.put(name, Tensor.zeros(shape)));
            try (Trace a = Trace.open(file); Trace b = Trace.open(written(zeros))) {
                TraceDiff d = TraceDiff.of(a, b, null, new TraceDiff.Bound(Double.POSITIVE_INFINITY, 3));
                assertTrue(d.rows().size() > 10);
                d.onlySecond().forEach(u -> assertTrue(
                        !u.reason().equals("not recorded") && !u.reason().equals("not a module"),
                        u.value().name() + ": " + u.reason()));
            }
        }
    }

    private static Map<String, Tensor> inputs(AuditedNetwork n) {
        String file = switch (n) {
            case UNET -> "unet_1x16x24";
            case TEXT_ENCODER -> "text_encoder";
            default -> "vae_decoder_12x20";
        };
        Map<String, Tensor> all = new HashMap<>();
        Fixtures.withPrefix(Fixtures.tensors(TestData.reference("tiny/" + file + ".safetensors")), "in.")
                .forEach((name, t) -> all.put(name, t.slice(0, 1)));
        return all;
    }
}
