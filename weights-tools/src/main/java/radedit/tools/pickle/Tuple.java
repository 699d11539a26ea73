package radedit.tools.pickle;

import java.util.List;

/**
 * Python's tuple as a value. It is a class of its own, and no list, so that nothing hashes or compares it by its
 * content: a few hundred bytes can describe tuples in tuples with more than 2^64 leaves.
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
