package radedit.cli;

import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Parses the numbers of options. */
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
