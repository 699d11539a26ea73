package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.audit.TensorErrors;
import radedit.diffusion.Ddim.Config;
import radedit.diffusion.NoiseSchedule.Betas;
import radedit.diffusion.TimestepSpacing.Rule;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Against tables made by diffusers' DDIMScheduler. */
class DdimTest {
    private static final Map<String, Tensor> TABLES = Fixtures.tensors(TestData.reference("ddim.safetensors"));

    private static Config config(Betas b, Rule s, Prediction p, boolean one) {
        return new Config(new NoiseSchedule(1000, 0.0001, 0.02, b), p, new TimestepSpacing(s, 1), one,
                Thresholding.NONE);
    }

    @Test
    void timesteps() throws IOException {
        int compared = 0;
        for (JsonNode row : new ObjectMapper().readTree(TestData.reference("ddim.json").toFile())) {
            TimestepSpacing s = new TimestepSpacing(
                    Rule.valueOf(row.get("spacing").asText().toUpperCase(Locale.ROOT)), 1);
            int n = row.get("steps").asInt();
            int[] expected = new int[row.get("timesteps").size()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = row.get("timesteps").get(i).asInt();
            }
            if (expected[0] > 999) { // diffusers only notices when it steps
                assertThrows(IllegalArgumentException.class, () -> s.timesteps(1000, n));
            } else {
                assertArrayEquals(expected, s.timesteps(1000, n), row.get("spacing") + " " + n);
                compared++;
            }
        }
        assertTrue(compared >= 27, "compared " + compared);
    }

    /**
     * Trailing timesteps of every number of steps, those at ties too: hashes (as of {@link
     * java.util.Arrays#hashCode(int[])}) of numpy's round(arange(n, 0, -n / steps)) - 1, without the -1 that it has at
     * the end for some.
     */
    @Test
    void trailingTimestepsAreDiffusers() throws IOException {
        JsonNode all = new ObjectMapper().readTree(TestData.resource("/reports/trailing_timesteps.json").toFile());
        for (int train : new int[]{1000, 700}) {
            TimestepSpacing s = new TimestepSpacing(Rule.TRAILING, 1);
            for (int steps = 1; steps <= train; steps++) {
                assertEquals(all.get(Integer.toString(train)).get(steps - 1).asInt(),
                        Arrays.hashCode(s.timesteps(train, steps)), steps + " steps of " + train);
            }
        }
        assertEquals(186, new TimestepSpacing(Rule.TRAILING, 1).timesteps(1000, 48)[39]);
    }

    @Test
    void alphasCumprodAreEqualToTheBit() {
        for (Betas b : Betas.values()) {
            double[] expected = TABLES.get("alphas_cumprod." + b.name().toLowerCase(Locale.ROOT)).data();
            float[] ours = new NoiseSchedule(1000, 0.0001, 0.02, b).alphasCumprod();
            for (int t = 0; t < 1000; t++) {
                assertEquals((float) expected[t], ours[t], b + " " + t);
            }
        }
    }

    @Test
    void steps() {
        double worst = 0;
        double worstNoisy = 0;
        int compared = 0;
        for (String name : TABLES.keySet()) {
            if (!name.startsWith("step.")) {
                continue;
            }
            String[] part = name.split("\\.(?!\\d\\.)(?=[a-z]|\\d+$)"); // eta keeps its decimal point
            Prediction p = Prediction.valueOf(part[1].toUpperCase(Locale.ROOT));
            double eta = Double.parseDouble(part[2].substring(3));
            Ddim d = new Ddim(config(Betas.LINEAR, Rule.TRAILING, p, part[3].equals("one")), 50);
            Latents next = d.step(TABLES.get("in.sample"), TABLES.get("in.model_output"), Integer.parseInt(part[4]),
                    eta,
                    TABLES.get("in.variance_noise"));
            double error = TensorErrors.relative(next.toTensor(), TABLES.get(name));
            worst = eta == 0 ? Math.max(worst, error) : worst;
            worstNoisy = eta == 0 ? worstNoisy : Math.max(worstNoisy, error);
            compared++;
        }
        System.out.printf("DDIM: %d steps, largest difference to diffusers in float32 %.1e, with noise %.1e%n",
                compared, worst,
                worstNoisy);
        assertEquals(54, compared);
        // diffusers rounds coefficients and products to float32: a few units of 6e-8 each
        assertTrue(worst < 3e-7, "worst " + worst);
        // and finds sigma from 1 - abar_t / abar_prev, which loses digits where the quotient is near 1 (1 / 0.004 here)
        assertTrue(worstNoisy < 6e-8 / 0.004, "worst with noise " + worstNoisy);
    }

    /**
     * Where the predicted clean latent is clamped, the step and the noise that leads to a next latent are by the
     * formulas.
     */
    @Test
    void clampedSteps() {
        Tensor x = TABLES.get("in.sample");
        Tensor out = TABLES.get("in.model_output");
        Tensor noise = TABLES.get("in.variance_noise");
        int t = 499;
        double eta = 0.7;
        double range = 0.9;
        for (Prediction p : Prediction.values()) {
            Ddim d = new Ddim(new Config(NoiseSchedule.MODEL_CARD, p, new TimestepSpacing(Rule.TRAILING, 1), true,
                    new Thresholding.Static(range)), 50);
            double a = d.alphaCumprod(t);
            double before = d.alphaCumprod(t - 20);
            double sigma = d.sigma(t, eta);
            Tensor expected = Tensor.zeros(x.shape());
            int clamped = 0;
            for (int i = 0; i < x.data().length; i++) {
                double o = out.data()[i];
                double v = x.data()[i];
                double x0 = switch (p) {
                    case EPSILON -> (v - Math.sqrt(1 - a) * o) / Math.sqrt(a);
                    case SAMPLE -> o;
                    case V_PREDICTION -> Math.sqrt(a) * v - Math.sqrt(1 - a) * o;
                };
                double eps = switch (p) {
                    case EPSILON -> o;
                    case SAMPLE -> (v - Math.sqrt(a) * o) / Math.sqrt(1 - a);
                    case V_PREDICTION -> Math.sqrt(a) * o + Math.sqrt(1 - a) * v;
                };
                clamped += Math.abs(x0) > range ? 1 : 0;
                expected.data()[i] = Math.sqrt(before) * Math.clamp(x0, -range, range)
                        + Math.sqrt(1 - before - sigma * sigma) * eps + sigma * noise.data()[i];
            }
            assertTrue(clamped > 0 && clamped < x.data().length, p + ": " + clamped);
            Latents next = d.step(x, out, t, eta, noise);
            assertTrue(TensorErrors.relative(next.toTensor(), expected) < 1e-14, p.toString());
            assertTrue(TensorErrors.relative(d.noise(x, out, t, eta, next).toTensor(), noise) < 1e-12, p.toString());
        }
    }

    @Test
    void stepsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Ddim(Config.MODEL_CARD, 0));
        assertThrows(IllegalArgumentException.class, () -> new Ddim(Config.MODEL_CARD, 1001));
    }
}
