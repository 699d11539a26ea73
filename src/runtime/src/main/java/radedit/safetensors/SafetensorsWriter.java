package radedit.safetensors;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * Writes a safetensors file in one pass: all tensors are declared first, then their values are streamed in the same
 * order, so memory is needed for one tensor at most, whatever the size of the file.
 */
public final class SafetensorsWriter {
    /** Writes the values of one tensor, element by element in row-major order. */
    @FunctionalInterface
    public interface Source {
        /**
         * Writes all elements.
         *
         * @param sink
         *            takes the elements
         * @throws IOException
         *             if they cannot be produced or written
         */
        void writeTo(Sink sink) throws IOException;
    }

    private record Entry(String name, DType dtype, Shape shape, Source source) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /** Creates a writer without tensors. */
    public SafetensorsWriter() {
    }

    /**
     * Adds an entry to {@code __metadata__}.
     *
     * @param key
     *            the key
     * @param value
     *            the value; replaces an earlier one of the same key
     * @return this
     */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Declares a tensor.
     *
     * @param name
     *            a name that was not declared before
     * @param dtype
     *            element type in the file
     * @param shape
     *            the shape
     * @param source
     *            writes the elements when the file is written
     * @return this
     */
    public SafetensorsWriter add(String name, DType dtype, Shape shape, Source source) {
        entries.add(new Entry(name, dtype, shape, source));
        return this;
    }

    /**
     * Declares a tensor on the heap.
     *
     * @param name
     *            a name that was not declared before
     * @param dtype
     *            element type in the file; values are rounded to it
     * @param tensor
     *            the values
     * @return this
     */
    public SafetensorsWriter add(String name, DType dtype, Tensor tensor) {
        return add(name, dtype, tensor.shape(), sink -> {
            for (double v : tensor.data()) {
                sink.put(v);
            }
        });
    }

    /**
     * Writes header and data.
     *
     * @param stream
     *            the file; flushed but not closed
     * @throws IOException
     *             if it cannot be written
     * @throws IllegalStateException
     *             if a source wrote another number of elements than its shape has
     */
    public void writeTo(OutputStream stream) throws IOException {
        StringBuilder json = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            json.append("\"__metadata__\":{");
            metadata.forEach((k, v) -> json.append(quote(k)).append(':').append(quote(v)).append(','));
            json.setCharAt(json.length() - 1, '}');
            json.append(',');
        }
        long at = 0;
        for (Entry e : entries) {
            long end = at + e.shape.elements() * e.dtype.bytes();
            json.append(quote(e.name)).append(":{\"dtype\":\"").append(e.dtype).append("\",\"shape\":")
                    .append(e.shape.toString().replace(" ", "")).append(",\"data_offsets\":[").append(at).append(',')
                    .append(end).append("]},");
            at = end;
        }
        if (json.length() > 1) {
            json.setLength(json.length() - 1);
        }
        json.append('}');
        byte[] header = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (header.length + 7) & ~7;
        OutputStream out = new BufferedOutputStream(stream, 1 << 16);
        out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).array());
        out.write(header);
        out.write(" ".repeat(padded - header.length).getBytes(StandardCharsets.US_ASCII));
        for (Entry e : entries) {
            Sink sink = new Sink(out, e.dtype, e.shape.elements());
            e.source.writeTo(sink);
            sink.flush();
            if (sink.count != e.shape.elements()) {
                throw new IllegalStateException(e.name + ": " + sink.count + " values for shape " + e.shape);
            }
        }
        out.flush();
    }

    private static String quote(String s) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(s)) + '"';
    }

    /** Encodes values in the tensor's type, little-endian. */
    public static final class Sink {
        private final OutputStream out;
        private final DType dtype;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        private final long elements;
        private long count;

        private Sink(OutputStream out, DType dtype, long elements) {
            this.out = out;
            this.dtype = dtype;
            this.elements = elements;
        }

        /**
         * Writes the next element.
         *
         * @param v
         *            the value, rounded to the tensor's type (to nearest, ties to even, for floating-point types)
         * @throws IOException
         *             if it cannot be written
         * @throws UnsupportedOperationException
         *             for 8-bit float and complex types
         */
        public void put(double v) throws IOException {
            if (buffer.remaining() < 8) {
                flush();
            }
            count++;
            switch (dtype) {
                case F32 -> buffer.putFloat((float) v);
                case F64 -> buffer.putDouble(v);
                case F16 -> buffer.putShort(Float.floatToFloat16(roundToOdd(v)));
                case BF16 -> buffer.putShort(bfloat16(roundToOdd(v)));
                case I64, U64 -> buffer.putLong((long) v);
                case I32, U32 -> buffer.putInt((int) (long) v);
                case I16, U16 -> buffer.putShort((short) (long) v);
                case U8, I8, BOOL -> buffer.put((byte) (long) v);
                case F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, C64 ->
                        throw new UnsupportedOperationException(dtype + " cannot be written");
            }
        }

        /**
         * Writes elements that are already encoded in the tensor's type.
         *
         * @param encoded
         *            a block of little-endian elements
         * @param length
         *            bytes of the block to write
         * @throws IOException
         *             if they cannot be written
         */
        public void put(byte[] encoded, int length) throws IOException {
            flush();
            out.write(encoded, 0, length);
            count += length / dtype.bytes();
        }

        /**
         * Writes the whole tensor from a stream, already encoded in the tensor's type.
         *
         * @param in
         *            a stream with at least as many bytes as the tensor
         * @throws IOException
         *             if it is too short, or cannot be read or written
         */
        public void copy(InputStream in) throws IOException {
            flush();
            long left = elements * dtype.bytes();
            byte[] block = new byte[1 << 16];
            while (left > 0) {
                int n = in.readNBytes(block, 0, (int) Math.min(block.length, left));
                if (n == 0) {
                    throw new EOFException("encoded tensor is too short");
                }
                out.write(block, 0, n);
                left -= n;
            }
            count = elements;
        }

        /**
         * Rounds to float32 towards zero, and sets the last bit if that is inexact. Rounding the result to a
         * shorter type equals rounding v directly; rounding to nearest twice does not, near the midpoint of two
         * values (Boldo and Melquiond, "When double rounding is odd", 2005).
         */
        private static float roundToOdd(double v) {
            float f = (float) v;
            if (f == v || Double.isNaN(v)) {
                return f;
            }
            int bits = Float.floatToRawIntBits(f);
            return Float.intBitsToFloat((Math.abs((double) f) > Math.abs(v) ? bits - 1 : bits) | 1);
        }

        /** Round to nearest, ties to even; NaN stays NaN. */
        private static short bfloat16(float v) {
            int bits = Float.floatToIntBits(v);
            if (Float.isNaN(v)) {
                return (short) 0x7FC0;
            }
            return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
        }

        private void flush() throws IOException {
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
    }
}
