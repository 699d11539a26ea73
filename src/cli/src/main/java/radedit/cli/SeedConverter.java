package radedit.cli;

import java.math.BigInteger;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a seed like torch.manual_seed: -2^63 to 2^64 - 1, where -k and 2^64 - k are equivalent. */
final class SeedConverter implements ITypeConverter<Long> {
    private static final BigInteger LEAST = BigInteger.TWO.pow(63).negate();
    private static final BigInteger MOST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    @Override
    public Long convert(String value) {
        if (!value.matches("[+-]?\\d{1,40}")) {
            throw new TypeConversionException("'" + value + "' is not a whole number");
        }
        BigInteger seed = new BigInteger(value);
        if (seed.compareTo(LEAST) < 0 || seed.compareTo(MOST) > 0) {
            throw new TypeConversionException("a seed is from -2^63 to 2^64 - 1, not " + value);
        }
        return seed.longValue();
    }
}
