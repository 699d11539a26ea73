package radedit.imaging;

import java.util.function.DoubleUnaryOperator;

/**
 * Resizes 8-bit pictures, equal to Pillow to the grey level: a separable filter, widened when the picture shrinks, with
 * 22-bit fixed-point coefficients, rows first and rounded to 8 bits between the passes (Pillow, Resample.c).
 */
public final class Resample {
    /** A filter kernel. */
    public enum Filter {
        /** Triangle. */
        BILINEAR(1) {
            @Override
            double at(double x) {
                return Math.max(0, 1 - Math.abs(x));
            }
        },
        /** Keys' cubic kernel with a = -0.5. */
        BICUBIC(2) {
            @Override
            double at(double x) {
                double t = Math.abs(x);
                if (t < 1) {
                    return ((-0.5 + 2) * t - (-0.5 + 3)) * t * t + 1;
                }
                return t < 2 ? (((t - 5) * t + 8) * t - 4) * -0.5 : 0;
            }
        },
        /** Sinc with a window of three lobes. */
        LANCZOS(3) {
            @Override
            double at(double x) {
                return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
            }
        };

        private final double support;

        Filter(double support) {
            this.support = support;
        }

        abstract double at(double x);

        private Window window() {
            return new Window(support, this::at);
        }

        private static double sinc(double x) {
            return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
        }
    }

    /**
     * A kernel's values within its support.
     *
     * @param support
     *            half of the width beyond which all values are 0
     * @param at
     *            values by the distance from the centre
     */
    private record Window(double support, DoubleUnaryOperator at) {
        /** Pillow's BOX. */
        static final Window BOX = new Window(0.5, x -> x > -0.5 && x <= 0.5 ? 1 : 0);
    }

    private static final int PRECISION = 22;

    private Resample() {
    }

    /**
     * {@return the picture at another size}
     *
     * @param p
     *            the picture
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param filter
     *            the kernel
     */
    public static Picture resize(Picture p, int width, int height, Filter filter) {
        return resize(p, width, height, filter.window());
    }

    /**
     * {@return the picture at another size: means of the pixels under each new one (Pillow's BOX), nearest neighbours
     * where it grows}
     *
     * @param p
     *            the picture
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     */
    public static Picture area(Picture p, int width, int height) {
        return resize(p, width, height, Window.BOX);
    }

    private static Picture resize(Picture p, int width, int height, Window window) {
        Picture across = p.width() == width ? p : horizontal(p, width, window);
        return p.height() == height ? across : vertical(across, height, window);
    }

    /**
     * {@return values at another size, by the same filters in double precision, without rounding or clipping}
     *
     * @param values
     *            [height, width], row-major
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param newWidth
     *            in pixels
     * @param newHeight
     *            in pixels
     * @param filter
     *            the kernel
     */
    public static double[] resize(double[] values, int width, int height, int newWidth, int newHeight, Filter filter) {
        return resize(values, width, height, newWidth, newHeight, filter.window());
    }

    /**
     * {@return values at another size, as {@link #area(Picture, int, int)} computes them, without rounding}
     *
     * @param values
     *            [height, width], row-major
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param newWidth
     *            in pixels
     * @param newHeight
     *            in pixels
     */
    public static double[] area(double[] values, int width, int height, int newWidth, int newHeight) {
        return resize(values, width, height, newWidth, newHeight, Window.BOX);
    }

    private static double[] resize(double[] values, int width, int height, int newWidth, int newHeight,
            Window window) {
        Kernel across = Kernel.of(0, width, 0, newWidth, (double) width / newWidth, 0, window);
        Kernel down = Kernel.of(0, height, 0, newHeight, (double) height / newHeight, 0, window);
        double[] rows = newWidth == width ? values : across.alongRows(values, width, height);
        return newHeight == height ? rows : down.alongColumns(rows, newWidth);
    }

    /**
     * Resamples a part of a film from its square, in double precision. Margins of the square do not contribute.
     *
     * @param square
     *            values, row-major
     * @param p
     *            position of the film in the square
     * @param x
     *            first column of the part; the part has {@code width} x {@code height} pixels of the film
     */
    static double[] part(double[] square, Placement p, int x, int y, int width, int height, Filter filter) {
        Kernel across = Kernel.of(Math.max(0, -p.left()), Math.min(p.size(), p.scaledWidth() - p.left()), x, width,
                p.scaleX(), p.left(), filter.window());
        Kernel down = Kernel.of(Math.max(0, -p.top()), Math.min(p.size(), p.scaledHeight() - p.top()), y, height,
                p.scaleY(), p.top(), filter.window());
        return down.alongColumns(across.alongRows(square, p.size(), p.size()), width);
    }

