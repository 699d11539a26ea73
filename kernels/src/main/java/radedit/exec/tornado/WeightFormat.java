package radedit.exec.tornado;

import radedit.safetensors.TensorData;
import radedit.tensor.DType;
import radedit.tensor.Precision;

/**
 * Format of a GEMM's weights on the device. TornadoVM cannot reinterpret bits as a float, so 16-bit weights are decoded by a
 * table: sign and exponent select a scale and a base, and the number is scale * fraction + base, exactly. Infinities become
 * NaN, so that the result shows them.
 */
enum WeightFormat {
    FLOAT32(0, 0), FLOAT16(10, 5), BFLOAT16(7, 8);

    /** Number of fraction bits; 0 if nothing has to be decoded. */
    final int fractionBits;
    private final int exponentBits;

    WeightFormat(int fractionBits, int exponentBits) {
        this.fractionBits = fractionBits;
        this.exponentBits = exponentBits;
    }

    /** The format that stores a tensor's elements exactly, as they are when they are read. */
    static WeightFormat of(TensorData tensor) {
        WeightFormat encoded = switch (tensor.dtype()) {
            case F16 -> FLOAT16;
            case BF16 -> BFLOAT16;
            default -> FLOAT32;
        };
        return encoded.isKeptBy(tensor.precision()) ? encoded : FLOAT32;
    }

    /** Whether a tensor's elements are stored as the file encodes them. */
    boolean holds(TensorData tensor) {
        return isKeptBy(tensor.precision()) && tensor.dtype() == switch (this) {
            case FLOAT32 -> DType.F32;
            case FLOAT16 -> DType.F16;
            case BFLOAT16 -> DType.BF16;
        };
    }

    /** Whether rounding to a precision changes no number of this format; TF32 has the numbers of both others. */
    private boolean isKeptBy(Precision p) {
        return switch (p) {
            case NONE -> true;
            case TF32 -> this != FLOAT32;
            case FP16 -> this == FLOAT16;
            case BF16 -> this == BFLOAT16;
        };
    }

    /** Offset of the positive numbers in {@link #table}. */
    int middle() {
        return 2 << exponentBits;
    }

    /** Scale and base for each combination of sign and exponent: negative numbers first, then positive ones. */
    float[] table() {
        int exponents = 1 << exponentBits;
        int bias = (exponents >> 1) - 1;
        float[] t = new float[4 * exponents];
        for (int i = 0; i < 2 * exponents; i++) {
            int exponent = i % exponents;
            if (exponent == exponents - 1) {
                t[2 * i] = Float.NaN;
                t[2 * i + 1] = Float.NaN;
                continue;
            }
            double scale = Math.scalb(i < exponents ? -1.0 : 1.0, Math.max(exponent, 1) - bias - fractionBits);
            t[2 * i] = (float) scale;
            t[2 * i + 1] = (float) (exponent == 0 ? Math.copySign(0, scale) : scale * (1 << fractionBits));
        }
        return t;
    }
}
