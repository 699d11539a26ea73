package radedit.tensor;

/**
 * Element types of the safetensors format, under its names and in its order, by which its writer sorts tensors. The
 * 8-bit floats and C64 are copied from file to file but cannot be computed with.
 */
public enum DType {
    /** Boolean, one byte of 0 or 1. */
    BOOL(1),
    /** Unsigned 8-bit integer. */
    U8(1),
    /** Signed 8-bit integer. */
    I8(1),
    /** 8-bit float, 5 exponent bits, 2 mantissa bits (Micikevicius et al., arXiv:2209.05433). */
    F8_E5M2(1),
    /** 8-bit float, 4 exponent bits, 3 mantissa bits, no infinities (Micikevicius et al., arXiv:2209.05433). */
    F8_E4M3(1),
    /** 8-bit power of two, exponent bits only. */
    F8_E8M0(1),
    /** Like {@link #F8_E4M3}, with exponent bias 8 and no negative zero (Noune et al., arXiv:2206.02915). */
    F8_E4M3FNUZ(1),
    /**
     * Like {@link #F8_E5M2}, with exponent bias 16, no infinities and no negative zero (Noune et al.,
     * arXiv:2206.02915).
     */
    F8_E5M2FNUZ(1),
    /** Signed 16-bit integer. */
    I16(2),
    /** Unsigned 16-bit integer. */
    U16(2),
    /** IEEE 754 half precision. */
    F16(2),
    /** Bfloat16: the upper half of a float32. */
    BF16(2),
    /** Signed 32-bit integer. */
    I32(4),
    /** Unsigned 32-bit integer. */
    U32(4),
    /** IEEE 754 single precision. */
    F32(4),
    /** Complex number of two float32. */
    C64(8),
    /** IEEE 754 double precision. */
    F64(8),
    /** Signed 64-bit integer. */
    I64(8),
    /** Unsigned 64-bit integer. */
    U64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** {@return bytes per element in a file} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether elements are real floating-point numbers of any width} */
    public boolean isFloat() {
        return switch (this) {
            case BOOL, U8, I8, I16, U16, I32, U32, I64, U64, C64 -> false;
            default -> true;
        };
    }
}
