package radedit.tools.pickle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An inert substitute for an object of an unknown class, or for the result of an unknown function. The class is never
 * looked up, constructed or called: a stand-in only stores what the file would have passed. It is compared and hashed by
 * identity, so that no file can make this slow.
 */
final class StandIn {
    private final String type;
    private final Tuple arguments;
    private Map<Object, Object> items = Map.of();
    private List<Object> elements = List.of();
    private @Nullable Object state;

    /**
     * @param type
     *            name of the class or function
     * @param arguments
     *            arguments of the call
     */
    StandIn(String type, Tuple arguments) {
        this.type = type;
        this.arguments = arguments;
    }

    String type() {
        return type;
    }

    Tuple arguments() {
        return arguments;
    }

    /** Items that the file sets, as of a dictionary. */
    Map<Object, Object> items() {
        return items;
    }

    /** {@link #items}, mutable. */
    Map<Object, Object> itemsToFill() {
        if (items.isEmpty()) {
            items = new LinkedHashMap<>();
        }
        return items;
    }

    /** Elements that the file appends, as to a list or set. */
    List<Object> elements() {
        return elements;
    }

    void append(List<Object> more) {
        if (elements.isEmpty()) {
            elements = new ArrayList<>();
        }
        elements.addAll(more);
    }

    /** The state from which the file sets attributes; null if it does not. */
    @Nullable
    Object state() {
        return state;
    }

    void setState(Object value) {
        state = value;
    }
}
