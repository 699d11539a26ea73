package radedit.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Cases that make_reference.py wrote, and the largest error seen of each metric. */
public final class Reference {
    /** Both sides compute in double precision, by different sums; no case is conditioned worse than 1e6. */
    public static final double TOLERANCE = 1e-9;

    private final Map<String, Double> largest = new TreeMap<>();

    /** The cases of a file, at least so many. */
    public static List<JsonNode> cases(String file, int atLeast) throws IOException {
        JsonMapper json = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
        try (InputStream in = Reference.class.getResourceAsStream(file)) {
            List<JsonNode> all = new ArrayList<>();
            json.readTree(in).forEach(all::add);
            assertTrue(all.size() >= atLeast, file + " has " + all.size() + " cases");
            return all;
        }
    }

    public static double[] doubles(JsonNode array) {
        double[] all = new double[array.size()];
        Arrays.setAll(all, i -> array.get(i).asDouble());
        return all;
    }

    public static double[][] matrix(JsonNode rows) {
        double[][] all = new double[rows.size()][];
        Arrays.setAll(all, i -> doubles(rows.get(i)));
        return all;
    }

    public static boolean[] bits(JsonNode text) {
        boolean[] all = new boolean[text.asText().length()];
        for (int i = 0; i < all.length; i++) {
            all[i] = text.asText().charAt(i) == '1';
        }
        return all;
    }

    /** Compares to 1e-9 of the expected value or of 1, whichever is larger. */
    public void check(String metric, JsonNode expected, double actual) {
        check(metric, expected.asDouble(), actual, Math.max(1, Math.abs(expected.asDouble())));
    }

    /** Compares to 1e-9 of the expected value: small p-values keep their digits. */
    public void checkRelative(String metric, JsonNode expected, double actual) {
        check(metric, expected.asDouble(), actual, Math.abs(expected.asDouble()));
    }

    public void check(String metric, JsonNode expected, double[] actual) {
        assertEquals(expected.size(), actual.length, metric);
        for (int i = 0; i < actual.length; i++) {
            check(metric, expected.get(i), actual[i]);
        }
    }

    /** Compares to 1e-9 of a scale. */
    public void check(String metric, double expected, double actual, double scale) {
        if (Double.isNaN(expected) || Double.isInfinite(expected) || expected == 0 && scale == 0) {
            assertEquals(expected, actual, metric);
            largest.merge(metric, 0.0, Math::max);
            return;
        }
        double error = Math.abs(actual - expected) / scale;
        assertTrue(error <= TOLERANCE, () -> metric + ": " + actual + ", expected " + expected);
        largest.merge(metric, error, Math::max);
    }

    /** Prints the largest errors. */
    public void print() {
        assertTrue(!largest.isEmpty(), "nothing was compared");
        largest.forEach((metric, error) -> System.out.printf("%-32s largest error %.1e%n", metric, error));
    }
}
