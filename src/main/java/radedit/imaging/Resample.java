package radedit.imaging;

/**
 * Resizing of 8-bit pictures as Pillow does it, to the grey level: a separable filter, widened when the picture shrinks,
 * with 22-bit fixed-point coefficients, rows first and rounded to 8 bits between the passes (Pillow, Resample.c).
 */
public final class Resample {
    /** The filter's kernel. */
    public enum Filter {
        /** Triangle. */
        BILINEAR(1) {
            @Override
            double at(double x) {
                return Math.max(0, 1 - Math.abs(x));
            }
        },
        /** Keys' cubic with a = -0.5. */
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
        /** Windowed sinc of three lobes. */
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

        private static double sinc(double x) {
            return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
        }
    }

    private static final int PRECISION = 22;

    private Resample() {
    }

    /** The picture at another size. */
    public static Picture resize(Picture p, int width, int height, Filter filter) {
        Picture across = p.width() == width ? p : horizontal(p, width, filter);
        return p.height() == height ? across : vertical(across, height, filter);
    }

    /** For each output position the first input position and the coefficients from there on. */
    private record Taps(int[] first, int[][] weights) {
        static Taps of(int in, int out, Filter f) {
            double scale = (double) in / out;
            double filterScale = Math.max(scale, 1);
            double support = f.support * filterScale;
            int[] first = new int[out];
            int[][] weights = new int[out][];
            for (int i = 0; i < out; i++) {
                double centre = (i + 0.5) * scale;
                int from = Math.max(0, (int) (centre - support + 0.5));
                int to = Math.min(in, (int) (centre + support + 0.5));
                double[] w = new double[to - from];
                double sum = 0;
                for (int k = 0; k < w.length; k++) {
                    w[k] = f.at((k + from - centre + 0.5) * (1 / filterScale));
                    sum += w[k];
                }
                first[i] = from;
                weights[i] = new int[w.length];
                for (int k = 0; k < w.length; k++) {
                    double fixed = (sum == 0 ? w[k] : w[k] / sum) * (1 << PRECISION);
                    weights[i][k] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
                }
            }
            return new Taps(first, weights);
        }
    }

    private static Picture horizontal(Picture p, int width, Filter filter) {
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

    private static Picture vertical(Picture p, int height, Filter filter) {
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
