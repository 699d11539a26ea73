package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
    /** A state dict of 10,000 tensors takes 2 MB. */
    private static final long MAX_BYTES = 64 << 20;
    /** A state dict of 10,000 tensors takes 400,000 values. */
    private static final int MAX_VALUES = 4_000_000;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.BIG_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private long at;
    private long opcodeAt;
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
        this.file = file;
        this.bytes = bytes;
    }

    /** The first byte after the pickles read so far. */
    long position() {
        return at;
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
        long start = at;
        opcodeAt = at;
        if (unsigned(1) != Opcodes.PROTO) {
            throw fault("is no pickle of protocol 2 or later");
        }
        long protocol = unsigned(1);
        if (protocol < 2 || protocol > 5) {
            throw fault("pickle protocol " + protocol + "; 2 to 5 are known");
        }
        while (true) {
            opcodeAt = at;
            if (at - start > MAX_BYTES) {
                throw fault("the pickle is longer than " + (MAX_BYTES >> 20) + " MB");
            }
            int opcode = (int) unsigned(1);
            if (opcode == Opcodes.STOP) {
                if (stack.size() != 1 || !marks.isEmpty()) {
                    throw fault("the pickle ends with " + stack.size() + " values on its stack");
                }
                return stack.getFirst();
            }
            step(opcode);
        }
    }

    private void step(int opcode) throws FormatException {
        switch (opcode) {
            case Opcodes.FRAME -> frame(bytes(8).get(LONG, 0));
            case Opcodes.MARK -> mark();

            case Opcodes.NONE -> push(None.NONE);
            case Opcodes.NEWTRUE -> push(true);
            case Opcodes.NEWFALSE -> push(false);
            case Opcodes.BININT -> push((long) bytes(4).get(INT, 0));
            case Opcodes.BININT1 -> push(unsigned(1));
            case Opcodes.BININT2 -> push(unsigned(2));
            case Opcodes.LONG1 -> push(longInteger(bytes(unsigned(1))));
            case Opcodes.BINFLOAT -> push(bytes(8).get(DOUBLE, 0));
            case Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINUNICODE -> push(string(unsigned(1)));
            case Opcodes.BINSTRING, Opcodes.BINUNICODE -> push(string(unsigned(4)));
            case Opcodes.BINUNICODE8 -> push(string(bytes(8).get(LONG, 0)));

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

            case Opcodes.BINPUT -> remember(unsigned(1));
            case Opcodes.LONG_BINPUT -> remember(unsigned(4));
            case Opcodes.MEMOIZE -> remember(memo.size());
            case Opcodes.BINGET -> push(recall(unsigned(1)));
            case Opcodes.LONG_BINGET -> push(recall(unsigned(4)));

            case Opcodes.GLOBAL -> push(global(line(), line()));
            case Opcodes.STACK_GLOBAL -> {
                List<Object> names = pop(2);
                if (!(names.get(0) instanceof String module && names.get(1) instanceof String name)) {
                    throw fault("a name that is no text");
                }
                push(global(module, name));
            }
            case Opcodes.REDUCE -> reduce();
            case Opcodes.BUILD -> build();
            case Opcodes.BINPERSID -> push(storage(pop(1).getFirst()));
            default -> throw refusal("the pickle instruction " + Opcodes.refused(opcode));
        }
    }

    /** Frames only help a reader to fetch larger blocks; the bytes are here already. */
    private void frame(long length) throws FormatException {
        if (length < 0 || length > bytes.byteSize() - at) {
            throw fault("truncated: a frame of " + Long.toUnsignedString(length) + " bytes, "
                    + (bytes.byteSize() - at) + " present");
        }
    }

    private Object longInteger(MemorySegment little) {
        byte[] big = little.toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0, j = big.length - 1; i < j; i++, j--) {
            byte swap = big[i];
            big[i] = big[j];
            big[j] = swap;
        }
        BigInteger value = big.length == 0 ? BigInteger.ZERO : new BigInteger(big);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private String string(long length) throws FormatException {
        ByteBuffer encoded = ByteBuffer.wrap(bytes(length).toArray(ValueLayout.JAVA_BYTE));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw fault("a text that is not valid UTF-8");
        }
    }

    private String line() throws FormatException {
        long from = at;
        while (unsigned(1) != '\n') {
            if (at - from > 1000) {
                throw fault("a name of more than 1000 bytes");
            }
        }
        long end = at;
        at = from;
        String s = string(end - 1 - from);
        at = end;
        return s;
    }

    private Global global(String module, String name) throws FormatException {
        Global g = Global.ALLOWED.get(module + "." + name);
        if (g == null) {
            throw refusal(Messages.printable(module + "." + name));
        }
        return g;
    }

    private void reduce() throws FormatException {
        List<Object> call = pop(2);
        try {
            push(Rebuild.call(call.get(0), call.get(1)));
        } catch (Rebuild.OddArguments e) {
            throw fault(e.getMessage());
        }
    }

    /** Attributes of a dictionary: torch.nn.Module.state_dict() hangs its format version on there, as _metadata. */
    private void build() throws FormatException {
        pop(1);
        if (!(top() instanceof Map)) {
            throw refusal("setting attributes of something else than a dictionary");
        }
    }

    /** ("storage", type, key, location, elements [, view]). */
    private StorageRef storage(Object id) throws FormatException {
        if (id instanceof Tuple t && (t.size() == 5 || t.size() == 6) && "storage".equals(t.get(0))
                && t.get(1) instanceof Global.Storage type && t.get(2) instanceof String key
                && t.get(3) instanceof String && t.get(4) instanceof Long elements && elements >= 0) {
            if (t.size() == 6 && t.get(5) != None.NONE) {
                throw fault("a storage that is a view of another, as PyTorch before 0.4 wrote them; load the file with"
                        + " a newer PyTorch and save it again");
            }
            StorageRef storage = new StorageRef(key, type.dtype(), elements);
            storageWidths.putIfAbsent(key, storage.width());
            return storage;
        }
        throw fault("a persistent id that does not describe a storage");
    }

    private void append(List<Object> items) throws FormatException {
        if (!(top() instanceof List<?>)) {
            throw fault("appends to something that is no list");
        }
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) top();
        list.addAll(items);
    }

    private void put(List<Object> items) throws FormatException {
        if (!(top() instanceof Map<?, ?>) || items.size() % 2 != 0) {
            throw fault("sets items of something that is no dictionary");
        }
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i < items.size(); i += 2) {
            Object key = items.get(i);
            // Hashing a container could take for ever.
            if (!(key instanceof String || key instanceof Number || key instanceof Boolean || key instanceof None)) {
                throw refusal("a dictionary key that is neither text nor number");
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
            throw fault("recalls value " + index + ", which was never stored");
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
            throw fault("the pickle makes more than " + MAX_VALUES + " values");
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
            throw fault("takes values back to a mark that was never set");
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
            throw fault("takes a value from an empty stack");
        }
    }

    private long unsigned(int width) throws FormatException {
        MemorySegment s = bytes(width);
        return switch (width) {
            case 1 -> s.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
            case 2 -> s.get(SHORT, 0) & 0xFFFF;
            default -> s.get(INT, 0) & 0xFFFFFFFFL;
        };
    }

    private MemorySegment bytes(long n) throws FormatException {
        if (n < 0 || n > bytes.byteSize() - at) {
            throw fault("truncated: " + Long.toUnsignedString(n) + " bytes expected, " + (bytes.byteSize() - at)
                    + " present");
        }
        MemorySegment s = bytes.asSlice(at, n);
        at += n;
        return s;
    }

    private FormatException fault(String what) {
        return new FormatException(file, what + " (byte " + opcodeAt + " of the pickle)");
    }

    private FormatException refusal(String what) {
        return new FormatException(file, "refused: it asks for " + what
                + ", which no state dict needs; nothing of it was executed"
                + " (a file that holds nothing but a state_dict() can be read)");
    }
}
