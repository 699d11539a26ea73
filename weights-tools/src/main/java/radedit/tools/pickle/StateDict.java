package radedit.tools.pickle;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;
import radedit.safetensors.FormatException;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * The dictionary of tensors in a file's object: the outermost value, or one inside it, as in training checkpoints
 * ({@code {"state_dict": {...}, "epoch": 3, ...}}).
 *
 * @param leftOut
 *            descriptions of what was skipped
 */
record StateDict(Map<String, TensorRef> tensors, List<String> leftOut) {
    /** The key that Lightning and most training scripts use; it takes precedence over others next to it. */
    private static final String USUAL = "state_dict";
    private static final int MOST_NAMED = 8;
    private static final int MOST_ASKED = 3;

    /**
     * Finds the state dict.
     *
     * @param key
     *            keys that lead to it, separated by dots, or "." for the outermost value; null if it should be
     *            unambiguous
     * @param foreignNames
     *            names in the file that state dicts do not use
     * @throws FormatException
     *            if there is none, it is ambiguous, or it has a tensor of an unsupported kind
     */
    static StateDict find(Path path, Object root, @Nullable String key, Collection<String> foreignNames)
            throws FormatException {
        Candidates found = Candidates.in(root);
        if (key != null) {
            Optional<KeyPath> at = KeyPath.find(root, key);
            Optional<StateDict> dict = at.isPresent() ? of(path, at.get()) : Optional.empty();
            return dict.orElseThrow(() -> new FormatException(path, "has no state dict under the key '"
                    + Messages.printable(key) + "'" + choices(found.paths())));
        }
        Optional<KeyPath> chosen = choose(found.dictionaries());
        if (chosen.isPresent()) {
            return of(path, chosen.get()).orElseThrow();
        }
        if (!found.dictionaries().isEmpty()) {
            throw new FormatException(path, Message.of("holds several state dicts; say which with ", Setting.KEY,
                    choices(found.dictionaries())));
        }
        throw new FormatException(path, none(root, found.hidden(), foreignNames));
    }

    private static Optional<KeyPath> choose(List<KeyPath> all) {
        if (all.size() == 1) {
            return Optional.of(all.getFirst());
        }
        Optional<KeyPath> usual = all.stream().filter(p -> p.keys().equals(List.of(USUAL))).findFirst();
        if (usual.isPresent()) {
            return usual;
        }
        List<KeyPath> inner = all.stream().filter(p -> !Candidates.isBookkeeping(p)).toList();
        return inner.size() == 1 ? Optional.of(inner.getFirst()) : Optional.empty();
    }

    private static Message none(Object root, List<KeyPath> hidden, Collection<String> foreignNames) {
        String names = foreignNames.stream().limit(MOST_ASKED).map(Messages::printable)
                .collect(Collectors.joining(", "))
                + (foreignNames.size() > MOST_ASKED ? ", ..." : "");
        if (!hidden.isEmpty()) {
            return Message.of("refused: it asks for ", names,
                    ", and has its tensors in such objects only, not in a state_dict();"
                            + " nothing of it was executed; ",
                    Setting.KEY, " accepts them as they are", choices(hidden));
        }
        if (!foreignNames.isEmpty()) {
            return Message.of("refused: it has no dictionary of tensors and asks for ", names,
                    ", which no state dict needs; nothing of it was executed");
        }
        return Values.items(root) == null
                ? Message.of("holds ", Values.describe(root), ", not a state dict")
                : Message.of("holds no state dict (no dictionary of tensors)");
    }

    /** The state dict at a place; empty if there is neither a dictionary of tensors nor a module. */
    private static Optional<StateDict> of(Path path, KeyPath at) throws FormatException {
        List<String> leftOut = at.neighbours();
        Map<?, ?> items = Values.items(at.value());
        if (items == null || !Candidates.isStateDict(at.value())) {
            return ModuleState.of(path, at.value(), leftOut).map(t -> new StateDict(t, leftOut));
        }
        Map<String, TensorRef> tensors = new LinkedHashMap<>();
        for (Map.Entry<?, ?> e : items.entrySet()) {
            if (Values.isTensor(e.getValue())) {
                if (!(e.getKey() instanceof String name)) {
                    throw new FormatException(path, "has a tensor whose name is not text");
                }
                tensors.put(name, tensor(path, name, e.getValue(), leftOut));
            } else {
                leftOut.add(Values.key(e.getKey()) + " (" + Values.describe(e.getValue()) + ")");
            }
        }
        return Optional.of(new StateDict(tensors, leftOut));
    }

    /** Checks that a tensor is supported. */
    static TensorRef tensor(Path path, String name, Object value, List<String> leftOut) throws FormatException {
        if (value instanceof UnsupportedTensor odd) {
            throw new FormatException(path, "tensor '" + Messages.printable(name) + "' " + odd.why());
        }
        TensorRef tensor = (TensorRef) value;
        if (tensor.subclass() != null) {
            leftOut.add("what makes " + Messages.printable(name) + " a " + Messages.printable(tensor.subclass())
                    + " (its plain values are used)");
        }
        return tensor;
    }

    private static String choices(List<KeyPath> paths) {
        return paths.isEmpty()
                ? ""
                : " (there is " + paths.stream().limit(MOST_NAMED).map(p -> "'" + Messages.printable(p.text()) + "'")
                        .collect(Collectors.joining(", ")) + (paths.size() > MOST_NAMED ? ", ...)" : ")");
    }
}
