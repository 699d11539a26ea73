package radedit.metrics.classification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import radedit.metrics.Reference;
import radedit.metrics.classification.Reliability.Bin;

/** Against scikit-learn. */
class ClassificationReferenceTest {
    @Test
    void metricsEqualScikitLearns() throws IOException {
        Reference reference = new Reference();
        for (JsonNode c : Reference.cases("classification.json", 160)) {
            boolean[] y = Reference.bits(c.get("y"));
            double[] p = Reference.doubles(c.get("p"));
            Confusion confusion = Confusion.at(y, p, c.get("threshold").asDouble());
            assertEquals(new Confusion(c.get("tp").asInt(), c.get("fp").asInt(), c.get("tn").asInt(),
                    c.get("fn").asInt()), confusion);
            reference.check("accuracy", c.get("accuracy"), confusion.accuracy());
            reference.check("sensitivity", c.get("sensitivity"), confusion.sensitivity());
            reference.check("specificity", c.get("specificity"), confusion.specificity());
            reference.check("balanced accuracy", c.get("balanced"), confusion.balancedAccuracy());
            reference.check("PPV", c.get("ppv"), confusion.positivePredictiveValue());
            reference.check("NPV", c.get("npv"), confusion.negativePredictiveValue());
            reference.check("F1", c.get("f1"), confusion.f1());
            int[] rows = IntStream.range(0, y.length).map(i -> y.length - 1 - i).toArray();
            reference.check("AUROC", c.get("auroc"), Ranking.auroc(y, p));
            reference.check("AUROC of rows", c.get("auroc"), Ranking.auroc(y, p, rows));
            reference.check("average precision", c.get("averagePrecision"), Ranking.averagePrecision(y, p));
            reference.check("average precision of rows", c.get("averagePrecision"),
                    Ranking.averagePrecision(y, p, rows));
            RocCurve roc = RocCurve.of(y, p);
            reference.check("ROC thresholds", c.get("thresholds"), roc.thresholds());
            reference.check("ROC FPR", c.get("fpr"), roc.falsePositiveRate());
            reference.check("ROC TPR", c.get("tpr"), roc.truePositiveRate());
            RocCurve.Point best = roc.youden();
            reference.check("Youden", c.get("youden"),
                    new double[]{best.threshold(), best.sensitivity(), best.specificity()});
            reference.check("Brier", c.get("brier"), ProbabilityScores.brier(y, p));
            reference.check("log loss", c.get("logLoss"), ProbabilityScores.logLoss(y, p));
            Reliability reliability = Reliability.of(y, p, c.get("bins").asInt());
            reference.check("counts of bins", c.get("counts"),
                    reliability.bins().stream().mapToDouble(Bin::count).toArray());
            List<Bin> filled = reliability.bins().stream().filter(b -> b.count() > 0).toList();
            reference.check("positive share of bins", c.get("positiveShare"),
                    filled.stream().mapToDouble(Bin::positiveShare).toArray());
            reference.check("mean probability of bins", c.get("meanProbability"),
                    filled.stream().mapToDouble(Bin::meanProbability).toArray());
            reference.check("ECE", c.get("ece"), reliability.expectedCalibrationError());
            reference.check("MCE", c.get("mce"), reliability.maximumCalibrationError());
        }
        reference.print();
    }
}
