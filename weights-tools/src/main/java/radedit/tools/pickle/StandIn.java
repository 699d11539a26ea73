package radedit.tools.pickle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands where the file asks for an object of a class, or for a call of a function, that is not known here. The class
 * is never looked for, constructed or called: a stand-in only keeps what the file would have given it. It is compared and
 * hashed by identity, so no content of a file decides how long that takes.
 */
final class StandIn {
    private final String type;
    private final Tuple arguments;
    private Map<Object, Object> items = Map.of();
    private List<Object> elements = List.of();
    private Object state;

    /**
     * @param type
     *            name of the class or function
     * @param arguments
     *            that it would have been called with
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

    /** What the file puts into it as into a dictionary. */
    Map<Object, Object> items() {
        return items;
    }

    /** The same, to put more into. */
    Map<Object, Object> itemsToFill() {
        if (items.isEmpty()) {
            items = new LinkedHashMap<>();
        }
        return items;
    }

    /** What the file appends to it as to a list or set. */
    List<Object> elements() {
        return elements;
    }

    void append(List<Object> more) {
        if (elements.isEmpty()) {
            elements = new ArrayList<>();
        }
        elements.addAll(more);
    }

    /** What the file sets its attributes from; null if it does not. */
    Object state() {
        return state;
    }

    void setState(Object value) {
        state = value;
    }
}
