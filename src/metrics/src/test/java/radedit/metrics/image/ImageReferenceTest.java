package radedit.metrics.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import radedit.metrics.Reference;

/** Against scikit-image. */
class ImageReferenceTest {
    private static double[] values(AbsoluteChange c) {
        return new double[]{c.count(), c.mean(), c.largest(), c.rms()};
    }

    @Test
    void metricsEqualScikitImages() throws IOException {
        Reference reference = new Reference();
        int gaussians = 0;
        for (JsonNode c : Reference.cases("image.json", 60)) {
            int w = c.get("w").asInt();
            int h = c.get("h").asInt();
            double range = c.get("range").asDouble();
            double[] a = Reference.doubles(c.get("a"));
            double[] b = Reference.doubles(c.get("b"));
            boolean[] mask = Reference.bits(c.get("mask"));
            reference.check("change inside", c.get("inside"), values(AbsoluteChange.inside(a, b, mask)));
            reference.check("change outside", c.get("outside"), values(AbsoluteChange.outside(a, b, mask)));
            reference.check("change", c.get("all"), values(AbsoluteChange.of(a, b)));
            reference.check("PSNR", c.get("psnr"), Psnr.of(a, b, range));
            Ssim uniform = Ssim.uniform(a, b, w, h, range);
            reference.check("SSIM uniform", c.get("uniform"), uniform.mean());
            reference.check("SSIM inside", c.get("uniformInside"), uniform.meanInside(mask));
            if (c.has("uniformMap")) {
                reference.check("SSIM uniform map", c.get("uniformMap"), uniform.map());
            }
            if (c.has("gaussian")) {
                Ssim gaussian = Ssim.gaussian(a, b, w, h, range);
                reference.check("SSIM Gaussian", c.get("gaussian"), gaussian.mean());
                gaussians++;
                if (c.has("gaussianMap")) {
                    reference.check("SSIM Gaussian map", c.get("gaussianMap"), gaussian.map());
                }
            }
        }
        assertTrue(gaussians > 20, "Gaussian windows are compared");
        reference.print();
    }
}
