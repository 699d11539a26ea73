package radedit.cli;

import java.util.stream.IntStream;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Numbers of pictures: 3, or 2-5, or both with commas between them.
 *
 * @param text
 *            as the user wrote it
 */
record NumberRanges(String text, int[] numbers) {
    static final class Converter implements ITypeConverter<NumberRanges> {

        @Override
        public NumberRanges convert(String value) {
            if (!value.matches("\\d{1,6}(-\\d{1,6})?(,\\d{1,6}(-\\d{1,6})?)*")) {
                throw new TypeConversionException(
                        "'" + value + "' is not a number or a range, such as 3, 2-5 or 1,4-6");
            }
            IntStream all = IntStream.empty();
            for (String part : value.split(",")) {
                String[] ends = part.split("-");
                int from = Integer.parseInt(ends[0]);
                int to = Integer.parseInt(ends[ends.length - 1]);
                if (from < 1 || to < from) {
                    throw new TypeConversionException("'" + part + "' is not a range of numbers from 1 on");
                }
                all = IntStream.concat(all, IntStream.rangeClosed(from, to));
            }
            return new NumberRanges(value, all.toArray());
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
