package radedit.tools.pickle;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;
import radedit.safetensors.FormatException;

/**
 * The state dict of a module that was saved whole: its parameters and persistent buffers, then those of its submodules
 * with prefixed names, in the order of torch.nn.Module.state_dict(). Modules with hooks, which may change the result,
 * are refused.
 */
final class ModuleState {
    private static final int MOST_MODULES = 100_000;
    private static final long MOST_CHARACTERS = 16 << 20;
    private static final int DEEPEST = 100;
    private static final List<String> HOOKS = List.of("_state_dict_hooks", "_state_dict_pre_hooks");

    /** An object with the attributes of every torch.nn.Module. */
    private record Module(Map<?, ?> attributes, Map<?, ?> parameters, Map<?, ?> buffers, Map<?, ?> modules) {
        /** Null for other objects. */
        static @Nullable Module of(Object value) {
            Map<?, ?> a = Values.attributes(value);
            return a != null && a.get("_parameters") instanceof Map<?, ?> parameters
                    && a.get("_buffers") instanceof Map<?, ?> buffers && a.get("_modules") instanceof Map<?, ?> modules
                            ? new Module(a, parameters, buffers, modules)
                            : null;
        }
    }

    private record Place(String prefix, Module module, int depth) {}

    private ModuleState() {
    }

    static boolean isModule(Object value) {
        return Module.of(value) != null;
    }

    /**
     * Extracts the tensors.
     *
     * @param leftOut
     *            receives descriptions of what is skipped
     * @return empty if the object is not a module
     * @throws FormatException
     *            if the state dict does not follow from the content
     */
    static Optional<Map<String, TensorRef>> of(Path path, Object object, List<String> leftOut) throws FormatException {
        Module module = Module.of(object);
        if (module == null) {
            return Optional.empty();
        }
        Map<String, TensorRef> tensors = new LinkedHashMap<>();
        Deque<Place> left = new ArrayDeque<>(List.of(new Place("", module, 0)));
        long characters = 0;
        for (int n = 0; !left.isEmpty(); n++) {
            Place p = left.pop();
            Module m = p.module;
            characters += p.prefix.length() * (1L + m.modules.size());
            if (n > MOST_MODULES || p.depth > DEEPEST || characters > MOST_CHARACTERS) {
                throw new FormatException(path, "its module contains too many others, or itself");
            }
            String quoted = "its module '" + Messages.printable(p.prefix) + "'";
            for (String hooks : HOOKS) {
                if (m.attributes.get(hooks) instanceof Map<?, ?> present && !present.isEmpty()) {
                    throw new FormatException(path, quoted + " changes its state_dict() by code; save that instead");
                }
            }
            add(path, p.prefix, m.parameters, Set.of(), tensors, leftOut);
            add(path, p.prefix, m.buffers, names(m.attributes.get("_non_persistent_buffers_set")), tensors, leftOut);
            Deque<Place> inner = new ArrayDeque<>();
            for (Map.Entry<?, ?> e : m.modules.entrySet()) {
                Module one = Module.of(e.getValue());
                if (one != null && e.getKey() instanceof String name) {
                    inner.addLast(new Place(p.prefix + name + ".", one, p.depth + 1));
                } else if (e.getValue() != None.NONE) {
                    throw new FormatException(path,
                            quoted + " holds " + Values.describe(e.getValue()) + " as a module");
                }
            }
            inner.descendingIterator().forEachRemaining(left::push);
        }
        return Optional.of(tensors);
    }

    private static void add(Path path, String prefix, Map<?, ?> from, Set<?> without, Map<String, TensorRef> tensors,
            List<String> leftOut) throws FormatException {
        for (Map.Entry<?, ?> e : from.entrySet()) {
            if (e.getKey() instanceof String name && Values.isTensor(e.getValue()) && !without.contains(name)) {
                tensors.put(prefix + name, StateDict.tensor(path, prefix + name, e.getValue(), leftOut));
            } else if (e.getValue() != None.NONE) {
                leftOut.add(Messages.printable(prefix) + Values.key(e.getKey()) + " (" + Values.describe(e.getValue())
                        + ")");
            }
        }
    }

    /** Names in a Python set, which is pickled as a call with a list, or item by item. */
    private static Set<?> names(@Nullable Object set) {
        if (!(set instanceof StandIn s)) {
            return Set.of();
        }
        List<?> called = s.arguments().size() == 1 ? Values.elements(s.arguments().get(0)) : null;
        List<?> items = called != null ? called : s.elements();
        return items.stream().filter(String.class::isInstance).collect(Collectors.toSet());
    }
}
