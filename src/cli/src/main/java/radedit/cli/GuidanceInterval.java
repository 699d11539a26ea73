package radedit.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The noise levels at which sampling is guided, as on the command line.
 *
 * @param from
 *            lowest share of the training timesteps
 * @param to
 *            highest share
 */
record GuidanceInterval(double from, double to) {

    /** As it is given, for the command line in settings. */
    @Override
    public String toString() {
        return from + "," + to;
    }

    /** Reads A,B. */
    static final class Converter implements ITypeConverter<GuidanceInterval> {
        @Override
        public GuidanceInterval convert(String value) {
            String[] ends = value.split(",", -1);
            if (ends.length != 2) {
                throw new TypeConversionException("'" + value + "' is not two numbers A,B, such as 0.2,0.8");
            }
            return new GuidanceInterval(NumberConverters.real(ends[0].strip()), NumberConverters.real(ends[1].strip()));
        }
    }
}
