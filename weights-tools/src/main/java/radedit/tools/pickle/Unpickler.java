package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.files.Messages;
import radedit.weights.FormatException;

/**
 * The pickle machine, cut down to data. Values are String, Long, BigInteger, Double, Boolean, {@link None},
 * {@link Tuple}, List, Map with plain keys, {@link Global}, {@link StorageRef} and {@link TensorRef}.
 *
 * <p>
 * A pickle may come from anybody. Any instruction or name beyond {@link Opcodes} and {@link Global#ALLOWED} ends the
 * reading. The machine is a loop and not a recursion, whatever the nesting; each instruction costs time in proportion
 * to its own bytes and operands; values made and remembered are counted, and so is the pickle's length, since most
 * instructions take one byte and make an object of fifty.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">pickletools, which describes the instructions</a>
 */
final class Unpickler {
    /** A state dict of 10,000 tensors takes 400,000 values. */
    private static final int MAX_VALUES = 4_000_000;
    private final PickleInput in;
    private int values;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private final Map<String, Integer> storageWidths = new HashMap<>();

    /**
     * @param file
     *            for messages
     * @param bytes
     *            hold pickles one after the other, and possibly something else behind
     */
    Unpickler(Path file, MemorySegment bytes) {
        this.in = new PickleInput(file, bytes);
    }

    /** The first byte after the pickles read so far. */
    long position() {
        return in.position();
    }

    /** Bytes of an element of each storage that the last pickle mentioned, by key. */
    Map<String, Integer> storageWidths() {
        return new HashMap<>(storageWidths);
    }

    /**
     * Reads the next pickle.
     *
     * @throws FormatException
     *             if it is damaged, or asks for anything that a state dict has no need of
     */
    Object load() throws FormatException {
        stack.clear();
        marks.clear();
        memo.clear();
        storageWidths.clear();
        values = 0;
        in.begin();
        if (in.opcode() != Opcodes.PROTO) {
            throw in.fault("is no pickle of protocol 2 or later");
        }
        long protocol = in.unsigned(1);
        if (protocol < 2 || protocol > 5) {
            throw in.fault("pickle protocol " + protocol + "; 2 to 5 are known");
        }
        while (true) {
            int opcode = in.opcode();
            if (opcode == Opcodes.STOP) {
                if (stack.size() != 1 || !marks.isEmpty()) {
                    throw in.fault("the pickle ends with " + stack.size() + " values on its stack");
                }
                return stack.getFirst();
            }
            step(opcode);
        }
    }

    private void step(int opcode) throws FormatException {
        switch (opcode) {
            case Opcodes.FRAME -> in.need(in.int64()); // frames only help a reader to fetch larger blocks
            case Opcodes.MARK -> mark();

            case Opcodes.NONE -> push(None.NONE);
            case Opcodes.NEWTRUE -> push(true);
            case Opcodes.NEWFALSE -> push(false);
            case Opcodes.BININT -> push(in.int32());
            case Opcodes.BININT1 -> push(in.unsigned(1));
            case Opcodes.BININT2 -> push(in.unsigned(2));
            case Opcodes.LONG1 -> push(in.integer(in.unsigned(1)));
            case Opcodes.BINFLOAT -> push(in.float64());
            case Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINUNICODE -> push(in.text(in.unsigned(1)));
            case Opcodes.BINSTRING, Opcodes.BINUNICODE -> push(in.text(in.unsigned(4)));
            case Opcodes.BINUNICODE8 -> push(in.text(in.int64()));

            case Opcodes.EMPTY_TUPLE -> push(new Tuple(List.of()));
            case Opcodes.TUPLE -> push(new Tuple(popToMark()));
            case Opcodes.TUPLE1 -> push(new Tuple(pop(1)));
            case Opcodes.TUPLE2 -> push(new Tuple(pop(2)));
            case Opcodes.TUPLE3 -> push(new Tuple(pop(3)));
            case Opcodes.EMPTY_LIST -> push(new ArrayList<>());
            case Opcodes.APPEND -> append(pop(1));
            case Opcodes.APPENDS -> append(popToMark());
            case Opcodes.EMPTY_DICT -> push(new LinkedHashMap<>());
            case Opcodes.SETITEM -> put(pop(2));
            case Opcodes.SETITEMS -> put(popToMark());

            case Opcodes.BINPUT -> remember(in.unsigned(1));
            case Opcodes.LONG_BINPUT -> remember(in.unsigned(4));
            case Opcodes.MEMOIZE -> remember(memo.size());
            case Opcodes.BINGET -> push(recall(in.unsigned(1)));
            case Opcodes.LONG_BINGET -> push(recall(in.unsigned(4)));

            case Opcodes.GLOBAL -> push(global(in.line(), in.line()));
            case Opcodes.STACK_GLOBAL -> {
                List<Object> names = pop(2);
                if (!(names.get(0) instanceof String module && names.get(1) instanceof String name)) {
                    throw in.fault("a name that is no text");
                }
                push(global(module, name));
            }
            case Opcodes.REDUCE -> reduce();
            case Opcodes.BUILD -> build();
            case Opcodes.BINPERSID -> push(storage(pop(1).getFirst()));
            default -> throw in.refusal("the pickle instruction " + Opcodes.refused(opcode));
        }
    }

