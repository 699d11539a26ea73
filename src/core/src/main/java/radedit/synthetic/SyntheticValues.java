package radedit.synthetic;

import java.nio.charset.StandardCharsets;

import radedit.tensor.Shape;

/**
 * Weights that can be reproduced bit for bit in any language: each value is a pure function of the model's seed, the
 * tensor's name and the value's index.
 *
 * <pre>
 * h      = FNV-1a, 64 bit, of the UTF-8 bytes of the name
 * u_i    = splitmix64((h xor seed) + (i + 1) * 0x9E3779B97F4A7C15) >>> 40
 * v_i    = 2 u_i / 2^24 - 1                           exact in float32, in [-1, 1)
 * </pre>
 *
 * The value is 1 + 0.1 v for one-dimensional "*.weight" and "*.running_var", 0.1 v for other one-dimensional tensors,
 * and v sqrt(3 / fan_in) otherwise, where fan_in is the product of all extents but the first; each step is rounded to
 * float32. The variance of a layer's output is then about that of its input.
 */
public final class SyntheticValues {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long state;
    private final float scale;
    private final float offset;

    /**
     * Creates the values of one tensor.
     *
     * @param name
     *            name of the tensor
     * @param shape
     *            shape of the tensor
     * @param seed
     *            seed of the model
     */
    public SyntheticValues(String name, Shape shape, long seed) {
        this.state = fnv1a(name) ^ seed;
        if (shape.rank() > 1) {
            long fanIn = shape.elements() / shape.dim(0);
            this.scale = (float) Math.sqrt(3.0 / fanIn);
            this.offset = 0;
        } else {
            this.scale = 0.1f;
            this.offset = name.endsWith(".weight") || name.endsWith(".running_var") ? 1 : 0;
        }
    }

    private static long fnv1a(String name) {
        long h = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ b & 0xFF) * 0x100000001B3L;
        }
        return h;
    }

    /**
     * {@return the value at an index}
     *
     * @param i
     *            index into the flattened tensor, row-major
     */
    public float get(long i) {
        long z = state + (i + 1) * GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        float v = (z >>> 40) * 0x1p-23f - 1;
        return v * scale + offset;
    }
}
