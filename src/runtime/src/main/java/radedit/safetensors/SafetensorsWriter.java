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
 * order, so a file of any size needs no more memory than one tensor.
 */
public final class SafetensorsWriter {
    /** Produces the values of one tensor, element by element in row-major order, into a sink. */
    @FunctionalInterface
    public interface Source {
        void writeTo(Sink sink) throws IOException;
    }

    private record Entry(String name, DType dtype, Shape shape, Source source) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    public SafetensorsWriter add(String name, DType dtype, Shape shape, Source source) {
        entries.add(new Entry(name, dtype, shape, source));
        return this;
    }

    public SafetensorsWriter add(String name, DType dtype, Tensor tensor) {
        return add(name, dtype, tensor.shape(), sink -> {
            for (double v : tensor.data()) {
                sink.put(v);
            }
        });
    }

    /** Writes header and data; the stream stays open. */
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

        /** The next element, rounded to the tensor's type. */
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

        /** The next elements, already encoded in the tensor's type: the first {@code length} bytes of a block. */
        public void put(byte[] encoded, int length) throws IOException {
            flush();
            out.write(encoded, 0, length);
            count += length / dtype.bytes();
        }

        /** The whole tensor, already encoded, from a stream that holds at least as much. */
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
         * The float32 next to zero from v, with its last bit set where that is not v itself. Rounding this to a shorter
         * type gives what rounding v would give; rounding twice to nearest would not, near the middle between two
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
