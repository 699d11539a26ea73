package radedit.exec;

/**
 * Stochastic rounding of every result: to one of the two neighbouring numbers of a precision, each with a probability
 * proportional to the distance from the other, so that the expectation is the exact result. It is the random rounding
 * mode of Monte Carlo arithmetic (Parker, Monte Carlo Arithmetic, Indiana University TR 500, 1997; Denis, de Oliveira
 * Castro and Petit, Verificarlo, ARITH 2016), with a virtual precision. Exponents are those of double precision:
 * nothing overflows or underflows.
 *
 * @param bits
 *            significant bits of a result, including the leading one, {@value #MIN_BITS} to {@value #MAX_BITS}: 24 as
 *            float32, 11 as tf32 and float16, 8 as bfloat16, but for sums too, which hardware
 *            accumulates in float32
 * @param seed
 *            seed of the random numbers
 * @param sample
 *            number of the sample: samples of one seed have independent random numbers
 */
public record StochasticRounding(int bits, long seed, int sample) {
    /** Precision of bfloat16. */
    public static final int MIN_BITS = 8;
    /** Precision of float32. */
    public static final int MAX_BITS = 24;

    /**
     * Checks the precision.
     *
     * @throws IllegalArgumentException
     *             if it is out of range
     */
    public StochasticRounding {
        if (bits < MIN_BITS || bits > MAX_BITS) {
            throw new IllegalArgumentException(
                    "the precision must be from " + MIN_BITS + " to " + MAX_BITS + " bits, not " + bits);
        }
    }
}
