package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import radedit.tensor.DType;
import radedit.tensor.Shape;

/**
 * A tensor in a mapped file: a strided view of a storage, possibly shared with other tensors. Elements are returned
 * row-major and little-endian, whatever their order in the file.
 */
public final class StoredTensor {
    private final DType dtype;
    private final Shape shape;
    private final MemorySegment storage;
    private final long offset;
    private final long[] strides;
    private final boolean bigEndian;

    /**
     * @param storage
     *            contains every element that shape, offset and strides reach; the caller has checked this
     * @param offset
     *            offset of the first element, in elements
     * @param strides
     *            elements from one index to the next along each axis
     */
    StoredTensor(DType dtype, Shape shape, MemorySegment storage, long offset, long[] strides, boolean bigEndian) {
        this.dtype = dtype;
        this.shape = shape;
        this.storage = storage;
        this.offset = offset;
        this.strides = strides;
        this.bigEndian = bigEndian;
    }

    /** A contiguous little-endian tensor that fills the segment. */
    public static StoredTensor dense(DType dtype, Shape shape, MemorySegment bytes) {
        if (bytes.byteSize() != shape.elements() * dtype.bytes()) {
            throw new IllegalArgumentException(bytes.byteSize() + " bytes for " + dtype + " " + shape);
        }
        return new StoredTensor(dtype, shape, bytes, 0, rowMajor(shape), false);
    }

    /** This tensor without its last axes, each of extent 1. */
    public StoredTensor dropLastAxes(int count) {
        int rank = shape.rank() - count;
        Shape left = Shape.of(Arrays.copyOf(shape.toArray(), rank));
        if (left.elements() != shape.elements()) {
            throw new IllegalArgumentException("the last " + count + " axes of " + shape + " are not single");
        }
        return new StoredTensor(dtype, left, storage, offset, Arrays.copyOf(strides, rank), bigEndian);
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    /** Bytes of all elements; the file has fewer if they are shared or repeated. */
    public long bytes() {
        return shape.elements() * dtype.bytes();
    }

    /**
     * Copies elements in row-major order.
     *
     * @param from
     *            index of the first element
     * @param count
     *            number of elements
     * @param to
     *            receives the elements from its index 0
     */
    public void read(long from, int count, byte[] to) {
        MemorySegment out = MemorySegment.ofArray(to).asSlice(0, (long) count * dtype.bytes());
        if (count == 0) {
            return;
        }
        if (dense()) {
            MemorySegment.copy(storage, (offset + from) * dtype.bytes(), out, 0, out.byteSize());
        } else {
            gather(from, count, out);
        }
        if (bigEndian) {
            swap(out);
        }
    }

    /** Whether the storage has the elements in row-major order without gaps. */
    private boolean dense() {
        long[] expected = rowMajor(shape);
        for (int i = 0; i < strides.length; i++) {
            if (shape.dim(i) > 1 && strides[i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static long[] rowMajor(Shape shape) {
        long[] s = new long[shape.rank()];
        long step = 1;
        for (int i = s.length - 1; i >= 0; i--) {
            s[i] = step;
            step *= Math.max(1, shape.dim(i));
        }
        return s;
    }

    private void gather(long from, int count, MemorySegment out) {
        int last = shape.rank() - 1;
        int width = dtype.bytes();
        long[] index = index(from);
        long written = 0;
        while (written < count) {
            long source = offset;
            for (int i = 0; i <= last; i++) {
                source += index[i] * strides[i];
            }
            long run = Math.min(shape.dim(last) - index[last], count - written);
            copyRun(source, strides[last], run, out, written * width);
            written += run;
            index[last] += run;
            for (int i = last; i > 0 && index[i] == shape.dim(i); i--) {
                index[i] = 0;
                index[i - 1]++;
            }
        }
    }

    private long[] index(long linear) {
        long[] index = new long[shape.rank()];
        long rest = linear;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % shape.dim(i);
            rest /= shape.dim(i);
        }
        return index;
    }

    private void copyRun(long source, long stride, long run, MemorySegment out, long at) {
        int width = dtype.bytes();
        if (stride == 1) {
            MemorySegment.copy(storage, source * width, out, at, run * width);
            return;
        }
        for (long i = 0; i < run; i++) {
            long s = (source + i * stride) * width;
            long t = at + i * width;
            switch (width) {
                case 1 -> out.set(ValueLayout.JAVA_BYTE, t, storage.get(ValueLayout.JAVA_BYTE, s));
                case 2 -> out.set(ValueLayout.JAVA_SHORT_UNALIGNED, t,
                        storage.get(ValueLayout.JAVA_SHORT_UNALIGNED, s));
                case 4 -> out.set(ValueLayout.JAVA_INT_UNALIGNED, t, storage.get(ValueLayout.JAVA_INT_UNALIGNED, s));
                default -> out.set(ValueLayout.JAVA_LONG_UNALIGNED, t,
                        storage.get(ValueLayout.JAVA_LONG_UNALIGNED, s));
            }
        }
    }

    /** Reverses the byte order of each number; a complex one is two. */
    private void swap(MemorySegment out) {
        int width = dtype == DType.C64 ? 4 : dtype.bytes();
        for (long at = 0; at < out.byteSize(); at += width) {
            switch (width) {
                case 2 -> out.set(ValueLayout.JAVA_SHORT_UNALIGNED, at,
                        Short.reverseBytes(out.get(ValueLayout.JAVA_SHORT_UNALIGNED, at)));
                case 4 -> out.set(ValueLayout.JAVA_INT_UNALIGNED, at,
                        Integer.reverseBytes(out.get(ValueLayout.JAVA_INT_UNALIGNED, at)));
                case 8 -> out.set(ValueLayout.JAVA_LONG_UNALIGNED, at,
                        Long.reverseBytes(out.get(ValueLayout.JAVA_LONG_UNALIGNED, at)));
                default -> {
                    return; // nothing to swap
                }
            }
        }
    }
}
