package radedit.pipeline;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Whole trajectories on the GPU, by the same accuracy rule as on the CPU. */
class TornadoTrajectoryTest {
    @ParameterizedTest
    @CsvSource({"TINY", "VARIANT"})
    void generateAndEdit(Size size) throws IOException {
        String folder = size.name().toLowerCase(java.util.Locale.ROOT);
        Map<String, Tensor> generated = Fixtures.tensors(TestData.reference(folder + "/generate.safetensors"));
        try (RadEdit radEdit = TrajectoryTest.open(size, "tornado", 1, 0)) {
            Result r = radEdit.generate(new GenerateRequest(TrajectoryTest.PROMPTS).steps(10).seed(1));
            TrajectoryTest.judge(size + " generate, latent", "tornado", r.latents(), generated.get("torch.latent"),
                    generated.get("exact.latent"));
            TrajectoryTest.judge(size + " generate, image", "tornado", r.images(), generated.get("torch.image"),
                    generated.get("exact.image"));
            TrajectoryTest.edit(size, "tornado", radEdit);
        }
    }
}
