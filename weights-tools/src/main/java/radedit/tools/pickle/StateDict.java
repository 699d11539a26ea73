package radedit.tools.pickle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import radedit.files.Messages;
import radedit.weights.FormatException;

/**
 * The dictionary of tensors in what a file holds: the outermost one, or one of its values, as in training checkpoints
 * ({@code {"state_dict": {...}, "epoch": 3, ...}}).
 *
 * @param leftOut
 *            what was passed over, described for the user
 */
record StateDict(Map<String, TensorRef> tensors, List<String> leftOut) {
    /** Where Lightning and most training scripts put it; it wins over others beside it. */
    private static final String USUAL = "state_dict";

    /**
     * Finds the state dict.
     *
     * @param key
     *            under which it lies in the outermost dictionary; null if that should be clear without
     * @throws FormatException
     *             if it is not clear, or there is none
     */
    static StateDict find(Path path, Object root, String key) throws FormatException {
        if (!(root instanceof Map<?, ?> outer)) {
            throw new FormatException(path, "holds " + describe(root) + ", not a state dict");
        }
        Map<String, Map<?, ?>> inner = new LinkedHashMap<>();
        Map<Map<?, ?>, Boolean> seen = new IdentityHashMap<>(); // one dictionary under many keys is looked at once
        outer.forEach((k, v) -> {
            if (k instanceof String name && v instanceof Map<?, ?> m && seen.computeIfAbsent(m,
                    x -> x.values().stream().anyMatch(TensorRef.class::isInstance))) {
                inner.put(name, m);
            }
        });
        boolean direct = outer.values().stream().anyMatch(TensorRef.class::isInstance);
        String chosen = key;
        if (chosen == null && inner.containsKey(USUAL)) {
            chosen = USUAL;
        } else if (chosen == null && inner.size() == 1 && !direct) {
            chosen = inner.keySet().iterator().next();
        }
        if (chosen != null) {
            if (!inner.containsKey(chosen)) {
                throw new FormatException(path, "has no state dict under the key '" + chosen + "'" + choices(inner));
            }
            List<String> passed = new ArrayList<>();
            for (Map.Entry<?, ?> e : outer.entrySet()) {
                if (!chosen.equals(e.getKey())) {
                    passed.add(describe(e));
                }
            }
            return of(path, inner.get(chosen), passed);
        }
        if (!direct && inner.isEmpty()) {
            throw new FormatException(path, "holds no state dict (no dictionary of tensors)");
        }
        if (!inner.isEmpty()) {
            throw new FormatException(path, "holds several state dicts; say which with --key" + choices(inner));
        }
        return of(path, outer, new ArrayList<>());
    }

    private static StateDict of(Path path, Map<?, ?> dict, List<String> leftOut) throws FormatException {
        Map<String, TensorRef> tensors = new LinkedHashMap<>();
        for (Map.Entry<?, ?> e : dict.entrySet()) {
            if (!(e.getValue() instanceof TensorRef tensor)) {
                leftOut.add(describe(e));
            } else if (e.getKey() instanceof String name) {
                tensors.put(name, tensor);
            } else {
                throw new FormatException(path, "has a tensor whose name is no text");
            }
        }
        return new StateDict(tensors, leftOut);
    }

    private static String choices(Map<String, ?> inner) {
        return inner.isEmpty()
                ? ""
                : " (there is " + inner.keySet().stream().limit(8).map(k -> "'" + Messages.printable(k) + "'")
                        .collect(Collectors.joining(", ")) + (inner.size() > 8 ? ", ...)" : ")");
    }

    private static String describe(Map.Entry<?, ?> e) {
        return Messages.printable(e.getKey().toString()) + " (" + describe(e.getValue()) + ")";
    }

    private static String describe(Object value) {
        return switch (value) {
            case Map<?, ?> m -> "a dictionary";
            case List<?> l -> "a list";
            case Tuple t -> "a tuple";
            case String s -> "a text";
            case Number n -> "a number";
            case Boolean b -> "true or false";
            case TensorRef t -> "a tensor";
            case None n -> "nothing";
            default -> "something else";
        };
    }
}
