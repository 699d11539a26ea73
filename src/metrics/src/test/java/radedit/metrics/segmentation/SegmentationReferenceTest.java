package radedit.metrics.segmentation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import radedit.metrics.Reference;

/** Against MedPy and SciPy. */
class SegmentationReferenceTest {
    @Test
    void metricsEqualMedPys() throws IOException {
        Reference reference = new Reference();
        int transforms = 0;
        for (JsonNode c : Reference.cases("segmentation.json", 200)) {
            PixelGrid grid = new PixelGrid(c.get("w").asInt(), c.get("h").asInt(), c.get("spacing").get(0).asDouble(),
                    c.get("spacing").get(1).asDouble());
            boolean[] a = Reference.bits(c.get("a"));
            boolean[] b = Reference.bits(c.get("b"));
            Overlap overlap = Overlap.of(a, b);
            reference.check("Dice", c.get("dice"), overlap.dice());
            reference.check("Jaccard", c.get("jaccard"), overlap.jaccard());
            SurfaceDistances d = SurfaceDistances.of(a, b, grid);
            reference.check("HD", c.get("hd"), d.hausdorff());
            reference.check("HD95", c.get("hd95"), d.hausdorff95());
            reference.check("ASD", c.get("asd"), d.average());
            reference.check("ASSD", c.get("assd"), d.averageSymmetric());
            reference.check("average Hausdorff", c.get("averageHausdorff"), AverageHausdorff.of(a, b, grid));
            if (c.has("edt")) {
                reference.check("distance transform", c.get("edt"), DistanceTransform.of(a, grid));
                transforms++;
            }
        }
        assertTrue(transforms > 20, "transforms are compared");
        reference.print();
    }
}
