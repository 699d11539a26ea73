package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import radedit.checkpoint.ModelFolder;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.trace.Trace;
import radedit.trace.TraceFile;
import radedit.trace.TraceLevel;
import radedit.trace.TraceRecorder;
import radedit.trace.TraceSelection;
import radedit.trace.TraceValue;

/** Generation with samplers beside DDIM, from prompts to latents, against diffusers' pipeline. */
class SamplerTest {
    /** What the slow loops of the reference backend compute too: a sampler of each kind of steps. */
    private static final Set<String> SLOW = Set.of("dpm++2m_sde", "euler_karras", "plms");

    @TempDir
    Path temp;

    private static GenerateRequest request(String method, int pictures, int steps) {
        String[] words = method.split("_karras");
        SamplerChoice choice = SamplerChoice.of(Arrays.stream(SamplerMethod.values())
                .filter(m -> m.toString().equals(words[0])).findFirst().orElseThrow());
        return new GenerateRequest(TrajectoryTest.PROMPTS.subList(0, pictures)).steps(steps).seed(1)
                .sampler(method.endsWith("_karras") ? choice.sigmas(SigmaSpacing.KARRAS) : choice);
    }

    @ParameterizedTest
    @CsvSource({"cpu, 4", "cpu, 1", "reference, 0"})
    void trajectories(String backend, int batch) {
        Map<String, Tensor> c = Fixtures.tensors(TestData.resource("/samplers/pipeline.safetensors"));
        Map<String, Integer> steps = Map.of("dpm++2m", 10, "dpm++2m_karras", 8, "dpm++2m_sde", 10, "unipc", 8, "euler",
                10, "euler_karras", 10, "euler_a", 10, "pndm", 8, "plms", 10, "lcm", 4);
        assertEquals(2 * steps.size(), c.size());
        try (RadEdit radEdit = TrajectoryTest.open(Size.TINY, backend, 2, batch)) {
            steps.forEach((name, n) -> {
                if (backend.equals("reference") && !SLOW.contains(name)) {
                    return;
                }
                Tensor exact = c.get("exact." + name);
                Result r = radEdit.generate(request(name, exact.shape().dim(0), n));
                TrajectoryTest.judge(name, backend, r.latents(), c.get("torch." + name), exact);
            });
        }
    }

    /** Each evaluation is of one latent under one text; PNDM has some more than steps. */
    @Test
    void evaluationsAreCounted() {
        Map<SamplerMethod, Integer> expected = Map.of(SamplerMethod.DDIM, 5, SamplerMethod.DPM_2M, 5,
                SamplerMethod.DPM_2M_SDE, 5, SamplerMethod.UNIPC, 5, SamplerMethod.EULER, 5, SamplerMethod.EULER_A, 5,
                SamplerMethod.PNDM, 14, SamplerMethod.PLMS, 6, SamplerMethod.LCM, 5);
        assertEquals(SamplerMethod.values().length, expected.size());
        try (RadEdit radEdit = TrajectoryTest.open(Size.TINY, "cpu", 2, 0)) {
            expected.forEach((method, n) -> {
                List<Long> counted = new ArrayList<>();
                List<Integer> totals = new ArrayList<>();
                Listener listener = new Listener() {
                    @Override
                    public void evaluations(long computed, long shared) {
                        counted.add(computed);
                    }

                    @Override
                    public void progress(String phase, int done, int total) {
                        if (phase.equals("denoising")) {
                            assertEquals(totals.size() + 1, done);
                            totals.add(total);
                        }
                    }
                };
                Result r = radEdit.generate(new GenerateRequest("Cardiomegaly").steps(5).sampler(method), listener);
                assertEquals(List.of(2L * n), counted, method.toString());
                assertEquals(java.util.Collections.nCopies(n, n), totals);
                Map<String, Object> s = r.settings().getFirst();
                assertEquals(2 * n, s.get("evaluations"));
                assertEquals(method.toString(), s.get("sampler"));
                assertEquals(Map.of("sampler", method.toString()), s.get("sampler_chosen"));
            });
        }
    }

    /** A picture is the same alone, in a batch, and in any division of the batch; a generator of its own is that of its seed. */
    @ParameterizedTest
    @EnumSource(names = {"EULER_A", "DPM_2M_SDE", "LCM"})
    void noiseOfStepsIsThatOfTheBatch(SamplerMethod method) {
        try (RadEdit whole = TrajectoryTest.open(Size.TINY, "cpu", 2, 6);
                RadEdit parts = TrajectoryTest.open(Size.TINY, "cpu", 1, 1)) {
            GenerateRequest three = new GenerateRequest("Cardiomegaly").count(3).steps(3).seed(5).sampler(method);
            Tensor all = whole.generate(three).latents();
            assertArrayEquals(all.data(), parts.generate(three).latents().data());
            Tensor second = parts.generate(new GenerateRequest("Cardiomegaly").count(3).steps(3).seed(5).sampler(method)
                    .only(2)).latents();
            assertArrayEquals(all.slice(1, 2).data(), second.data());
            Tensor own = whole.generate(three.seedPerImage(true)).latents();
            Tensor alone = whole.generate(new GenerateRequest("Cardiomegaly").steps(3).seed(6).sampler(method))
                    .latents();
            assertArrayEquals(own.slice(1, 2).data(), alone.data());
            assertFalse(Arrays.equals(all.slice(1, 2).data(), alone.data()));
        }
    }

    @Test
    void defaultStepsAreTheSamplers() {
        try (RadEdit radEdit = TrajectoryTest.open(Size.TINY, "cpu", 2, 0)) {
            GenerateRequest r = new GenerateRequest("Cardiomegaly").guidance(1).sampler(SamplerMethod.LCM);
            assertEquals(4, radEdit.generate(r).settings().getFirst().get("steps"));
        }
    }

    /** A trace has the coefficients, the noise of each step, and the step of each run of the UNet, repeated ones too. */
    @Test
    void traces() throws IOException {
        for (SamplerMethod method : new SamplerMethod[]{SamplerMethod.PLMS, SamplerMethod.EULER_A}) {
            Path file = temp.resolve(method.name() + TraceFile.LINES);
            try (TraceFile f = TraceFile.create(file, TraceLevel.HASH)) {
                TraceRecorder recorder = new TraceRecorder(f, new TraceSelection(TraceLevel.HASH,
                        java.util.regex.Pattern.compile("host|sample|timestep|sampler|draw.*|step"), List.of(), false));
                try (RadEdit radEdit = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)),
                        new RunOptions("cpu", 2, 0), Listener.NONE, recorder)) {
                    radEdit.generate(new GenerateRequest("Cardiomegaly").steps(3).sampler(method));
                }
                f.finish();
            }
            try (Trace t = Trace.open(file)) {
                assertEquals(List.of(), t.damage());
                List<Integer> steps = t.values().stream()
                        .filter(v -> v.network().equals("unet") && v.name().equals("timestep")).map(TraceValue::step)
                        .toList();
                boolean plms = method == SamplerMethod.PLMS;
                assertEquals(plms ? List.of(0, 1, 2, 3) : List.of(0, 1, 2), steps);
                assertEquals(plms ? 0 : 3,
                        t.values().stream().filter(v -> v.name().equals("draw.step")).count());
                assertTrue(t.values().stream().anyMatch(v -> v.name().equals("sampler")
                        && v.shape().equals(plms ? List.of(4, 2) : List.of(3, 4))));
            }
        }
    }
}
