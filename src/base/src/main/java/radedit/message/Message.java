package radedit.message;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** A sentence in which settings are values, so that each program can name them as its users know them. */
public final class Message implements Serializable {
    private static final long serialVersionUID = 1;

    private final Serializable[] parts;

    private Message(Serializable[] parts) {
        this.parts = parts;
    }

    /**
     * A sentence made of its parts, one after the other.
     *
     * @param parts
     *            settings stay what they are, messages are taken apart, everything else becomes text
     */
    public static Message of(@Nullable Object... parts) {
        List<Serializable> all = new ArrayList<>();
        for (Object p : parts) {
            switch (p) {
                case Setting s -> all.add(s);
                case Message m -> all.addAll(Arrays.asList(m.parts));
                case null, default -> all.add(String.valueOf(p));
            }
        }
        return new Message(all.toArray(Serializable[]::new));
    }

    /** What an exception says, with its settings where it has some. */
    public static Message saidBy(Throwable t) {
        return t instanceof Explained e ? e.explanation() : of(t.getMessage());
    }

    /** The settings that it names, in their order. */
    public List<Setting> settings() {
        return Stream.of(parts).filter(Setting.class::isInstance).map(Setting.class::cast).toList();
    }

    /** The sentence with names of the caller's choice for settings. */
    public String toString(Function<Setting, String> names) {
        return Stream.of(parts).map(p -> p instanceof Setting s ? names.apply(s) : p.toString())
                .collect(Collectors.joining());
    }

    /** The sentence in words. */
    @Override
    public String toString() {
        return toString(Setting::toString);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Message m && Arrays.equals(parts, m.parts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(parts);
    }
}
