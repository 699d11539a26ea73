package radedit.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

import radedit.pipeline.InvalidRequestException;

/** Parses and checks the numbers of options. */
final class NumberConverters {
    private NumberConverters() {
    }

    static void register(CommandLine line) {
        line.registerConverter(Integer.class, NumberConverters::whole).registerConverter(int.class,
                NumberConverters::whole);
        line.registerConverter(Long.class, NumberConverters::large).registerConverter(long.class,
                NumberConverters::large);
        line.registerConverter(Double.class, NumberConverters::real).registerConverter(double.class,
                NumberConverters::real);
    }

    /**
     * @param value
     *            of an option; null if it is not given
     * @throws InvalidRequestException
     *             if it is negative or no number
     */
    static void requireNotNegative(String option, @Nullable Number value) {
        if (value != null && !(value.doubleValue() >= 0)) {
            throw new InvalidRequestException(option + " must be at least 0, not " + value);
        }
    }

    static int whole(String value) {
        long n = large(value);
        if (n != (int) n) {
            throw tooLarge(value);
        }
        return (int) n;
    }

    private static long large(String value) {
        String digits = value.strip();
        if (!digits.matches("[+-]?\\d+")) {
            throw new TypeConversionException("'" + value + "' is not a whole number");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw tooLarge(value);
        }
    }

    private static TypeConversionException tooLarge(String value) {
        return new TypeConversionException(value + " is too " + (value.strip().startsWith("-") ? "small" : "large"));
    }

    static double real(String value) {
        if (value.matches("\\s*[+-]?\\d*,\\d+\\s*")) {
            throw new TypeConversionException("'" + value + "' is not a number; use a decimal point: "
                    + value.strip().replace(',', '.'));
        }
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + value + "' is not a number");
        }
    }
}
