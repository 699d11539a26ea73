package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.files.Messages;
import radedit.safetensors.FormatException;

/**
 * The pickle machine, reduced to data. Values are String, Long, BigInteger, Double, Boolean, {@link None}, {@link
 * SkippedBytes}, {@link Tuple}, List, Map, {@link Global}, {@link StorageRef}, {@link TensorRef}, {@link UnsupportedTensor}, and {@link
 * StandIn} for objects of unknown classes and results of unknown functions.
 *
 * <p>
 * Pickles are untrusted. Nothing that they name is looked up or called; names that only attacks use ({@link Forbidden}),
 * and instructions that torch.save never writes, end the reading. The machine is a loop, not a recursion, at any
 * nesting; each instruction takes time proportional to its own bytes and operands; the number of values and the pickle's
 * length are limited.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">pickletools, which describes the instructions</a>
 */
final class Unpickler {
    private static final int MOST_NAMES = 8;

    private final PickleInput in;
    private PickleStack stack;
    private final Map<String, Integer> storageWidths = new HashMap<>();
    private final Set<String> foreignNames = new LinkedHashSet<>();

    /**
     * @param file
     *            for messages
     * @param bytes
     *            consecutive pickles, possibly followed by other data
     */
    Unpickler(Path file, MemorySegment bytes) {
        this.in = new PickleInput(file, bytes);
        this.stack = new PickleStack(in);
    }

    /** Offset of the first byte after the pickles read so far. */
    long position() {
        return in.position();
    }

    /** Bytes per element of each storage in the last pickle, by key. */
    Map<String, Integer> storageWidths() {
        return new HashMap<>(storageWidths);
    }

    /** Some names in the last pickle that state dicts do not use. */
    Collection<String> foreignNames() {
        return new ArrayList<>(foreignNames);
    }

    /**
     * Reads the next pickle.
     *
     * @throws FormatException
     *            if it is damaged, or has a name or an instruction that no checkpoint has
     */
    Object load() throws FormatException {
        stack = new PickleStack(in);
        storageWidths.clear();
        foreignNames.clear();
        in.begin();
        if (in.opcode() != Opcodes.PROTO) {
            throw in.fault("is not a pickle of protocol 2 or later");
        }
        long protocol = in.unsigned(1);
        if (protocol < 2 || protocol > 5) {
            throw in.fault("pickle protocol " + protocol + "; 2 to 5 are known");
        }
        while (true) {
            int opcode = in.opcode();
            if (opcode == Opcodes.STOP) {
                return stack.last();
            }
            step(opcode);
        }
    }

    private void step(int opcode) throws FormatException {
        switch (opcode) {
            case Opcodes.FRAME -> in.need(in.int64()); // frames only serve buffering
            case Opcodes.MARK -> stack.mark();
            case Opcodes.POP -> stack.discard();
            case Opcodes.POP_MARK -> stack.popToMark();
            case Opcodes.DUP -> stack.push(stack.top());

            case Opcodes.NONE -> stack.push(None.NONE);
            case Opcodes.NEWTRUE -> stack.push(true);
            case Opcodes.NEWFALSE -> stack.push(false);
            case Opcodes.BININT -> stack.push(in.int32());
            case Opcodes.BININT1 -> stack.push(in.unsigned(1));
            case Opcodes.BININT2 -> stack.push(in.unsigned(2));
            case Opcodes.LONG1 -> stack.push(in.integer(in.unsigned(1)));
            case Opcodes.LONG4 -> stack.push(in.integer(in.unsigned(4)));
            case Opcodes.BINFLOAT -> stack.push(in.float64());
            case Opcodes.SHORT_BINSTRING -> stack.push(in.textOrBytes(in.unsigned(1)));
            case Opcodes.BINSTRING -> stack.push(in.textOrBytes(in.unsigned(4)));
            case Opcodes.SHORT_BINUNICODE -> stack.push(in.text(in.unsigned(1)));
            case Opcodes.BINUNICODE -> stack.push(in.text(in.unsigned(4)));
            case Opcodes.BINUNICODE8 -> stack.push(in.text(in.int64()));
            case Opcodes.SHORT_BINBYTES -> stack.push(in.skip(in.unsigned(1)));
            case Opcodes.BINBYTES -> stack.push(in.skip(in.unsigned(4)));
            case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> stack.push(in.skip(in.int64()));

            case Opcodes.EMPTY_TUPLE -> stack.push(Tuple.EMPTY);
            case Opcodes.TUPLE -> stack.push(new Tuple(stack.popToMark()));
            case Opcodes.TUPLE1 -> stack.push(new Tuple(stack.pop(1)));
            case Opcodes.TUPLE2 -> stack.push(new Tuple(stack.pop(2)));
            case Opcodes.TUPLE3 -> stack.push(new Tuple(stack.pop(3)));
            case Opcodes.EMPTY_LIST -> stack.push(new ArrayList<>());
            case Opcodes.APPEND -> append(stack.pop(1));
            case Opcodes.APPENDS, Opcodes.ADDITEMS -> append(stack.popToMark());
            case Opcodes.EMPTY_SET -> stack.push(new StandIn("set", Tuple.EMPTY));
            case Opcodes.FROZENSET -> stack.push(new StandIn("frozenset", new Tuple(stack.popToMark())));
            case Opcodes.EMPTY_DICT -> stack.push(new LinkedHashMap<>());
            case Opcodes.SETITEM -> put(stack.pop(2));
            case Opcodes.SETITEMS -> put(stack.popToMark());

            case Opcodes.BINPUT -> stack.remember(in.unsigned(1));
            case Opcodes.LONG_BINPUT -> stack.remember(in.unsigned(4));
            case Opcodes.MEMOIZE -> stack.rememberNext();
            case Opcodes.BINGET -> stack.push(stack.recall(in.unsigned(1)));
            case Opcodes.LONG_BINGET -> stack.push(stack.recall(in.unsigned(4)));

            case Opcodes.GLOBAL -> stack.push(global(in.line(), in.line()));
            case Opcodes.STACK_GLOBAL -> {
                List<Object> names = stack.pop(2);
                if (!(names.get(0) instanceof String module && names.get(1) instanceof String name)) {
                    throw in.fault("a name that is not text");
                }
                stack.push(global(module, name));
            }
            case Opcodes.REDUCE -> call(stack.pop(2));
            case Opcodes.NEWOBJ -> object(stack.pop(2));
            case Opcodes.NEWOBJ_EX -> object(stack.pop(3));
            case Opcodes.INST -> object(List.of(global(in.line(), in.line()), new Tuple(stack.popToMark())));
            case Opcodes.OBJ -> {
                List<Object> all = stack.popToMark();
                object(List.of(all.isEmpty() ? None.NONE : all.getFirst(),
                        new Tuple(all.subList(Math.min(1, all.size()), all.size()))));
            }
            case Opcodes.BUILD -> build(stack.pop());
            case Opcodes.BINPERSID -> stack.push(persistent(stack.pop()));
            default -> throw in.refusal("the pickle instruction " + Opcodes.name(opcode));
        }
    }

