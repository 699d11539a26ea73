package radedit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import radedit.pipeline.InvalidRequestException;

/**
 * Numbers of pictures: 3, or 2-5, or several of these separated by commas.
 *
 * @param text
 *            the user's words
 */
record NumberRanges(String text, List<Range> ranges) {
    /** Numbers of more digits are replaced by the largest. */
    private static final int DIGITS = 18;

    /**
     * A range of numbers, both ends included.
     *
     * @param text
     *            the user's words
     */
    private record Range(String text, long from, long to) {
        static Range of(String text) {
            String[] ends = text.split("-");
            return new Range(text, number(ends[0]), number(ends[ends.length - 1]));
        }

        private static long number(String digits) {
            String bare = digits.replaceFirst("^0+(?=.)", "");
            return bare.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(bare);
        }
    }

    static final class Converter implements ITypeConverter<NumberRanges> {

        @Override
        public NumberRanges convert(String value) {
            if (!value.matches("\\d+(-\\d+)?(,\\d+(-\\d+)?)*")) {
                throw new TypeConversionException(
                        "'" + value + "' is not a number or a range, such as 3, 2-5 or 1,4-6");
            }
            List<Range> ranges = new ArrayList<>();
            for (String part : value.split(",")) {
                Range r = Range.of(part);
                if (r.from < 1 || r.to < r.from) {
                    throw new TypeConversionException("'" + part + "' is not a range of numbers from 1 on");
                }
                ranges.add(r);
            }
            return new NumberRanges(value, ranges);
        }
    }

    /**
     * All numbers, in the order given.
     *
     * @param all
     *            number of pictures in the batch
     * @throws InvalidRequestException
     *            if a number exceeds the batch
     */
    int[] numbers(int all) {
        for (Range r : ranges) {
            if (r.to > all) {
                throw new InvalidRequestException(
                        "--only counts the pictures of the batch from 1 to " + all + ", not " + r.text);
            }
        }
        return ranges.stream().flatMapToInt(r -> IntStream.rangeClosed((int) r.from, (int) r.to)).toArray();
    }

    @Override
    public String toString() {
        return text;
    }
}
