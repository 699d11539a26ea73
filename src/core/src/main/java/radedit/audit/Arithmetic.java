package radedit.audit;

import java.util.List;

import radedit.exec.Backend;

/**
 * How a backend computes, as far as bounds of its rounding errors depend on it: in which order it sums, and how
 * accurate its elementary functions are. Errors are counted in unit roundoffs of float32. The numbers are those of the
 * kernels: a change of a kernel's blocks or polynomials has to be repeated here.
 */
enum Arithmetic {
    /** The {@code cpu} backend. */
    CPU,
    /**
     * The {@code tornado} backend. Its elementary functions are as accurate as OpenCL 1.2 requires (section 7.4, full
     * profile); drivers of CUDA do better.
     */
    OPENCL,
    /** {@link #OPENCL}, but for the exponential of NVIDIA's PTX. */
    PTX,
    /** Float32 of which nothing more is known: as bad as the worst of the others. */
    UNKNOWN;

    /**
     * Roundings that Winograd's F(2x2, 3x3) adds to those of the sum over channels: 2 of the input's transform, 4 of the
     * weights' and 4 of the result's, which have one addition or two in each direction.
     */
    private static final int TRANSFORMS_2X2 = 10;
    /**
     * The same of F(2x4, 3x3) in WinogradPoints: 3 of the input's, 2 + 4 of the weights' (with one of the constants) and
     * 2 + 3 of the result's.
     */
    private static final int TRANSFORMS_2X4 = 14;
    /** exp within 3 ulp, sqrt within 3 ulp, division within 2.5 ulp; an ulp is at most two unit roundoffs. */
    private static final double OPENCL_EXP = 6;
    private static final double OPENCL_ROOT = 6;
    private static final double OPENCL_QUOTIENT = 5;
    /** exp(x) within 4 + |x| ulp: ex2.approx after a multiplication (PTX ISA). */
    private static final double PTX_EXP = 8;

    /**
     * {@return how a backend computes, by its name and its driver}
     *
     * @param backend
     *            the backend
     */
    static Arithmetic of(Backend backend) {
        return switch (backend.name()) {
            case "cpu" -> CPU;
            case "tornado" -> backend.describe().contains("with PTX") ? PTX : OPENCL;
            default -> UNKNOWN;
        };
    }

    private double choose(double cpu, double gpu) {
        return switch (this) {
            case CPU -> cpu;
            case OPENCL, PTX -> gpu;
            case UNKNOWN -> Math.max(cpu, gpu);
        };
    }

    /**
     * {@return the roundings that a product passes through in a sum of products}
     *
     * <p>
     * CPU (MicroKernel, DirectConvStep): blocks of 128 fused multiply-adds, and at least one block for each position of
     * the window, except that the window is one sum if there are fewer than 8 channels. GPU (Gemm.BLOCK, Gemm.SLICE):
     * blocks of 256 terms of the whole window, with channels padded to 8.
     *
     * @param channels
     *            terms for each position of the window
     * @param taps
     *            positions of the window; 1 for a linear layer
     */
    double products(int channels, int taps) {
        int run = channels < 8 ? channels * taps : channels;
        int runs = channels < 8 ? 1 : taps;
        int terms = taps * Math.ceilDiv(channels, 8) * 8;
        return choose(Math.min(run, 128) + runs * Math.ceilDiv(run, 128),
                Math.min(terms, 256) + Math.ceilDiv(terms, 256));
    }

    /**
     * {@return the roundings that a product passes through in Winograd's algorithm}
     *
     * <p>
     * CPU (WinogradStep): blocks of 64 channels.
     *
     * @param channels
     *            terms for each point of a tile
     */
    double winograd(int channels) {
        return choose(Math.min(channels, 64) + Math.ceilDiv(channels, 64) + TRANSFORMS_2X4,
                products(channels, 1) + TRANSFORMS_2X2);
    }

