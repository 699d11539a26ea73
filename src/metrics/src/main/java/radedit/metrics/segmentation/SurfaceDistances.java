package radedit.metrics.segmentation;

import java.util.Arrays;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Distances between the surfaces of two masks. The surface is the pixels that have one of their four neighbours outside the mask or
 * the picture (erosion with connectivity 1). Equal to {@code medpy.metric.binary}, which refuses an empty mask; here, every metric is NaN
 * if either mask is empty.
 *
 * @param toReference
 *            distance of each surface pixel of the result to the nearest of the reference, in the grid's unit; empty if either
 *            mask is
 * @param toResult
 *            distance of each surface pixel of the reference to the nearest of the result; empty if either mask is
 */
public record SurfaceDistances(double[] toReference, double[] toResult) {
    /**
     * {@return the distances between two masks}
     *
     * @param result
     *            [height * width], true inside
     * @param reference
     *            [height * width], true inside
     * @param grid
     *            size and spacing
     * @throws IllegalArgumentException
     *             if a mask's length is not that of the grid
     */
    public static SurfaceDistances of(boolean[] result, boolean[] reference, PixelGrid grid) {
        grid.check("the result", result);
        grid.check("the reference", reference);
        Crop crop = Crop.around(result, reference, grid);
        if (crop.eitherEmpty()) {
            return new SurfaceDistances(new double[0], new double[0]);
        }
        boolean[] a = surface(crop.first(), crop.grid());
        boolean[] b = surface(crop.second(), crop.grid());
        return new SurfaceDistances(Crop.inside(a, DistanceTransform.of(b, crop.grid())),
                Crop.inside(b, DistanceTransform.of(a, crop.grid())));
    }

    private static boolean[] surface(boolean[] mask, PixelGrid grid) {
        int w = grid.width();
        int h = grid.height();
        boolean[] surface = new boolean[mask.length];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int i = y * w + x;
                boolean interior = y > 0 && y < h - 1 && x > 0 && x < w - 1 && mask[i - w] && mask[i + w] && mask[i - 1]
                        && mask[i + 1];
                surface[i] = mask[i] && !interior;
            }
        }
        return surface;
    }

    /** {@return whether a mask is empty, so that there are no distances} */
    public boolean isEmpty() {
        return toReference.length == 0;
    }

    /** {@return the Hausdorff distance: the largest of all distances, both ways (MedPy's hd)} */
    public double hausdorff() {
        return Math.max(max(toReference), max(toResult));
    }

    /** {@return the 95th percentile of all distances, both ways pooled, interpolated linearly (MedPy's hd95)} */
    public double hausdorff95() {
        double[] all = pooled();
        return all.length == 0
                ? Double.NaN
                : new Percentile(95).withEstimationType(EstimationType.R_7).evaluate(all);
    }

    /** {@return the average surface distance of the result to the reference; not symmetric (MedPy's asd)} */
    public double average() {
        return Arrays.stream(toReference).average().orElse(Double.NaN);
    }

    /** {@return the average symmetric surface distance: the mean of all distances, both ways pooled (MedPy's assd)} */
    public double averageSymmetric() {
        return Arrays.stream(pooled()).average().orElse(Double.NaN);
    }

    private double[] pooled() {
        double[] all = Arrays.copyOf(toReference, toReference.length + toResult.length);
        System.arraycopy(toResult, 0, all, toReference.length, toResult.length);
        return all;
    }

    private static double max(double[] distances) {
        return Arrays.stream(distances).max().orElse(Double.NaN);
    }
}