    /** For each output position the first input position and the weights from there on, which sum to 1. */
    private record Kernel(int[] first, double[][] weights) {
        /**
         * @param low
         *            the first input position that contributes
         * @param high
         *            one past the last
         * @param from
         *            the first output position
         * @param scale
         *            input positions per output position
         * @param offset
         *            input position at which the input begins
         */
        static Kernel of(int low, int high, int from, int out, double scale, double offset, Window f) {
            double filterScale = Math.max(scale, 1);
            double support = f.support * filterScale;
            int[] first = new int[out];
            double[][] weights = new double[out][];
            for (int i = 0; i < out; i++) {
                double centre = (from + i + 0.5) * scale - offset;
                int begin = Math.clamp((long) (centre - support + 0.5), low, high - 1);
                int end = Math.clamp((long) (centre + support + 0.5), begin + 1, high);
                double[] w = new double[end - begin];
                double sum = 0;
                for (int k = 0; k < w.length; k++) {
                    w[k] = f.at.applyAsDouble((k + begin - centre + 0.5) * (1 / filterScale));
                    sum += w[k];
                }
                for (int k = 0; k < w.length && sum != 0; k++) {
                    w[k] /= sum;
                }
                first[i] = begin;
                weights[i] = w;
            }
            return new Kernel(first, weights);
        }

        /** Filters each row of [height, width]. */
        double[] alongRows(double[] values, int width, int height) {
            double[] out = new double[height * first.length];
            for (int row = 0; row < height; row++) {
                for (int i = 0; i < first.length; i++) {
                    double sum = 0;
                    for (int k = 0; k < weights[i].length; k++) {
                        sum += weights[i][k] * values[row * width + first[i] + k];
                    }
                    out[row * first.length + i] = sum;
                }
            }
            return out;
        }

        /** Filters each column of [any height, width]. */
        double[] alongColumns(double[] values, int width) {
            double[] out = new double[width * first.length];
            for (int j = 0; j < first.length; j++) {
                for (int k = 0; k < weights[j].length; k++) {
                    double w = weights[j][k];
                    int from = (first[j] + k) * width;
                    for (int i = 0; i < width; i++) {
                        out[j * width + i] += w * values[from + i];
                    }
                }
            }
            return out;
        }
    }

    /** A {@link Kernel} in fixed point. */
    private record Taps(int[] first, int[][] weights) {
        static Taps of(int in, int out, Window f) {
            Kernel kernel = Kernel.of(0, in, 0, out, (double) in / out, 0, f);
            int[][] weights = new int[out][];
            for (int i = 0; i < out; i++) {
                double[] w = kernel.weights[i];
                weights[i] = new int[w.length];
                for (int k = 0; k < w.length; k++) {
                    double fixed = w[k] * (1 << PRECISION);
                    weights[i][k] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
                }
            }
            return new Taps(kernel.first, weights);
        }
    }

    private static Picture horizontal(Picture p, int width, Window filter) {
        Taps taps = Taps.of(p.width(), width, filter);
        int c = p.channels();
        byte[] out = new byte[width * p.height() * c];
        for (int y = 0; y < p.height(); y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * p.width() + taps.first[x]) * c;
                for (int ch = 0; ch < c; ch++) {
                    out[(y * width + x) * c + ch] = filter(p.samples(), at + ch, c, taps.weights[x]);
                }
            }
        }
        return new Picture(width, p.height(), c, out);
    }

    private static Picture vertical(Picture p, int height, Window filter) {
        Taps taps = Taps.of(p.height(), height, filter);
        int row = p.width() * p.channels();
        byte[] out = new byte[row * height];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < row; i++) {
                out[y * row + i] = filter(p.samples(), taps.first[y] * row + i, row, taps.weights[y]);
            }
        }
        return new Picture(p.width(), height, p.channels(), out);
    }

    private static byte filter(byte[] samples, int at, int step, int[] weights) {
        int sum = 1 << PRECISION - 1;
        for (int k = 0; k < weights.length; k++) {
            sum += (samples[at + k * step] & 0xFF) * weights[k];
        }
        return (byte) Math.clamp(sum >> PRECISION, 0, 255);
    }
}
