package radedit.metrics.image;

import radedit.metrics.check.Require;

/**
 * Structural similarity (Wang et al., IEEE Transactions on Image Processing 13:600, 2004, equation 13, with K1 = 0.01 and
 * K2 = 0.03). Equal to {@code skimage.metrics.structural_similarity}.
 *
 * @param mean
 *            mean of the map without a border as wide as the window's radius, at most 1
 * @param map
 *            [height * width], the similarity around each pixel, at most 1; pictures are continued by reflection
 */
public record Ssim(double mean, double[] map) {
    /**
     * {@return the similarity with skimage's defaults: 7 x 7 uniform window, sample covariance}
     *
     * @param before
     *            [height * width], finite
     * @param after
     *            [height * width], finite
     * @param width
     *            columns, at least 7
     * @param height
     *            rows, at least 7
     * @param dataRange
     *            largest minus smallest possible level, such as 255; positive and finite
     * @throws IllegalArgumentException
     *             if lengths do not fit the size, the picture is smaller than the window, a level is not finite or the range is not
     *             positive
     */
    public static Ssim uniform(double[] before, double[] after, int width, int height, double dataRange) {
        return of(Window.UNIFORM, before, after, width, height, dataRange);
    }

    /**
     * {@return the similarity of Wang et al.: 11 x 11 Gaussian window with standard deviation 1.5, population covariance; in skimage
     * {@code gaussian_weights=True, sigma=1.5, use_sample_covariance=False}}
     *
     * @param before
     *            [height * width], finite
     * @param after
     *            [height * width], finite
     * @param width
     *            columns, at least 11
     * @param height
     *            rows, at least 11
     * @param dataRange
     *            largest minus smallest possible level, such as 255; positive and finite
     * @throws IllegalArgumentException
     *             if lengths do not fit the size, the picture is smaller than the window, a level is not finite or the range is not
     *             positive
     */
    public static Ssim gaussian(double[] before, double[] after, int width, int height, double dataRange) {
        return of(Window.GAUSSIAN, before, after, width, height, dataRange);
    }

    private static Ssim of(Window window, double[] before, double[] after, int width, int height, double dataRange) {
        Require.that(width >= window.size() && height >= window.size(), "a picture of " + width + " x " + height
                + " pixels is smaller than the window of " + window.size() + " x " + window.size());
        Require.that((long) width * height == before.length,
                "the picture has " + before.length + " values, not " + width + " x " + height);
        Require.sameLength("pixels before", before.length, "after", after.length);
        Require.finite("level before", before);
        Require.finite("level after", after);
        Require.that(dataRange > 0 && Double.isFinite(dataRange), "data range " + dataRange + " is not positive");
        double[] map = map(window, before, after, width, height, dataRange);
        int r = window.radius();
        double sum = 0;
        for (int y = r; y < height - r; y++) {
            for (int x = r; x < width - r; x++) {
                sum += map[y * width + x];
            }
        }
        return new Ssim(sum / ((double) (height - 2 * r) * (width - 2 * r)), map);
    }

    private static double[] map(Window window, double[] a, double[] b, int width, int height, double dataRange) {
        double[] meanA = window.means(a, width, height);
        double[] meanB = window.means(b, width, height);
        double[] meanAa = window.means(products(a, a), width, height);
        double[] meanBb = window.means(products(b, b), width, height);
        double[] meanAb = window.means(products(a, b), width, height);
        double c1 = 0.01 * dataRange * (0.01 * dataRange);
        double c2 = 0.03 * dataRange * (0.03 * dataRange);
        double f = window.covarianceFactor();
        double[] map = new double[a.length];
        for (int i = 0; i < map.length; i++) {
            double x = meanA[i];
            double y = meanB[i];
            double varianceA = f * (meanAa[i] - x * x);
            double varianceB = f * (meanBb[i] - y * y);
            double covariance = f * (meanAb[i] - x * y);
            map[i] = (2 * x * y + c1) * (2 * covariance + c2)
                    / ((x * x + y * y + c1) * (varianceA + varianceB + c2));
        }
        return map;
    }

    private static double[] products(double[] a, double[] b) {
        double[] all = new double[a.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = a[i] * b[i];
        }
        return all;
    }

    /**
     * {@return the mean of the map over a mask, the border included; NaN if the mask is empty}
     *
     * @param mask
     *            [height * width], true inside
     * @throws IllegalArgumentException
     *             if the mask's length is not that of the map
     */
    public double meanInside(boolean[] mask) {
        Require.sameLength("pixels", map.length, "in the mask", mask.length);
        double sum = 0;
        int n = 0;
        for (int i = 0; i < map.length; i++) {
            if (mask[i]) {
                sum += map[i];
                n++;
            }
        }
        return sum / n;
    }
}
