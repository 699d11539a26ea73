package radedit.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A host array of doubles with a shape: the inputs and outputs of networks, schedulers and files.
 *
 * <p>
 * Every value of the supported file types up to 53 bits is exact in a double, so one type serves the float32
 * backends, the double backend and integer inputs such as token ids. Pictures are
 * {@code [batch, channels, height, width]}. The array is shared, not copied: only its owner may change it.
 */
public final class Tensor implements Latents {
    private final Shape shape;
    private final double[] data;

    private Tensor(Shape shape, double[] data) {
        if (shape.elements() != data.length) {
            throw new IllegalArgumentException(data.length + " values for shape " + shape);
        }
        this.shape = shape;
        this.data = data;
    }

    /**
     * Creates a tensor that shares the array.
     *
     * @param shape
     *            the shape
     * @param data
     *            the elements in row-major order
     * @return the tensor
     * @throws IllegalArgumentException
     *             if the array has another length than the shape has elements
     */
    public static Tensor of(Shape shape, double... data) {
        return new Tensor(shape, data);
    }

    /**
     * {@return a tensor of zeros}
     *
     * @param shape
     *            the shape
     * @throws ArithmeticException
     *             if it has more elements than an array can hold
     */
    public static Tensor zeros(Shape shape) {
        return new Tensor(shape, new double[Math.toIntExact(shape.elements())]);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    /** {@return the elements in row-major order; the array itself, not a copy} */
    public double[] data() {
        return data;
    }

    /**
     * {@return the same elements under another shape; the array is shared}
     *
     * @param to
     *            a shape with as many elements
     * @throws IllegalArgumentException
     *             if the number of elements differs
     */
    public Tensor reshape(Shape to) {
        return new Tensor(to, data);
    }

    /**
     * {@return a new tensor with a function applied to each element}
     *
     * @param f
     *            the function
     */
    public Tensor map(DoubleUnaryOperator f) {
        double[] out = new double[data.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = f.applyAsDouble(data[i]);
        }
        return new Tensor(shape, out);
    }

    @Override
    public Tensor toTensor() {
        return this;
    }

    @Override
    public Tensor sum(double[] factors, Latents... others) {
        double[] out = new double[data.length];
        for (int k = 0; k <= others.length; k++) {
            double[] x = k == 0 ? data : others[k - 1].toTensor().data;
            for (int i = 0; i < out.length; i++) {
                out[i] += factors[k] * x[i];
            }
        }
        return new Tensor(shape, out);
    }

    @Override
    public Tensor clamp(double range) {
        return map(v -> Math.clamp(v, -range, range));
    }

    @Override
    public Tensor where(Tensor mask, Latents other) {
        double[] out = other.toTensor().data.clone();
        for (int i = 0; i < out.length; i++) {
            if (mask.data[i % mask.data.length] == 1) {
                out[i] = data[i];
            }
        }
        return new Tensor(shape, out);
    }

    /**
     * {@return a copy of some entries of the first axis}
     *
     * @param from
     *            first entry
     * @param to
     *            last entry, exclusive
     */
    public Tensor slice(int from, int to) {
        int each = data.length / Math.max(1, shape.dim(0));
        return new Tensor(shape.with(0, to - from), Arrays.copyOfRange(data, from * each, to * each));
    }

    /**
     * Concatenates tensors along the first axis.
     *
     * @param parts
     *            at least one tensor; all shapes are equal but for the first axis
     * @return a new tensor
     * @throws IllegalArgumentException
     *             if the shapes do not agree
     */
    public static Tensor concat(List<Tensor> parts) {
        Shape first = parts.getFirst().shape;
        int total = 0;
        int length = 0;
        for (Tensor t : parts) {
            if (!t.shape.with(0, 1).equals(first.with(0, 1))) {
                throw new IllegalArgumentException("cannot join " + first + " and " + t.shape);
            }
            total += t.shape.dim(0);
            length = Math.addExact(length, t.data.length);
        }
        double[] out = new double[length];
        int at = 0;
        for (Tensor t : parts) {
            System.arraycopy(t.data, 0, out, at, t.data.length);
            at += t.data.length;
        }
        return new Tensor(first.with(0, total), out);
    }

    @Override
    public String toString() {
        return "Tensor" + shape;
    }
}
