package radedit.exec.reference;

/**
 * Rounds results in double precision to fewer bits at random, up or down with a probability proportional to the distance,
 * so that the expectation is the result itself.
 *
 * <p>
 * Adding a random number below one unit in the last place kept, and cutting off the bits that are not kept, does this: a
 * carry happens with the probability that the rest is to the unit, and a carry into the exponent gives the next power of
 * two. Results that need no rounding stay as they are. The random number has 32 bits, so probabilities are exact at 24
 * bits and otherwise off by less than 2^-32.
 *
 * <p>
 * The generator is that of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA
 * 2014), as a function of a key and a counter.
 */
final class RandomRounding implements Rounding {
    /** Increment of SplitMix64's counter. */
    static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final int DOUBLE_BITS = 53;
    /** Most bits that are cut off: a random number is aligned to them and shifted to the bits that are. */
    private static final int ALIGNED = 45;

    private final int down;
    private final long kept;
    private long counter;

    /**
     * @param bits
     *            bits to keep, 8 to 24
     * @param key
     *            of the random numbers
     */
    RandomRounding(int bits, long key) {
        int dropped = DOUBLE_BITS - bits;
        this.down = ALIGNED - dropped;
        this.kept = -1L << dropped;
        this.counter = key;
    }

    /** SplitMix64's function of its counter. */
    static long mix(long counter) {
        long z = (counter ^ counter >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    @Override
    public double of(double result) {
        counter += GAMMA;
        return round(result, mix(counter) >>> 32, down, kept);
    }

    /** A bit pattern of NaN is canonical here, so that nothing is carried into its sign. */
    private static double round(double v, long random32, int down, long kept) {
        return Double.longBitsToDouble(Double.doubleToLongBits(v) + (random32 << ALIGNED - 32 >>> down) & kept);
    }

    /** Two operations share the halves of a random number. A product of two numbers of 24 bits is exact. */
    @Override
    public void addProducts(double[] sum, double[] x, int at, int n, double[][] w, int from) {
        int i = 0;
        for (; i + 2 <= n; i += 2) {
            addTwo(sum, x[at + i], x[at + i + 1], w[from + i], w[from + i + 1]);
        }
        if (i < n) {
            double factor = x[at + i];
            double[] row = w[from + i];
            for (int o = 0; o < sum.length; o++) {
                sum[o] = of(sum[o] + factor * row[o]);
            }
        }
    }

    private void addTwo(double[] sum, double a, double b, double[] wa, double[] wb) {
        int d = down;
        long k = kept;
        long c = counter;
        for (int o = 0; o < sum.length; o++) {
            c += GAMMA;
            long random = mix(c);
            double first = round(sum[o] + a * wa[o], random >>> 32, d, k);
            sum[o] = round(first + b * wb[o], random & 0xFFFFFFFFL, d, k);
        }
        counter = c;
    }
}
