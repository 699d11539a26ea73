package radedit.audit;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Shape;

/**
 * A value inside of a fused operation, channels last.
 *
 * @param shape
 *            its shape
 * @param exact
 *            the exact value, given the inputs of the fused operation
 * @param worst
 *            for each element, a bound of the error of a float32 backend; null if it makes none
 * @param likely
 *            the same with {@link Rounding#INDEPENDENT}; null if {@code worst} is
 */
record Operand(Shape shape, double[] exact, float @Nullable [] worst, float @Nullable [] likely) {
    /** An input: a value that a backend has, without error. */
    static Operand given(Shape shape, double[] exact) {
        return new Operand(shape, exact, null, null);
    }

    /** The error of an element. */
    double error(Rounding r, int i) {
        float[] e = r == Rounding.WORST_CASE ? worst : likely;
        return e == null ? 0 : e[i];
    }

    boolean isExact() {
        return worst == null;
    }

    double at(int i) {
        return exact[i];
    }

    int channels() {
        return shape.dim(-1);
    }

    /** Elements of a sample. */
    int perSample() {
        return exact.length / Math.max(1, shape.dim(0));
    }
}
