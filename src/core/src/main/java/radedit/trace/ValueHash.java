package radedit.trace;

/**
 * A 64-bit hash of a value's bits: equal bits have equal hashes, and a change of any one element changes it. It is for
 * comparing runs, not against forgery.
 *
 * <p>
 * Elements are hashed in the network's order, pictures [batch, height, width, channels], in blocks of
 * {@link radedit.graph.NodeValue#BLOCK}, so that threads share the work. A block is a sequence of words of 64 bits: a
 * double, or two floats, the first in the lower half; a single last float has zeros in the upper half. Word i goes to
 * lane i mod 8: h = (rotate(h, 23) xor word) * P with P = 9E3779B97F4A7C15 (hexadecimal); lane k starts as k + 1. The
 * lanes, then the block's length in elements, are joined by the same step from 0; so are the blocks' hashes, then the
 * value's length. MurmurHash3's finalizer ends it.
 */
final class ValueHash {
    private static final long P = 0x9E3779B97F4A7C15L;
    private static final int LANES = 8;

    private ValueHash() {
    }

    private static long step(long h, long bits) {
        return (Long.rotateLeft(h, 23) ^ bits) * P;
    }

    private static long word(float low, float high) {
        return Float.floatToRawIntBits(low) & 0xFFFFFFFFL | (long) Float.floatToRawIntBits(high) << 32;
    }

    /** {@return the hash of a block of floats} */
    static long block(float[] data, int from, int to) {
        long a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
        int i = from;
        for (; i + 2 * LANES <= to; i += 2 * LANES) {
            a = step(a, word(data[i], data[i + 1]));
            b = step(b, word(data[i + 2], data[i + 3]));
            c = step(c, word(data[i + 4], data[i + 5]));
            d = step(d, word(data[i + 6], data[i + 7]));
            e = step(e, word(data[i + 8], data[i + 9]));
            f = step(f, word(data[i + 10], data[i + 11]));
            g = step(g, word(data[i + 12], data[i + 13]));
            h = step(h, word(data[i + 14], data[i + 15]));
        }
        long[] lanes = {a, b, c, d, e, f, g, h};
        for (int lane = 0; i < to; i += 2, lane++) {
            lanes[lane] = step(lanes[lane], word(data[i], i + 1 < to ? data[i + 1] : 0));
        }
        return joined(lanes, to - from);
    }

    /** {@return the hash of a block of doubles} */
    static long block(double[] data, int from, int to) {
        long[] lanes = new long[LANES];
        for (int k = 0; k < LANES; k++) {
            lanes[k] = k + 1L;
        }
        for (int i = from; i < to; i++) {
            int lane = (i - from) % LANES;
            lanes[lane] = step(lanes[lane], Double.doubleToRawLongBits(data[i]));
        }
        return joined(lanes, to - from);
    }

    private static long joined(long[] parts, long length) {
        long h = 0;
        for (long p : parts) {
            h = step(h, p);
        }
        return step(h, length);
    }

    /** {@return the hash of a value from those of its blocks} */
    static long value(long[] blocks, long length) {
        long h = joined(blocks, length);
        h = (h ^ h >>> 33) * 0xFF51AFD7ED558CCDL;
        h = (h ^ h >>> 33) * 0xC4CEB9FE1A85EC53L;
        return h ^ h >>> 33;
    }
}