    /** {@return the tiles that Winograd's algorithm may use} */
    List<WinogradMagnitudes> winogradTiles() {
        return switch (this) {
            case CPU -> List.of(WinogradMagnitudes.TWO_BY_FOUR);
            case OPENCL, PTX -> List.of(WinogradMagnitudes.TWO_BY_TWO);
            case UNKNOWN -> List.of(WinogradMagnitudes.TWO_BY_FOUR, WinogradMagnitudes.TWO_BY_TWO);
        };
    }

    /** {@return keys of attention between two of its rescalings: AttentionStep.KEYS, Attention.KEY_TILE} */
    int keysPerBlock() {
        return this == OPENCL || this == PTX ? 64 : 96;
    }

    /**
     * {@return by how much the arguments of a weight's exponentials in attention, added up, may exceed its score's
     * distance to the maximum: twice AttentionStep.SLACK}
     */
    double slack() {
        return choose(2 * Math.log(2), 0);
    }

    /**
     * {@return the relative error of exp, in roundings: on the CPU that of a polynomial and its range reduction, below
     * 1.8e-7 (Activations)}
     *
     * @param x
     *            its argument
     */
    double exp(double x) {
        return this == PTX || this == UNKNOWN ? PTX_EXP + 2 * Math.abs(x) : choose(1.8e-7 / Rounding.U, OPENCL_EXP);
    }

    /**
     * {@return the absolute error of the error function, in roundings: 1.2e-7 of its two polynomials, and that of an
     * exponential below 1/4, which the GPU backend leaves to the driver}
     */
    double erf() {
        return 1.2e-7 / Rounding.U + choose(0, exp(2) / 4);
    }

    /** {@return the relative error of a division, in roundings} */
    double quotient() {
        return choose(1, OPENCL_QUOTIENT);
    }

    /**
     * {@return the relative error of 1 / sqrt(sum / n + eps), given the sum, in roundings: one on the CPU, which computes
     * it in double precision}
     */
    double inverseRoot() {
        return choose(1, 0.5 * (OPENCL_QUOTIENT + 1) + OPENCL_ROOT + OPENCL_QUOTIENT);
    }

    /**
     * {@return the roundings that an element passes through in the mean or variance of a group norm}
     *
     * <p>
     * CPU (GroupNormStep): blocks of 64 pixels, channel by channel, and the reciprocal of their number. GPU (GroupNorm):
     * 256 sums over a block of about 4096 elements, added in 8 rounds, then a sum over the blocks.
     *
     * @param pixels
     *            of a sample
     * @param each
     *            channels per group
     */
    double groupTerms(int pixels, int each) {
        int span = Math.min(pixels, Math.max(1, 4096 / each));
        return choose(Math.min(pixels, 64) + 3, Math.ceilDiv(span * each, 256) + 8 + OPENCL_QUOTIENT
                + Math.ceilDiv(pixels, span) + 3);
    }

    /**
     * {@return the roundings that an element passes through in the mean or variance of a layer norm}
     *
     * <p>
     * CPU (LayerNormStep): a sum for each element of a vector, of which there are at least 4. GPU (RowNorm): 64 sums,
     * added in 6 rounds.
     *
     * @param channels
     *            length of a row
     */
    double rowTerms(int channels) {
        return choose(Math.ceilDiv(channels, 4) + 2, Math.ceilDiv(channels, 64) + 7 + OPENCL_QUOTIENT);
    }

    /**
     * {@return the roundings that an element passes through in the mean over a picture; one if only the result is rounded}
     *
     * @param pixels
     *            number of its pixels
     */
    double meanTerms(int pixels) {
        return choose(1, pixels + OPENCL_QUOTIENT);
    }

    /**
     * {@return the roundings of an element divided by its row's Euclidean norm, which the CPU computes in double
     * precision}
     *
     * @param channels
     *            length of the row
     */
    double euclidean(int channels) {
        return choose(1, 0.5 * rowTerms(channels) + OPENCL_ROOT + OPENCL_QUOTIENT);
    }
}
