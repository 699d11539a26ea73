package radedit.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A host array of doubles with a shape; what goes into and comes out of networks, schedulers and files.
 *
 * <p>
 * Every value of the supported file types up to 53 bits is exact in a double, so one type serves the float32 backends,
 * the double backend and integer inputs such as token ids. Pictures are {@code [batch, channels, height, width]}. The
 * array is shared, not copied: whoever changes it owns it.
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

    public static Tensor of(Shape shape, double... data) {
        return new Tensor(shape, data);
    }

    /** A tensor of zeros. */
    public static Tensor zeros(Shape shape) {
        return new Tensor(shape, new double[Math.toIntExact(shape.elements())]);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    /** The values in row-major order, not a copy. */
    public double[] data() {
        return data;
    }

    public Tensor reshape(Shape to) {
        return new Tensor(to, data);
    }

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

    /** Entries {@code from} (inclusive) to {@code to} (exclusive) of the first axis, copied. */
    public Tensor slice(int from, int to) {
        int each = data.length / Math.max(1, shape.dim(0));
        return new Tensor(shape.with(0, to - from), Arrays.copyOfRange(data, from * each, to * each));
    }

    /** Joins tensors along the first axis. */
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
