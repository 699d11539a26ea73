package radedit.imaging.volume;

import java.nio.ByteBuffer;

/** Number types of voxels. */
enum VoxelType {
    INT8(1), UINT8(1), INT16(2), UINT16(2), INT32(4), UINT32(4), INT64(8), UINT64(8), FLOAT32(4), FLOAT64(8);

    private final int bytes;

    VoxelType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    boolean isReal() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** Whether an int can hold all of its numbers, or their bits. */
    boolean isInt() {
        return bytes <= 4 && !isReal();
    }

    /** A number of up to 32 bits; for {@link #UINT32} its bits. */
    int integer(ByteBuffer in, int at) {
        return switch (this) {
            case INT8 -> in.get(at);
            case UINT8 -> in.get(at) & 0xFF;
            case INT16 -> in.getShort(at);
            case UINT16 -> in.getShort(at) & 0xFFFF;
            default -> in.getInt(at);
        };
    }

    /** Any other number; 64-bit integers as long as they are exact, NaN beyond. */
    double real(ByteBuffer in, int at) {
        return switch (this) {
            case FLOAT32 -> in.getFloat(at);
            case FLOAT64 -> in.getDouble(at);
            default -> {
                long v = in.getLong(at);
                boolean exact = v >= (this == UINT64 ? 0 : -VoxelGrid.EXACT) && v <= VoxelGrid.EXACT;
                yield exact ? v : Double.NaN;
            }
        };
    }

    /** The least number of the type; minus infinity for floating-point types. */
    double min() {
        return switch (this) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> -VoxelGrid.EXACT;
            case FLOAT32, FLOAT64 -> Double.NEGATIVE_INFINITY;
            default -> 0;
        };
    }

    /** The greatest number of the type. */
    double max() {
        return switch (this) {
            case INT8 -> Byte.MAX_VALUE;
            case UINT8 -> 0xFF;
            case INT16 -> Short.MAX_VALUE;
            case UINT16 -> 0xFFFF;
            case INT32 -> Integer.MAX_VALUE;
            case UINT32 -> 0xFFFFFFFFL;
            case INT64, UINT64 -> VoxelGrid.EXACT;
            default -> Double.POSITIVE_INFINITY;
        };
    }
}
