package radedit.imaging;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import radedit.imaging.pixel.PixelArray;

/** Voxel types of NIfTI files (nifti1.h, DT_*). */
enum NiftiType {
    UINT8(2, 1, 0, 0xFF), INT16(4, 2, Short.MIN_VALUE, Short.MAX_VALUE), INT32(8, 4, Integer.MIN_VALUE,
            Integer.MAX_VALUE),
    FLOAT32(16, 4, -Float.MAX_VALUE, Float.MAX_VALUE), FLOAT64(64, 8, -Double.MAX_VALUE, Double.MAX_VALUE),
    /** Red, green, blue. */
    RGB24(128, 3, 0, 0xFF),
    INT8(256, 1, Byte.MIN_VALUE, Byte.MAX_VALUE), UINT16(512, 2, 0, 0xFFFF), UINT32(768, 4, 0, 0xFFFFFFFFL),
    INT64(1024, 8, Long.MIN_VALUE, Long.MAX_VALUE), UINT64(1280, 8, 0, 0x1p64),
    /** Red, green, blue, alpha. */
    RGBA32(2304, 4, 0, 0xFF);

    private static final Map<Integer, String> NOT_READ = Map.of(1, "single bits", 32, "complex numbers (complex64)",
            1536, "floating-point numbers of 128 bits", 1792, "complex numbers (complex128)", 2048,
            "complex numbers (complex256)");

    private final int code;
    private final int bytes;
    private final double min;
    private final double max;

    NiftiType(int code, int bytes, double min, double max) {
        this.code = code;
        this.bytes = bytes;
        this.min = min;
        this.max = max;
    }

    /** The type of a header's code. */
    static NiftiType of(Path file, int code) throws ImageFormatException {
        for (NiftiType t : values()) {
            if (t.code == code) {
                return t;
            }
        }
        String name = NOT_READ.get(code);
        throw new ImageFormatException(file, "has voxels of NIfTI data type " + code + (name == null ? "" : ", " + name)
                + "; integers, floating-point numbers of 32 and 64 bits and RGB are read");
    }

    int code() {
        return code;
    }

    /** Bytes of a voxel. */
    int bytes() {
        return bytes;
    }

    /** Samples of a pixel that are read; alpha is not. */
    int samples() {
        return isColour() ? 3 : 1;
    }

    boolean isColour() {
        return this == RGB24 || this == RGBA32;
    }

    private boolean isReal() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** Whether the type can hold every whole number of a range. */
    boolean holds(double from, double to) {
        return !isReal() && !isColour() && min <= from && to <= max;
    }

    /** The nearest number that the type can hold. */
    double nearest(double v) {
        if (isReal()) {
            return this == FLOAT32 ? (float) v : v;
        }
        return Math.clamp(Math.rint(v), min, max);
    }

    /** Reads voxels, as 32-bit integers where they fit. */
    PixelArray read(ByteBuffer in, int frames, int rows, int columns) {
        int n = frames * rows * columns;
        return switch (this) {
            case FLOAT32, FLOAT64, INT64, UINT64 -> wide(in, n, frames, rows, columns);
            case RGB24, RGBA32 -> PixelArray.of(frames, rows, columns, 3, colours(in, n));
            default -> {
                int[] values = narrow(in, n);
                boolean beyond = false;
                for (int i = 0; i < n && this == UINT32; i++) {
                    beyond |= values[i] < 0;
                }
                yield beyond
                        ? wide(in, n, frames, rows, columns)
                        : PixelArray.of(frames, rows, columns, 1, values);
            }
        };
    }

    private int[] narrow(ByteBuffer in, int n) {
        int[] values = new int[n];
        switch (this) {
            case UINT8 -> {
                for (int i = 0; i < n; i++) {
                    values[i] = in.get(i) & 0xFF;
                }
            }
            case INT8 -> {
                for (int i = 0; i < n; i++) {
                    values[i] = in.get(i);
                }
            }
            case INT16 -> {
                for (int i = 0; i < n; i++) {
                    values[i] = in.getShort(2 * i);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < n; i++) {
                    values[i] = in.getShort(2 * i) & 0xFFFF;
                }
            }
            default -> in.asIntBuffer().get(values);
        }
        return values;
    }

    private int[] colours(ByteBuffer in, int n) {
        int[] values = new int[3 * n];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.get(i / 3 * bytes + i % 3) & 0xFF;
        }
        return values;
    }

    private PixelArray wide(ByteBuffer in, int n, int frames, int rows, int columns) {
        double[] values = new double[n];
        boolean narrow = !isReal();
        for (int i = 0; i < n; i++) {
            values[i] = switch (this) {
                case FLOAT32 -> in.getFloat(4 * i);
                case FLOAT64 -> in.getDouble(8 * i);
                case UINT32 -> Integer.toUnsignedLong(in.getInt(4 * i));
                case INT64 -> in.getLong(8 * i);
                default -> unsigned(in.getLong(8 * i));
            };
            narrow &= values[i] >= Integer.MIN_VALUE && values[i] <= Integer.MAX_VALUE;
        }
        if (!narrow) {
            return PixelArray.of(frames, rows, columns, 1, values);
        }
        int[] whole = new int[n];
        for (int i = 0; i < n; i++) {
            whole[i] = (int) values[i];
        }
        return PixelArray.of(frames, rows, columns, 1, whole);
    }

    private static double unsigned(long v) {
        return v >= 0 ? v : (v >>> 1 | v & 1) * 2.0; // sticky lowest bit, so that the conversion rounds correctly
    }

    /**
     * Writes a sample.
     *
     * @param index
     *            index among all samples that are read
     * @param v
     *            a number that the type can hold
     */
    void write(ByteBuffer out, int index, double v) {
        switch (this) {
            case UINT8, INT8 -> out.put(index, (byte) (int) v);
            case INT16, UINT16 -> out.putShort(2 * index, (short) (int) v);
            case INT32, UINT32 -> out.putInt(4 * index, (int) (long) v);
            case FLOAT32 -> out.putFloat(4 * index, (float) v);
            case FLOAT64 -> out.putDouble(8 * index, v);
            case INT64 -> out.putLong(8 * index, (long) v);
            case UINT64 -> out.putLong(8 * index, v < 0x1p63 ? (long) v : (long) (v - 0x1p63) + Long.MIN_VALUE);
            case RGB24, RGBA32 -> out.put(index / 3 * bytes + index % 3, (byte) (int) v);
        }
    }

    /** The name in numpy. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
