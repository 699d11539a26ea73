package radedit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.audit.AuditedNetwork;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Probe;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.SyntheticInputs;

/** Traces of the GPU backend: close to double precision value by value, and the same bits again. */
class TornadoTraceTest {
    @TempDir
    Path folder;

    private Path record(String backend, boolean modules, String name) throws IOException {
        Map<String, Tensor> given = Map.of("sample", SyntheticInputs.of("sample", Shape.of(1, 4, 16, 16), 1),
                "timestep", Tensor.of(Shape.of(1), 401), "encoder_hidden_states",
                SyntheticInputs.of("context", Shape.of(1, 128, 48), 1));
        TraceSelection selection = new TraceSelection(TraceLevel.FULL, Pattern.compile(""), List.of(), modules);
        Path file = folder.resolve(name + TraceFile.TENSORS);
        try (TraceFile f = TraceFile.create(file, TraceLevel.FULL)) {
            try (Backend b = new TraceRecorder(f, selection).watch(Backends.open(backend, 2))) {
                AuditedNetwork.UNET.run(ModelFolder.of(Fixtures.model(Size.TINY)), b, given, Probe.NONE);
            }
            f.finish();
        }
        return file;
    }

    @Test
    void valuesAreCloseToDoublePrecision() throws IOException {
        Path exact = record("reference", true, "exact");
        for (boolean modules : new boolean[]{false, true}) {
            Path one = record("tornado", modules, "one");
            Path two = record("tornado", modules, "two");
            try (Trace a = Trace.open(one); Trace b = Trace.open(two); Trace c = Trace.open(exact)) {
                assertTrue(TraceDiff.of(a, b, null, new TraceDiff.Bound(0, 3)).holds());
                TraceDiff d = TraceDiff.of(a, c, null, new TraceDiff.Bound(1e-5, 3));
                assertTrue(d.holds(), () -> d.divergence().a().label());
                assertEquals(List.of(), d.onlyFirst());
                assertTrue(d.rows().size() > 300, d.rows().size() + " values");
            }
        }
    }

    @Test
    void runsAreRecorded() throws IOException {
        Path file = folder.resolve("run.jsonl.gz");
        try (TraceFile f = TraceFile.create(file, TraceLevel.HASH);
                RadEdit r = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)), new RunOptions("tornado", 2, 0),
                        Listener.NONE, new TraceRecorder(f, TraceSelection.all(TraceLevel.HASH)))) {
            r.generate(new GenerateRequest("Cardiomegaly").steps(2));
            f.finish();
        }
        try (Trace t = Trace.open(file)) {
            assertEquals(List.of(), t.damage());
            assertEquals(2, t.values().stream().filter(v -> v.name().equals("step")).count());
            // Computed once for both samples of guidance.
            assertEquals(2, t.values().stream()
                    .filter(v -> v.name().equals("conv_in.once") && v.network().equals("unet")).count());
            assertTrue(t.heads().stream().anyMatch(h -> h.path("backend").asText().contains("kernels")));
        }
    }
}
