package radedit.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a dense row-major array, outermost first.
 *
 * <p>
 * Inside a graph, pictures are {@code [batch, height, width, channels]} and token sequences
 * {@code [batch, tokens, channels]}; in files and host tensors pictures are {@code [batch, channels, height, width]}.
 */
public final class Shape {
    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /**
     * Creates a shape.
     *
     * @param dims
     *            extents, outermost first; none for a scalar
     * @return the shape
     * @throws IllegalArgumentException
     *             if an extent is negative or the number of elements does not fit a long
     */
    public static Shape of(int... dims) {
        long elements = 1;
        for (int d : dims) {
            if (d < 0) {
                throw new IllegalArgumentException("negative extent in " + Arrays.toString(dims));
            }
            try {
                elements = Math.multiplyExact(elements, d);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("too many elements: " + Arrays.toString(dims), e);
            }
        }
        return new Shape(dims.clone());
    }

    /** {@return the number of axes} */
    public int rank() {
        return dims.length;
    }

    /**
     * {@return the extent of an axis}
     *
     * @param axis
     *            index of the axis; a negative one counts from the last, which is -1
     * @throws IndexOutOfBoundsException
     *             if there is no such axis
     */
    public int dim(int axis) {
        return dims[axis < 0 ? dims.length + axis : axis];
    }

    /** {@return the number of elements; 1 for rank 0} */
    public long elements() {
        long n = 1;
        for (int d : dims) {
            n *= d;
        }
        return n;
    }

    /** {@return the number of rows when all axes but the last are flattened} */
    public long rows() {
        return dim(-1) == 0 ? 0 : elements() / dim(-1);
    }

    /**
     * {@return this shape with one axis replaced}
     *
     * @param axis
     *            index of the axis; a negative one counts from the last
     * @param extent
     *            its new extent
     * @throws IllegalArgumentException
     *             if the extent is negative or the number of elements does not fit a long
     */
    public Shape with(int axis, int extent) {
        int[] d = dims.clone();
        d[axis < 0 ? d.length + axis : axis] = extent;
        return of(d);
    }

    /** {@return a copy of the extents, outermost first} */
    public int[] toArray() {
        return dims.clone();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
