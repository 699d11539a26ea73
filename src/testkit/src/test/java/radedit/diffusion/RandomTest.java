package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.tensor.Shape;
import radedit.testdata.TestData;

class RandomTest {
    @Test
    void torchRandnIsEqualToTheBit() throws IOException {
        int values = 0;
        for (JsonNode row : new ObjectMapper().readTree(TestData.reference("rng.json").toFile())) {
            TorchRandom r = new TorchRandom(row.get("seed").asLong());
            for (JsonNode draw : row.get("draws_in_sequence")) {
                double[] expected = new double[draw.size()];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = draw.get(i).asDouble();
                }
                assertArrayEquals(expected, r.randn(Shape.of(expected.length)).data(), "seed " + row.get("seed"));
                values += expected.length;
            }
            double[] big = r.randn(Shape.of(6, 4, 64, 64)).data();
            JsonNode then = row.get("then_6x4x64x64");
            for (int i = 0; i < 8; i++) {
                assertEquals(then.get("first").get(i).asDouble(), big[i]);
                assertEquals(then.get("last").get(i).asDouble(), big[big.length - 8 + i]);
            }
            assertEquals(then.get("sum_float64").asDouble(), Arrays.stream(big).sum(), 1e-9);
        }
        assertEquals(7 * (1 + 3 + 15 + 16 + 17 + 31 + 64 + 100 + 1024), values);
    }

    /** The first numbers of torch.manual_seed(0); torch.randn(..., device="cuda"), to the digits published. */
    @Test
    void philoxGivesTheNumbersOfAGpu() {
        PhiloxRandom r = new PhiloxRandom(0);
        double[] x = r.randn(Shape.of(1, 4, 64, 64)).data();
        assertArrayEquals(new double[]{-0.9247, -0.4253, -2.6438, 0.1452}, Arrays.copyOf(x, 4), 5e-5);
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance = Arrays.stream(x).map(v -> v * v).average().orElseThrow();
        assertEquals(0, mean, 5 / Math.sqrt(x.length));
        assertEquals(1, variance, 5 * Math.sqrt(2.0 / x.length));
        assertEquals(false, Arrays.equals(x, r.randn(Shape.of(1, 4, 64, 64)).data()), "the next call draws on");
    }
}
