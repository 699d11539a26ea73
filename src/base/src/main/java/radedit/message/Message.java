package radedit.message;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** A sentence in which settings are values, so that each program can put its own names for them. */
public final class Message implements Serializable {
    private static final long serialVersionUID = 1;

    /** Settings and texts, in order. */
    private final Serializable[] parts;

    private Message(Serializable[] parts) {
        this.parts = parts;
    }

    /**
     * {@return the concatenation of its parts}
     *
     * @param parts
     *            settings and messages keep their settings; everything else becomes text
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

    /**
     * {@return an exception's message; its settings stay values if it is {@link Explained}}
     *
     * @param t
     *            the exception
     */
    public static Message saidBy(Throwable t) {
        return t instanceof Explained e ? e.explanation() : of(t.getMessage());
    }

    /** {@return the settings that the sentence names, in order} */
    public List<Setting> settings() {
        return Stream.of(parts).filter(Setting.class::isInstance).map(Setting.class::cast).toList();
    }

    /**
     * {@return the sentence, with settings named by the caller}
     *
     * @param names
     *            a setting's name in the caller's program
     */
    public String toString(Function<Setting, String> names) {
        return Stream.of(parts).map(p -> p instanceof Setting s ? names.apply(s) : p.toString())
                .collect(Collectors.joining());
    }

    /** {@return the sentence, with settings in words} */
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
