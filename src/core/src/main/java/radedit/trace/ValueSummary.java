package radedit.trace;

import java.util.Arrays;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

import radedit.graph.NodeValue;
import radedit.tensor.Tensor;

/**
 * Hash and statistics of a value.
 *
 * @param hash
 *            see {@link ValueHash}, as 16 hexadecimal digits
 * @param statistics
 *            null if only the hash was wanted
 */
public record ValueSummary(String hash, @Nullable Statistics statistics) {
    /** Elements of a slice. */
    public static final int SAMPLES = 64;

    /** Magnitudes from 2^-16 to 2^16 are counted by two octaves; others as zero, smaller and larger. */
    private static final int BINS = 19;

    /**
     * Statistics of the finite elements, and counts.
     *
     * @param min
     *            smallest
     * @param max
     *            largest
     * @param mean
     *            arithmetic mean
     * @param rms
     *            root mean square
     * @param nan
     *            number of NaN
     * @param infinite
     *            number of infinities
     * @param subnormal
     *            number of subnormal numbers
     * @param histogram
     *            19 counts by magnitude: zeros; below 2^-16; two octaves each from 2^-16 to 2^16; the rest
     */
    public record Statistics(double min, double max, double mean, double rms, long nan, long infinite, long subnormal,
            long[] histogram) {}

    /**
     * {@return the summary of a node's value}
     *
     * @param value
     *            the value
     * @param statistics
     *            whether to compute statistics
     */
    public static ValueSummary of(NodeValue value, boolean statistics) {
        Collector c = new Collector(value.blocks(), statistics);
        value.read(c);
        return c.summary(value.length());
    }

    /**
     * {@return the summary of a tensor in double precision, element by element as it lies}
     *
     * @param value
     *            the value
     * @param statistics
     *            whether to compute statistics
     */
    public static ValueSummary of(Tensor value, boolean statistics) {
        double[] data = value.data();
        Collector c = new Collector(Math.ceilDiv(data.length, NodeValue.BLOCK), statistics);
        for (int block = 0; block * NodeValue.BLOCK < data.length; block++) {
            c.doubles(block, data, block * NodeValue.BLOCK,
                    Math.min(data.length, (block + 1) * NodeValue.BLOCK));
        }
        return c.summary(data.length);
    }

    /** Sums of one block. */
    private static final class Part {
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private double squares;
        private long nan;
        private long infinite;
        private long subnormal;
        private final long[] histogram = new long[BINS];

        void add(double v, boolean isSubnormal) {
            double a = Math.abs(v);
            if (!(a <= Double.MAX_VALUE)) {
                if (Double.isNaN(v)) {
                    nan++;
                } else {
                    infinite++;
                    histogram[BINS - 1]++;
                }
                return;
            }
            min = Math.min(min, v);
            max = Math.max(max, v);
            sum += v;
            squares += v * v;
            if (isSubnormal) {
                subnormal++;
            }
            int octave = Math.getExponent(a);
            histogram[a == 0 ? 0 : octave < -16 ? 1 : octave >= 16 ? BINS - 1 : 2 + (octave + 16) / 2]++;
        }
    }

    private static final class Collector implements NodeValue.Blocks {
        private final long[] hashes;
        private final @Nullable Part[] parts;
        private final boolean statistics;

        Collector(int blocks, boolean statistics) {
            this.hashes = new long[blocks];
            this.parts = new Part[blocks];
            this.statistics = statistics;
        }

        @Override
        public void floats(int block, float[] data, int from, int to) {
            hashes[block] = ValueHash.block(data, from, to);
            if (statistics) {
                Part p = new Part();
                for (int i = from; i < to; i++) {
                    float v = data[i];
                    p.add(v, v != 0 && Math.abs(v) < Float.MIN_NORMAL);
                }
                parts[block] = p;
            }
        }

        @Override
        public void doubles(int block, double[] data, int from, int to) {
            hashes[block] = ValueHash.block(data, from, to);
            if (statistics) {
                Part p = new Part();
                for (int i = from; i < to; i++) {
                    double v = data[i];
                    p.add(v, v != 0 && Math.abs(v) < Double.MIN_NORMAL);
                }
                parts[block] = p;
            }
        }

        ValueSummary summary(long length) {
            String hash = HexFormat.of().toHexDigits(ValueHash.value(hashes, length));
            if (!statistics) {
                return new ValueSummary(hash, null);
            }
            Part all = new Part();
            // In the order of the blocks, so that sums do not depend on the threads.
            for (Part p : parts) {
                if (p != null) {
                    all.min = Math.min(all.min, p.min);
                    all.max = Math.max(all.max, p.max);
                    all.sum += p.sum;
                    all.squares += p.squares;
                    all.nan += p.nan;
                    all.infinite += p.infinite;
                    all.subnormal += p.subnormal;
                    Arrays.setAll(all.histogram, i -> all.histogram[i] + p.histogram[i]);
                }
            }
            long finite = length - all.nan - all.infinite;
            return new ValueSummary(hash,
                    finite == 0
                            ? new Statistics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, all.nan, all.infinite,
                                    all.subnormal, all.histogram)
                            : new Statistics(all.min, all.max, all.sum / finite, Math.sqrt(all.squares / finite),
                                    all.nan, all.infinite, all.subnormal, all.histogram));
        }
    }
}
