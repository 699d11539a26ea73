package radedit.tools.pickle;

import java.util.List;

/**
 * A Python tuple. A class of its own rather than a list, so that nothing hashes or compares it by content: a few hundred
 * bytes can describe nested tuples with more than 2^64 leaves.
 */
final class Tuple {
    static final Tuple EMPTY = new Tuple(List.of());

    private final List<Object> items;

    Tuple(List<Object> items) {
        this.items = List.copyOf(items);
    }

    List<Object> items() {
        return items;
    }

    int size() {
        return items.size();
    }

    Object get(int i) {
        return items.get(i);
    }
}
