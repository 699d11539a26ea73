package radedit.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

/** Against SciPy and statsmodels. */
class StatisticsReferenceTest {
    private static double[] pair(Interval i) {
        return new double[]{i.low(), i.high()};
    }

    @Test
    void intervalsOfProportionsEqualStatsmodels() throws IOException {
        Reference reference = new Reference();
        for (JsonNode c : Reference.cases("proportions.json", 200)) {
            Proportion p = new Proportion(c.get("k").asInt(), c.get("n").asInt());
            double level = c.get("level").asDouble();
            for (int end = 0; end < 2; end++) {
                reference.checkRelative("Clopper-Pearson", c.get("clopperPearson").get(end),
                        pair(p.clopperPearson(level))[end]);
                reference.check("Wilson", c.get("wilson").get(end), pair(p.wilson(level))[end]);
            }
            reference.checkRelative("one-sided upper", c.get("upper"), p.clopperPearsonUpper(level));
            reference.checkRelative("one-sided lower", c.get("lower"), p.clopperPearsonLower(level));
        }
        reference.print();
    }

    @Test
    void testsEqualSciPys() throws IOException {
        Reference reference = new Reference();
        List<JsonNode> cases = Reference.cases("tests.json", 150);
        for (JsonNode c : cases) {
            switch (c.get("kind").asText()) {
                case "mcnemar" -> reference.checkRelative("McNemar", c.get("p"),
                        new McNemar(3, c.get("b").asInt(), c.get("c").asInt(), 4).pValue());
                case "wilcoxon" -> {
                    WilcoxonSignedRank w = WilcoxonSignedRank.of(Reference.doubles(c.get("d")));
                    reference.checkRelative(w.exact() ? "Wilcoxon exact" : "Wilcoxon normal", c.get("p"), w.pValue());
                    assertEquals(c.get("plus").asDouble(), w.positiveRankSum());
                    assertEquals(c.get("minus").asDouble(), w.negativeRankSum());
                    assertEquals(c.get("d").size(), w.count() + w.zeros());
                }
                default -> {
                    double[] x = Reference.doubles(c.get("x"));
                    double[] y = Reference.doubles(c.get("y"));
                    Correlation r = Correlation.pearson(x, y);
                    Correlation s = Correlation.spearman(x, y);
                    reference.check("Pearson", c.get("pearson").get(0), r.coefficient());
                    reference.check("Pearson p", c.get("pearson").get(1), r.pValue());
                    reference.check("Spearman", c.get("spearman").get(0), s.coefficient());
                    reference.check("Spearman p", c.get("spearman").get(1), s.pValue());
                }
            }
        }
        reference.print();
    }
}
