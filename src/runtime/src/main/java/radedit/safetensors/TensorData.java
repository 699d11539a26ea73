package radedit.safetensors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import radedit.tensor.DType;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * A tensor in a mapped file: little-endian, row-major, decoded on access. It is not copied to the heap, so the
 * weights occupy only page cache.
 */
public final class TensorData {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DType dtype;
    private final Shape shape;
    private final MemorySegment bytes;
    private final Precision precision;

    TensorData(DType dtype, Shape shape, MemorySegment bytes) {
        this(dtype, shape, bytes, Precision.NONE);
    }

    private TensorData(DType dtype, Shape shape, MemorySegment bytes, Precision precision) {
        this.dtype = dtype;
        this.shape = shape;
        this.bytes = bytes;
        this.precision = precision;
    }

    /**
     * Wraps encoded elements.
     *
     * @param dtype
     *            element type
     * @param shape
     *            the shape
     * @param bytes
     *            little-endian elements, exactly as many as the shape has
     * @return the tensor
     * @throws IllegalArgumentException
     *             if the number of bytes does not match type and shape
     */
    public static TensorData of(DType dtype, Shape shape, MemorySegment bytes) {
        if (bytes.byteSize() != shape.elements() * dtype.bytes()) {
            throw new IllegalArgumentException(bytes.byteSize() + " bytes for " + dtype + " " + shape);
        }
        return new TensorData(dtype, shape, bytes);
    }

    /**
     * {@return a float32 tensor without values, for planning; its elements cannot be read}
     *
     * @param shape
     *            the shape
     */
    public static TensorData placeholder(Shape shape) {
        return new TensorData(DType.F32, shape, MemorySegment.NULL);
    }

    /** {@return the element type} */
    public DType dtype() {
        return dtype;
    }

    /** {@return the shape} */
    public Shape shape() {
        return shape;
    }

    /**
     * {@return the same elements under another shape}
     *
     * @param to
     *            a shape with as many elements
     * @throws IllegalArgumentException
     *             if the number of elements differs
     */
    public TensorData reshape(Shape to) {
        if (to.elements() != shape.elements()) {
            throw new IllegalArgumentException("cannot see " + shape + " as " + to);
        }
        return new TensorData(dtype, to, bytes, precision);
    }

    /**
     * {@return the same tensor, whose elements are rounded when they are read as numbers}
     *
     * @param to
     *            to what they are rounded
     */
    public TensorData rounded(Precision to) {
        return new TensorData(dtype, shape, bytes, to);
    }

    /** {@return to what elements are rounded when they are read as numbers} */
    public Precision precision() {
        return precision;
    }

    /** {@return whether elements can be read as numbers; those of 8-bit float and complex types cannot} */
    public boolean readable() {
        return readable(dtype);
    }

    /**
     * {@return whether elements of a type can be read as numbers}
     *
     * @param dtype
     *            the type
     */
    public static boolean readable(DType dtype) {
        return switch (dtype) {
            case F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, C64 -> false;
            default -> true;
        };
    }

    /**
     * {@return one element; 64-bit integers beyond 2^53 are rounded}
     *
     * @param index
     *            index in row-major order
     * @throws UnsupportedOperationException
     *             if the type is not {@link #readable}
     */
    public double get(long index) {
        return precision.round(stored(index));
    }

    private double stored(long index) {
        return switch (dtype) {
            case F32 -> bytes.get(F32, index * 4);
            case F16 -> Float.float16ToFloat(bytes.get(I16, index * 2));
            case BF16 -> Float.intBitsToFloat(bytes.get(I16, index * 2) << 16);
            case F64 -> bytes.get(F64, index * 8);
            case I64 -> bytes.get(I64, index * 8);
            case U64 -> unsigned(bytes.get(I64, index * 8));
            case I32 -> bytes.get(I32, index * 4);
            case U32 -> bytes.get(I32, index * 4) & 0xFFFFFFFFL;
            case I16 -> bytes.get(I16, index * 2);
            case U16 -> bytes.get(I16, index * 2) & 0xFFFF;
            case I8 -> bytes.get(ValueLayout.JAVA_BYTE, index);
            case U8, BOOL -> bytes.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
            case F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, C64 ->
                    throw new UnsupportedOperationException(dtype + " cannot be read");
        };
    }

    private static double unsigned(long v) {
        return v >= 0 ? v : (v >>> 1) * 2.0 + (v & 1);
    }

    /**
     * Copies elements, rounded to float32 where their type is wider.
     *
     * @param from
     *            index of the first element
     * @param n
     *            number of elements
     * @param to
     *            the destination
     * @param at
     *            index of the first element there
     */
    public void copyTo(long from, int n, float[] to, int at) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(bytes, F32, from * 4, to, at, n);
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = Float.float16ToFloat(bytes.get(I16, (from + i) * 2));
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = Float.intBitsToFloat(bytes.get(I16, (from + i) * 2) << 16);
                }
            }
            default -> {
                for (int i = 0; i < n; i++) { // rounded once: from float64 to the precision
                    to[at + i] = (float) get(from + i);
                }
            }
        }
        if (precision != Precision.NONE) {
            precision.round(to, at, n, to, at);
        }
    }

    /**
     * Copies elements as the file encodes them, not {@link #rounded}.
     *
     * @param from
     *            index of the first element
     * @param n
     *            number of elements
     * @param to
     *            the destination
     * @param at
     *            offset there, in bytes
     */
    public void copyBytes(long from, int n, MemorySegment to, long at) {
        MemorySegment.copy(bytes, from * dtype.bytes(), to, at, (long) n * dtype.bytes());
    }

    /** {@return all elements in row-major order, rounded to float32 where their type is wider} */
    public float[] toFloats() {
        float[] out = new float[Math.toIntExact(shape.elements())];
        copyTo(0, out.length, out, 0);
        return out;
    }

    /** {@return all elements in row-major order} */
    public double[] toDoubles() {
        double[] out = new double[Math.toIntExact(shape.elements())];
        for (int i = 0; i < out.length; i++) {
            out[i] = get(i);
        }
        return out;
    }

    /** {@return a copy on the heap} */
    public Tensor toTensor() {
        return Tensor.of(shape, toDoubles());
    }
}