    private Global global(String module, String name) throws FormatException {
        String whole = module + "." + name;
        Global known = Global.KNOWN.get(whole);
        if (known == null && Forbidden.is(module, name)) {
            throw in.refusal(Messages.printable(whole));
        }
        if (foreignNames.size() < MOST_NAMES
                && (known == null || known instanceof Global.Function f && !f.isOfStateDicts())) {
            foreignNames.add(whole);
        }
        return known == null ? new Global.Named(whole) : known;
    }

    private void call(List<Object> call) throws FormatException {
        try {
            stack.push(KnownCalls.call(call.get(0), call.get(1)));
        } catch (KnownCalls.OddArguments e) {
            throw in.fault(e.fault());
        }
    }

    /** The class, its constructor's arguments, and possibly a dictionary of keyword arguments. */
    private void object(List<Object> parts) throws FormatException {
        try {
            stack.push(KnownCalls.object(parts.get(0), parts.get(1)));
        } catch (KnownCalls.OddArguments e) {
            throw in.fault(e.fault());
        }
    }

    /** Sets attributes. Those of a known dictionary or tensor are ignored: torch attaches a format version there. */
    private void build(Object state) throws FormatException {
        switch (stack.top()) {
            case StandIn s -> s.setState(state);
            case Map<?, ?> _ -> {}
            case TensorRef _ -> {}
            case UnsupportedTensor _ -> {}
            case Global.Named _ -> {}
            default -> throw in.refusal("setting attributes of " + Values.describe(stack.top()));
        }
    }

    /** ("storage", type, key, location, elements [, view]), or ("module", class, its source file, its source). */
    private Object persistent(Object id) throws FormatException {
        if (id instanceof Tuple t && (t.size() == 5 || t.size() == 6) && "storage".equals(t.get(0))
                && t.get(1) instanceof Global.Storage type && t.get(2) instanceof String key
                && t.get(3) instanceof String location && t.get(4) instanceof Long elements && elements >= 0) {
            if (t.size() == 6 && t.get(5) != None.NONE) {
                throw in.fault(
                        "a storage that is a view of another, as PyTorch before 0.4 wrote them; load the file with"
                                + " a newer PyTorch and save it again");
            }
            StorageRef storage = new StorageRef(key, type, location.equals("meta"), elements);
            storageWidths.putIfAbsent(key, storage.width());
            return storage;
        }
        if (id instanceof Tuple t && t.size() == 4 && "module".equals(t.get(0))
                && t.get(1) instanceof Global.Named type) {
            return type;
        }
        throw in.fault("a persistent id that does not describe a storage");
    }

    private void append(List<Object> items) throws FormatException {
        switch (stack.top()) {
            case StandIn s -> s.append(items);
            case List<?> l -> {
                @SuppressWarnings("unchecked")
                List<Object> list = (List<Object>) l;
                list.addAll(items);
            }
            default -> throw in.fault("appends to something that is not a list");
        }
    }

    private void put(List<Object> items) throws FormatException {
        Object top = stack.top();
        if (!(top instanceof Map<?, ?> || top instanceof StandIn) || items.size() % 2 != 0) {
            throw in.fault("sets items of something that is not a dictionary");
        }
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = top instanceof StandIn s ? s.itemsToFill() : (Map<Object, Object>) top;
        for (int i = 0; i < items.size(); i += 2) {
            if (!Values.isKey(items.get(i))) {
                throw in.fault("a key of a dictionary that is " + Values.describe(items.get(i))
                        + ", which Python does not allow");
            }
            map.put(items.get(i), items.get(i + 1));
        }
    }
}
