package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
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

    /** Sums have the same order in a batch of any size, so that edits do not depend on those they are sampled with. */
    @Test
    void editsTogetherAreThoseMadeOneByOne() throws IOException {
        List<EditRequest> requests = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            requests.add(TrajectoryTest.request("tiny").steps(4 + k % 2).seed(k).skipRatio(0.1 * k)
                    .keepMask(k == 1 ? null : TrajectoryTest.request("tiny").keepMask));
        }
        requests.get(2).prompt("Cardiomegaly", 2);
        List<Result> alone = new ArrayList<>();
        try (RadEdit radEdit = TrajectoryTest.open(Size.TINY, "tornado", 1, 0)) {
            assertEquals(4, radEdit.editsTogether());
            for (EditRequest r : requests) {
                alone.add(radEdit.edit(r));
            }
        }
        try (RadEdit radEdit = TrajectoryTest.open(Size.TINY, "tornado", 1, 0)) {
            List<EditOutcome> together = radEdit.editAll(requests);
            for (int k = 0; k < requests.size(); k++) {
                assertArrayEquals(alone.get(k).latents().data(), together.get(k).get().latents().data(), "edit " + k);
                assertArrayEquals(alone.get(k).images().data(), together.get(k).get().images().data(), "edit " + k);
            }
        }
        try (RadEdit radEdit = TrajectoryTest.open(Size.TINY, "tornado", 1, 4)) {
            assertEquals(2, radEdit.editsTogether());
        }
    }
}
