package radedit.tools.pickle;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

    private record Place(String prefix, Object module, int depth) {}

    private ModuleState() {
    }

    /** Whether an object has the attributes of every torch.nn.Module. */
    static boolean isModule(Object value) {
        Map<?, ?> a = Values.attributes(value);
        return a != null && a.get("_parameters") instanceof Map && a.get("_buffers") instanceof Map
                && a.get("_modules") instanceof Map;
    }

    /**
     * Extracts the tensors.
     *
     * @param leftOut
     *            receives descriptions of what is skipped
     * @throws FormatException
     *            if the state dict does not follow from the content
     */
    static Map<String, TensorRef> of(Path path, Object module, List<String> leftOut) throws FormatException {
        Map<String, TensorRef> tensors = new LinkedHashMap<>();
        Deque<Place> left = new ArrayDeque<>(List.of(new Place("", module, 0)));
        long characters = 0;
        for (int n = 0; !left.isEmpty(); n++) {
            Place p = left.pop();
            Map<?, ?> a = Values.attributes(p.module);
            characters += p.prefix.length() * (1L + ((Map<?, ?>) a.get("_modules")).size());
            if (n > MOST_MODULES || p.depth > DEEPEST || characters > MOST_CHARACTERS) {
                throw new FormatException(path, "its module contains too many others, or itself");
            }
            String quoted = "its module '" + Messages.printable(p.prefix) + "'";
            for (String hooks : HOOKS) {
                if (a.get(hooks) instanceof Map<?, ?> m && !m.isEmpty()) {
                    throw new FormatException(path, quoted + " changes its state_dict() by code; save that instead");
                }
            }
            add(path, p.prefix, (Map<?, ?>) a.get("_parameters"), Set.of(), tensors, leftOut);
            add(path, p.prefix, (Map<?, ?>) a.get("_buffers"), names(a.get("_non_persistent_buffers_set")), tensors,
                    leftOut);
            Deque<Place> inner = new ArrayDeque<>();
            for (Map.Entry<?, ?> e : ((Map<?, ?>) a.get("_modules")).entrySet()) {
                if (isModule(e.getValue()) && e.getKey() instanceof String name) {
                    inner.addLast(new Place(p.prefix + name + ".", e.getValue(), p.depth + 1));
                } else if (e.getValue() != None.NONE) {
                    throw new FormatException(path,
                            quoted + " holds " + Values.describe(e.getValue()) + " as a module");
                }
            }
            inner.descendingIterator().forEachRemaining(left::push);
        }
        return tensors;
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
    private static Set<?> names(Object set) {
        if (!(set instanceof StandIn s)) {
            return Set.of();
        }
        List<?> items = s.arguments().size() == 1 && Values.elements(s.arguments().get(0)) != null
                ? Values.elements(s.arguments().get(0))
                : s.elements();
        return items.stream().filter(String.class::isInstance).collect(Collectors.toSet());
    }
}
