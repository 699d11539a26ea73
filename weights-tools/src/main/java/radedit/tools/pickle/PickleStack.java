package radedit.tools.pickle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import radedit.safetensors.FormatException;

/**
 * The values of the pickle machine: its stack with marks, and its memo. All values stored anywhere are counted, since
 * most instructions take one byte and create an object of fifty.
 */
final class PickleStack {
    /** Limit of values; a state dict of 10,000 tensors takes 400,000. */
    private static final int MAX_VALUES = 4_000_000;

    private final PickleInput in;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int values;

    /**
     * @param in
     *            for messages
     */
    PickleStack(PickleInput in) {
        this.in = in;
    }

    void push(Object value) throws FormatException {
        count();
        stack.add(value);
    }

    void mark() throws FormatException {
        count();
        marks.add(stack.size());
    }

    void remember(long index) throws FormatException {
        count();
        memo.put((int) index, top());
    }

    void rememberNext() throws FormatException {
        remember(memo.size());
    }

    Object recall(long index) throws FormatException {
        Object value = memo.get((int) index);
        if (value == null) {
            throw in.fault("recalls value " + index + ", which was never stored");
        }
        return value;
    }

    private void count() throws FormatException {
        if (++values > MAX_VALUES) {
            throw in.fault("the pickle makes more than " + MAX_VALUES + " values");
        }
    }

    Object top() throws FormatException {
        need(1);
        return stack.getLast();
    }

    Object pop() throws FormatException {
        need(1);
        return stack.removeLast();
    }

    List<Object> pop(int n) throws FormatException {
        need(n);
        return drop(stack.size() - n);
    }

    List<Object> popToMark() throws FormatException {
        if (marks.isEmpty()) {
            throw in.fault("takes values back to a mark that was never set");
        }
        return drop(marks.removeLast());
    }

    /** Removes the top of the stack, a value or a mark. */
    void discard() throws FormatException {
        if (!marks.isEmpty() && marks.getLast() == stack.size()) {
            marks.removeLast();
        } else {
            pop();
        }
    }

    /** The only value left at the end. */
    Object last() throws FormatException {
        if (stack.size() != 1 || !marks.isEmpty()) {
            throw in.fault("the pickle ends with " + stack.size() + " values on its stack");
        }
        return stack.getFirst();
    }

    private List<Object> drop(int from) {
        List<Object> tail = stack.subList(from, stack.size());
        List<Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }

    private void need(int n) throws FormatException {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (stack.size() - floor < n) {
            throw in.fault("takes a value from an empty stack");
        }
    }
}
