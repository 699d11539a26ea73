package radedit.tensor;

/**
 * Element types of the safetensors format, under the names it gives them and in its own order, by which its writer
 * sorts tensors. The 8-bit floats and C64 (two float32) are carried from file to file but not computed with.
 */
public enum DType {
    BOOL(1), U8(1), I8(1), F8_E5M2(1), F8_E4M3(1), F8_E8M0(1), F8_E4M3FNUZ(1), F8_E5M2FNUZ(1), I16(2), U16(2), F16(2),
    BF16(2), I32(4), U32(4), F32(4), C64(8), F64(8), I64(8), U64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes an element takes in a file. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are real floating-point numbers, of whatever width. */
    public boolean isFloat() {
        return switch (this) {
            case BOOL, U8, I8, I16, U16, I32, U32, I64, U64, C64 -> false;
            default -> true;
        };
    }
}
