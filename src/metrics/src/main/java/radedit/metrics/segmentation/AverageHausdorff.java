package radedit.metrics.segmentation;

import java.util.Arrays;

/**
 * Average Hausdorff distance of the masks as sets of pixels, interiors included: (mean over A of the distance to B + mean over B of the
 * distance to A) / 2 (Aydin et al., European Radiology Experimental 5:4, 2021; Taha and Hanbury, BMC Medical Imaging
 * 15:29, 2015, take the larger of both means). It differs from {@link SurfaceDistances#averageSymmetric}, which sees
 * surfaces only: a pixel inside both masks counts here with distance 0.
 */
public final class AverageHausdorff {
    private AverageHausdorff() {
    }

    /**
     * {@return the average Hausdorff distance in the grid's unit; NaN if either mask is empty}
     *
     * @param first
     *            [height * width], true inside
     * @param second
     *            [height * width], true inside
     * @param grid
     *            size and spacing
     * @throws IllegalArgumentException
     *             if a mask's length is not that of the grid
     */
    public static double of(boolean[] first, boolean[] second, PixelGrid grid) {
        grid.check("the first mask", first);
        grid.check("the second mask", second);
        Crop crop = Crop.around(first, second, grid);
        if (crop.eitherEmpty()) {
            return Double.NaN;
        }
        return (directed(crop.first(), crop.second(), crop.grid()) + directed(crop.second(), crop.first(), crop.grid()))
                / 2;
    }

    private static double directed(boolean[] from, boolean[] to, PixelGrid grid) {
        return Arrays.stream(Crop.inside(from, DistanceTransform.of(to, grid))).average().orElseThrow();
    }
}
