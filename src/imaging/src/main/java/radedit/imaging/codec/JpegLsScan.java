package radedit.imaging.codec;

import java.util.Arrays;

/**
 * Decodes the lines of one scan (T.87 annex A): in regular mode each sample is predicted from its neighbours
 *
 * <pre>
 *     c b d
 *     a x
 * </pre>
 *
 * corrected by the bias of its gradient context, and the error is Golomb-coded; where all gradients are 0,
 * run mode repeats the left sample. Components of a line- or sample-interleaved scan share contexts.
 */
final class JpegLsScan {
    private static final int CONTEXTS = 365; // (9^3 + 1) / 2
    private static final int MIN_CORRECTION = -128;
    private static final int MAX_CORRECTION = 127;
    private static final int MAX_ERROR = 65535;
    /** Table A.1's J: logarithm of the run lengths. */
    private static final int[] RUN_BITS = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9,
            10, 11, 12, 13, 14, 15};

    private final JpegLsBitReader bits;
    private final int[] samples;
    private final int width;
    private final int height;
    private final int stride;
    private final int first;
    private final int components;

    private final int max;
    private final int near;
    private final int step;
    private final int range;
    private final int errorBits;
    private final int limit;
    private final int reset;
    /** Class of each gradient, from -max to max. */
    private final byte[] classes;

    // A, B, C and N of the contexts of regular mode
    private final int[] errorSum = new int[CONTEXTS];
    private final int[] bias = new int[CONTEXTS];
    private final int[] correction = new int[CONTEXTS];
    private final int[] count = new int[CONTEXTS];
    // A, N and Nn of the two contexts of run interruption
    private final int[] runErrorSum = new int[2];
    private final int[] runCount = new int[2];
    private final int[] runNegative = new int[2];
    private final int[] runIndex;

    /** Lines of each component, with one neighbour at either end: sample x is at x + 1. */
    private int[][] above;
    private int[][] line;

    /**
     * Prepares a scan.
     *
     * @param samples
     *            the frame, which receives decoded samples
     * @param first
     *            index of the scan's first component
     * @param components
     *            number of components
     */
    JpegLsScan(JpegLsParameters parameters, FrameShape shape, int[] samples, int first, int components,
            JpegLsBitReader bits) {
        this.bits = bits;
        this.samples = samples;
        this.width = shape.width();
        this.height = shape.height();
        this.stride = shape.components();
        this.first = first;
        this.components = components;
        max = parameters.maxValue();
        near = parameters.near();
        step = 2 * near + 1;
        range = parameters.range();
        errorBits = parameters.errorBits();
        limit = parameters.limit();
        reset = parameters.reset();
        classes = new byte[2 * max + 1];
        for (int g = -max; g <= max; g++) {
            classes[g + max] = (byte) parameters.quantise(g);
        }
        runIndex = new int[components];
        above = new int[components][width + 2];
        line = new int[components][width + 2];
    }

    /**
     * Decodes all lines.
     *
     * @param bySample
     *            whether components alternate by sample rather than by line
     * @param restartLines
     *            lines between restart markers, 0 for none
     * @return offset of the marker after the scan
     */
    int decode(boolean bySample, int restartLines) throws CodecException {
        start();
        for (int y = 0; y < height; y++) {
            if (restartLines > 0 && y > 0 && y % restartLines == 0) {
                bits.restart(y / restartLines - 1);
                start();
            }
            for (int c = 0; c < components; c++) {
                above[c][width + 1] = above[c][width];
                line[c][0] = above[c][1];
            }
            if (bySample) {
                decodePixels();
            } else {
                for (int c = 0; c < components; c++) {
                    decodeLine(c);
                }
            }
            bits.checkEnd();
            for (int c = 0; c < components; c++) {
                int[] from = line[c];
                for (int x = 1, to = y * width * stride + first + c; x <= width; x++, to += stride) {
                    samples[to] = from[x];
                }
            }
            int[][] swap = above;
            above = line;
            line = swap;
        }
        return bits.marker();
    }

    /** Initialisation (A.2), at the start and after every restart marker. */
    private void start() {
        int sum = Math.max(2, (range + 32) / 64);
        Arrays.fill(errorSum, sum);
        Arrays.fill(bias, 0);
        Arrays.fill(correction, 0);
        Arrays.fill(count, 1);
        Arrays.fill(runErrorSum, sum);
        Arrays.fill(runCount, 1);
        Arrays.fill(runNegative, 0);
        Arrays.fill(runIndex, 0);
        for (int c = 0; c < components; c++) {
            Arrays.fill(above[c], 0);
        }
    }

    private void decodeLine(int component) throws CodecException {
        int[] up = above[component];
        int[] now = line[component];
        int x = 1;
        int a = now[0];
        int b = up[1];
        int c = up[0];
        while (x <= width) {
            int d = up[x + 1];
            int context = context(a, b, c, d);
            if (context != 0) {
                a = regular(context, predict(a, b, c));
                now[x++] = a;
                c = b;
                b = d;
            } else {
                int run = runLength(component, width + 1 - x);
                Arrays.fill(now, x, x + run, a);
                x += run;
                if (x <= width) {
                    now[x] = interruption(component, a, up[x]);
                    a = now[x++];
                }
                c = up[x - 1];
                b = up[Math.min(x, width)];
            }
        }
    }

    private void decodePixels() throws CodecException {
        int[] contexts = new int[components];
        int x = 1;
        while (x <= width) {
            boolean flat = true;
            for (int i = 0; i < components; i++) {
                int[] up = above[i];
                contexts[i] = context(line[i][x - 1], up[x], up[x - 1], up[x + 1]);
                flat &= contexts[i] == 0;
            }
            if (!flat) {
                for (int i = 0; i < components; i++) {
                    line[i][x] = regular(contexts[i], predict(line[i][x - 1], above[i][x], above[i][x - 1]));
                }
                x++;
                continue;
            }
            int run = runLength(0, width + 1 - x);
            for (int i = 0; i < components; i++) {
                Arrays.fill(line[i], x, x + run, line[i][x - 1]);
            }
            x += run;
            if (x <= width) {
                // In sample interleave, run interruption always uses the context of RItype 0.
                for (int i = 0; i < components; i++) {
                    int b = above[i][x];
                    int error = runError(0, runIndex[0]);
                    line[i][x] = reconstruct(b, b >= line[i][x - 1] ? error : -error);
                }
                runIndex[0] = Math.max(0, runIndex[0] - 1);
                x++;
            }
        }
    }

    /** The signed number of a context (A.3.4), 0 for run mode. */
    private int context(int a, int b, int c, int d) {
        return 81 * classes[d - b + max] + 9 * classes[b - c + max] + classes[c - a + max];
    }

    /** The median edge detector (A.4.1). */
    private static int predict(int a, int b, int c) {
        int low = Math.min(a, b);
        int high = Math.max(a, b);
        return c >= high ? low : c <= low ? high : a + b - c;
    }

    /** A sample of regular mode (A.4, A.5, A.6). */
    private int regular(int signedContext, int prediction) throws CodecException {
        int sign = signedContext >> 31;
        int q = (signedContext ^ sign) - sign;
        int n = count[q];
        int sum = errorSum[q];
        int lean = bias[q];
        int k = golombParameter(n, sum);
        int predicted = Math.clamp(prediction + ((correction[q] ^ sign) - sign), 0, max);
        int mapped = bits.golomb(k, limit - errorBits - 1, errorBits);
        int error = mapped >>> 1 ^ -(mapped & 1);
        if (k == 0 && near == 0 && 2 * lean <= -n) {
            error = ~error;
        }
        int size = Math.abs(error);
        if (size < 0 || size > MAX_ERROR) {
            throw new CodecException("a prediction error is too large");
        }
        sum += size;
        lean += error * step;
        if (n == reset) {
            sum >>= 1;
            lean >>= 1;
            n >>= 1;
        }
        n++;
        if (lean <= -n) {
            lean = Math.max(lean + n, 1 - n);
            correction[q] = Math.max(correction[q] - 1, MIN_CORRECTION);
        } else if (lean > 0) {
            lean = Math.min(lean - n, 0);
            correction[q] = Math.min(correction[q] + 1, MAX_CORRECTION);
        }
        count[q] = n;
        errorSum[q] = sum;
        bias[q] = lean;
        return reconstruct(predicted, (error ^ sign) - sign);
    }

    /** The least k with n 2^k >= sum. */
    private static int golombParameter(int n, int sum) {
        int k = Math.max(0, Integer.numberOfLeadingZeros(n) - Integer.numberOfLeadingZeros(sum));
        return n << k < sum ? k + 1 : k;
    }

    /** Adds an error to a prediction, modulo the range (A.4.4, A.4.5). */
    private int reconstruct(int predicted, int error) {
        int value = predicted + error * step;
        if (value < -near) {
            value += range * step;
        } else if (value > max + near) {
            value -= range * step;
        }
        return Math.clamp(value, 0, max);
    }

    /** Number of repetitions of the left sample (A.7.1). */
    private int runLength(int component, int most) throws CodecException {
        int length = 0;
        int index = runIndex[component];
        while (bits.bit() == 1) {
            int block = 1 << RUN_BITS[index];
            if (block <= most - length) {
                index = Math.min(index + 1, 31);
            }
            length += Math.min(block, most - length);
            if (length == most) {
                runIndex[component] = index;
                return length;
            }
        }
        length += bits.bits(RUN_BITS[index]);
        if (length > most) {
            throw new CodecException("a run is longer than its line");
        }
        runIndex[component] = index;
        return length;
    }

    /** The sample that ends a run (A.7.2). */
    private int interruption(int component, int a, int b) throws CodecException {
        int index = runIndex[component];
        runIndex[component] = Math.max(0, index - 1);
        if (Math.abs(a - b) <= near) {
            return reconstruct(a, runError(1, index));
        }
        int error = runError(0, index);
        return reconstruct(b, b > a ? error : -error);
    }

    /**
     * A prediction error of run interruption.
     *
     * @param type
     *            RItype: 1 if the samples left and above are equal
     */
    private int runError(int type, int index) throws CodecException {
        int n = runCount[type];
        int k = golombParameter(n, runErrorSum[type] + (type == 1 ? n >> 1 : 0));
        int mapped = bits.golomb(k, limit - RUN_BITS[index] - 1 - errorBits - 1, errorBits);
        int doubled = mapped + type;
        int odd = doubled & 1;
        int size = doubled + odd >> 1;
        if (size < 0 || size > MAX_ERROR) {
            throw new CodecException("a prediction error is too large");
        }
        boolean negative = size > 0 && (k != 0 || 2 * runNegative[type] >= n) == (odd == 1);
        if (negative) {
            runNegative[type]++;
        }
        runErrorSum[type] += mapped + 1 - type >> 1;
        if (n == reset) {
            runErrorSum[type] >>= 1;
            n >>= 1;
            runNegative[type] >>= 1;
        }
        runCount[type] = n + 1;
        return negative ? -size : size;
    }
}
