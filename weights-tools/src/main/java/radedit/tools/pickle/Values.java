package radedit.tools.pickle;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;

/** Views of pickle values for the search for a state dict. */
final class Values {
    private static final String MODULES = "_modules";

    private Values() {
    }

    static boolean isTensor(@Nullable Object value) {
        return value instanceof TensorRef || value instanceof UnsupportedTensor;
    }

    /** Whether Python accepts it as a dictionary key, and hashing it is fast. */
    static boolean isKey(Object value) {
        return !(value instanceof List || value instanceof Map);
    }

    /** The items of a dictionary, or of an object of a dictionary class; null for anything else. */
    static @Nullable Map<?, ?> items(Object value) {
        return switch (value) {
            case Map<?, ?> m -> m;
            case StandIn s when !s.items().isEmpty() -> s.items();
            case StandIn s when s.arguments().size() == 1 && s.arguments().get(0) instanceof Map<?, ?> m -> m;
            default -> null;
        };
    }

    /** The items of a list or tuple; null for anything else. */
    static @Nullable List<?> elements(Object value) {
        return switch (value) {
            case List<?> l -> l;
            case Tuple t -> t.items();
            case StandIn s when !s.elements().isEmpty() -> s.elements();
            default -> null;
        };
    }

    /** An object's attributes by name; null if it has none. */
    static @Nullable Map<?, ?> attributes(Object value) {
        return value instanceof StandIn s ? switch (s.state()) {
            case Map<?, ?> m -> m;
            case Tuple t when t.size() == 2 && t.get(1) instanceof Map<?, ?> slots ->
                    t.get(0) instanceof Map<?, ?> m ? m : slots;
            case null, default -> null;
        } : null;
    }

    /** The value under a name: an item, an element by its index, an attribute; null if there is none. */
    static @Nullable Object child(Object value, String name) {
        boolean number = name.matches("[0-9]{1,9}");
        Map<?, ?> items = items(value);
        if (items != null) {
            Object item = items.get(name);
            item = item == null && number ? items.get(Long.valueOf(name)) : item;
            if (item != null) {
                return item;
            }
        }
        List<?> elements = elements(value);
        if (number && elements != null) {
            return Integer.parseInt(name) < elements.size() ? elements.get(Integer.parseInt(name)) : null;
        }
        Map<?, ?> attributes = attributes(value);
        if (attributes == null) {
            return null;
        }
        Object own = attributes.get(name);
        return own == null && attributes.get(MODULES) instanceof Map<?, ?> m ? m.get(name) : own;
    }

    /** A dictionary key as text. */
    static String key(Object key) {
        return switch (key) {
            case String s -> Messages.printable(s);
            case BigInteger n -> "a large number";
            case Number n -> n.toString();
            default -> describe(key);
        };
    }

    static String describe(Object value) {
        return switch (value) {
            case Map<?, ?> m -> "a dictionary";
            case List<?> l -> "a list";
            case Tuple t -> "a tuple";
            case String s -> "a text";
            case Number n -> "a number";
            case Boolean b -> "true or false";
            case TensorRef t -> "a tensor";
            case UnsupportedTensor t -> t.description();
            case SkippedBytes b -> "bytes";
            case None n -> "nothing";
            case StandIn s -> "an object: " + Messages.printable(s.type());
            case Global.Named n -> "a name: " + Messages.printable(n.name());
            default -> "something else";
        };
    }
}