    private Global global(String module, String name) throws FormatException {
        Global g = Global.ALLOWED.get(module + "." + name);
        if (g == null) {
            throw in.refusal(Messages.printable(module + "." + name));
        }
        return g;
    }

    private void reduce() throws FormatException {
        List<Object> call = pop(2);
        try {
            push(Rebuild.call(call.get(0), call.get(1)));
        } catch (Rebuild.OddArguments e) {
            throw in.fault(e.getMessage());
        }
    }

    /** Attributes of a dictionary: torch.nn.Module.state_dict() hangs its format version on there, as _metadata. */
    private void build() throws FormatException {
        pop(1);
        if (!(top() instanceof Map)) {
            throw in.refusal("setting attributes of something else than a dictionary");
        }
    }

    /** ("storage", type, key, location, elements [, view]). */
    private StorageRef storage(Object id) throws FormatException {
        if (id instanceof Tuple t && (t.size() == 5 || t.size() == 6) && "storage".equals(t.get(0))
                && t.get(1) instanceof Global.Storage type && t.get(2) instanceof String key
                && t.get(3) instanceof String && t.get(4) instanceof Long elements && elements >= 0) {
            if (t.size() == 6 && t.get(5) != None.NONE) {
                throw in.fault("a storage that is a view of another, as PyTorch before 0.4 wrote them; load the file with"
                        + " a newer PyTorch and save it again");
            }
            StorageRef storage = new StorageRef(key, type.dtype(), elements);
            storageWidths.putIfAbsent(key, storage.width());
            return storage;
        }
        throw in.fault("a persistent id that does not describe a storage");
    }

    private void append(List<Object> items) throws FormatException {
        if (!(top() instanceof List<?>)) {
            throw in.fault("appends to something that is no list");
        }
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) top();
        list.addAll(items);
    }

    private void put(List<Object> items) throws FormatException {
        if (!(top() instanceof Map<?, ?>) || items.size() % 2 != 0) {
            throw in.fault("sets items of something that is no dictionary");
        }
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i < items.size(); i += 2) {
            Object key = items.get(i);
            // Hashing a container could take for ever.
            if (!(key instanceof String || key instanceof Number || key instanceof Boolean || key instanceof None)) {
                throw in.refusal("a dictionary key that is neither text nor number");
            }
            map.put(key, items.get(i + 1));
        }
    }

    private void remember(long index) throws FormatException {
        count();
        memo.put((int) index, top());
    }

    private Object recall(long index) throws FormatException {
        Object value = memo.get((int) index);
        if (value == null) {
            throw in.fault("recalls value " + index + ", which was never stored");
        }
        return value;
    }

    private void push(Object value) throws FormatException {
        count();
        stack.add(value);
    }

    private void mark() throws FormatException {
        count();
        marks.add(stack.size());
    }

    private void count() throws FormatException {
        if (++values > MAX_VALUES) {
            throw in.fault("the pickle makes more than " + MAX_VALUES + " values");
        }
    }

    private Object top() throws FormatException {
        need(1);
        return stack.getLast();
    }

    private List<Object> pop(int n) throws FormatException {
        need(n);
        return drop(stack.size() - n);
    }

    private List<Object> popToMark() throws FormatException {
        if (marks.isEmpty()) {
            throw in.fault("takes values back to a mark that was never set");
        }
        return drop(marks.removeLast());
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
