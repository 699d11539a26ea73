package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.audit.TensorErrors;
import radedit.model.SchedulerConfig;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/**
 * Timesteps, noise levels and trajectories of all samplers against those of diffusers' schedulers in float64; settings are
 * read from a scheduler_config.json.
 */
class SamplerCasesTest {
    private static final Shape ONE = Shape.of(1, 4, 2, 2);

    @TempDir
    Path temp;

    private SamplerConfig config(JsonNode c, JsonNode bases) throws IOException {
        ObjectNode all = new ObjectMapper().createObjectNode().put("_class_name", c.get("class").asText());
        all.setAll((ObjectNode) bases.get(c.get("base").asText()));
        all.setAll((ObjectNode) c.get("settings"));
        Files.writeString(temp.resolve("scheduler_config.json"), all.toString());
        return SchedulerConfig.read(temp).own();
    }

    private static double[] doubles(JsonNode a) {
        double[] out = new double[a.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = a.get(i).asDouble();
        }
        return out;
    }

    /** The formula of make.py: a latent, and the timestep as its only context. */
    private static Tensor network(CountedLatents.Call c) {
        double[] x = c.latent().data();
        double[] out = new double[x.length];
        for (int k = 0; k < x.length; k++) {
            out[k] = 0.8 * Math.sin(1.1 * x[k] + 0.002 * c.timestep() + 0.7 * k) + 0.2 * x[k];
        }
        return Tensor.of(c.latent().shape(), out);
    }

    @Test
    void trajectories() throws IOException {
        JsonNode file = new ObjectMapper().readTree(TestData.resource("/samplers/cases.json").toFile());
        Map<String, Tensor> expected = Fixtures.tensors(TestData.resource("/samplers/trajectories.safetensors"));
        Map<String, Double> worst = new HashMap<>();
        List<String> faults = new ArrayList<>();
        int number = 0;
        for (JsonNode c : file.get("cases")) {
            String name = c.get("class").asText() + " " + c.get("base").asText() + " " + c.get("settings") + " "
                    + c.get("steps");
            Sampler s = config(c, file.get("bases")).sampler(c.get("steps").asInt());
            assertArrayEquals(doubles(c.get("timesteps")), s.networkTimesteps(), name);
            assertEquals(c.get("init_noise_sigma").asDouble(), s.initialScale(), 1e-15 * s.initialScale(), name);
            if (c.has("sigmas")) {
                Tensor rows = s.coefficients();
                int columns = s.columns().size();
                for (int i = 0; i < rows.shape().dim(0); i++) {
                    assertEquals(c.get("sigmas").get(i).asDouble(), rows.data()[i * columns + 1], name);
                    assertEquals(c.get("sigmas").get(i + 1).asDouble(), rows.data()[i * columns + 2], name);
                }
            }
            double error = error(s, c.get("seed").asLong(), expected.get(Integer.toString(number++)));
            worst.merge(c.get("class").asText(), error, Math::max);
            if (!(error < 1e-12)) {
                faults.add(name + ": " + error);
            }
        }
        System.out.println("Samplers, largest relative difference to diffusers in float64: " + worst);
        assertEquals(List.of(), faults);
        assertEquals(expected.size(), number);
        assertTrue(number > 200, number + " cases");
    }

    /** The largest relative difference of the latents after the first step, half the steps and all. */
    private static double error(Sampler s, long seed, Tensor expected) {
        Noise random = new TorchRandom(seed);
        List<Tensor> path = new ArrayList<>();
        CountedLatents latents = new CountedLatents();
        Generator.generate(random.randn(ONE), s, latents.predictor(SamplerCasesTest::network),
                List.of(Tensor.zeros(Shape.of(1, 1, 1))), Tensor.zeros(Shape.of(1, 1, 1)), 1,
                GuidedSteps.all(s.networkTimesteps().length), random,
                (k, step) -> path.add(step.after().toTensor()));
        assertEquals(1, latents.live(), "only the result is left");
        assertTrue(latents.peak() <= Generator.latents(1, s), () -> latents.peak() + " live");
        int n = path.size();
        double worst = 0;
        int[] at = {0, (n + 1) / 2 - 1, n - 1};
        for (int i = 0; i < 3; i++) {
            worst = Math.max(worst, TensorErrors.relative(path.get(at[i]), expected.slice(i, i + 1)));
        }
        return worst;
    }
}
