package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Graph;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.graph.Scope;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.OpCase;
import radedit.trace.Trace;
import radedit.trace.TraceDiff;
import radedit.trace.TraceFile;
import radedit.trace.TraceLevel;
import radedit.trace.TraceRecorder;
import radedit.trace.TraceSelection;
import radedit.weights.WeightStore;

/** Networks whose GEMMs read rounded operands, on the GPU: by the rules of the cpu backend. */
class TornadoEmulatedPrecisionTest {
    /** Lower halves of float32 patterns: around the ties of formats with 10 and 7 mantissa bits, and in between. */
    private static final int[] LOW = {0, 1, 0x0FFF, 0x1000, 0x1001, 0x1FFF, 0x2FFF, 0x3000, 0x3001, 0x5A5A, 0x7FFF,
            0x8000, 0x8001, 0xEFFF, 0xF000, 0xF001, 0xFFFF};

    @TempDir
    Path temp;

    /** Every sign, exponent and upper half of the mantissa, subnormal numbers, infinities and NaN. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void everyExponentTieAndSpecialValue(Precision p) throws IOException {
        double[] all = new double[LOW.length << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = Float.intBitsToFloat(i / LOW.length << 16 | LOW[i % LOW.length]);
        }
        Tensor x = Tensor.of(Shape.of(1, all.length / 8, 8), all);
        Scope s = Scope.root();
        Graph plain = s.build(Map.of("y", s.identity("round", s.input("x", x.shape()))));
        Graph graph = EmulatedPrecisionTest.withLast(plain, new Op.Round(p));
        try (WeightStore none = new OpCase("none", plain, 1).weights(temp); Backend b = Backends.open("tornado", 1)) {
            double[] y = b.compile(graph, none, Probe.NONE).run(Map.of("x", x)).get("y").data();
            for (int i = 0; i < all.length; i++) {
                double v = all[i];
                assertEquals(p.round(v), y[i], () -> Double.toHexString(v)); // NaN equals NaN, zeros have signs
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void everyOperationIsTheReferences(Precision p) {
        EmulatedPrecisionTest.everyOperationIsTheReferences("tornado", p);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void wholeNetworksErrByTheSameAmount(Precision p) {
        for (Size size : List.of(Size.TINY, Size.VARIANT)) {
            EmulatedPrecisionTest.wholeNetworksErrByTheSameAmount("tornado", size, p);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void softmaxWeightsAreRoundedRelativeToTheLargestScore(Precision p) throws IOException {
        EmulatedPrecisionTest.softmaxWeightsAreRoundedRelativeToTheLargestScore("tornado", p, temp);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aDiffFindsTheFirstGemm(Precision p) throws IOException {
        EmulatedPrecisionTest.aDiffFindsTheFirstGemm("tornado", p, temp);
    }

    /** A picture and its trace say that they are approximate; the same run gives the same trace. */
    @Test
    void runsAreRecordedAsApproximate() throws IOException {
        Path one = recorded("one");
        Path two = recorded("two");
        try (Trace a = Trace.open(one); Trace b = Trace.open(two)) {
            TraceDiff d = TraceDiff.of(a, b, null, new TraceDiff.Bound(0, 3));
            assertTrue(d.holds());
            assertEquals("[[emulate_precision fp16], [emulate_precision fp16]]", d.approximations().toString());
        }
    }

    private Path recorded(String name) throws IOException {
        Path file = temp.resolve(name + TraceFile.LINES);
        try (TraceFile f = TraceFile.create(file, TraceLevel.HASH);
                RadEdit r = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)),
                        new RunOptions("tornado", 2, 0).emulating(Precision.FP16), Listener.NONE,
                        new TraceRecorder(f, TraceSelection.all(TraceLevel.HASH)))) {
            Map<String, Object> s = r.generate(new GenerateRequest("Cardiomegaly").steps(2)).settings().getFirst();
            assertEquals("fp16", s.get("emulate_precision"));
            assertEquals(false, s.get("exact"));
            assertTrue(s.get("backend").toString().startsWith("tornado (GEMM operands rounded to fp16, float32, "),
                    s.toString());
            f.finish();
        }
        return file;
    }
}
