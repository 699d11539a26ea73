package radedit.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses one of several words, in upper or lower case. */
final class Choice<T> implements ITypeConverter<T> {
    private final List<T> all;

    Choice(T[] all) {
        this.all = Arrays.asList(all);
    }

    /** A value in the notation of users. */
    static String word(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public T convert(String value) {
        return all.stream().filter(v -> word(v).equals(word(value))).findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + value + "' is not one of "
                        + String.join(", ", all.stream().map(Choice::word).toList())));
    }
}
