package radedit.tools.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The possible state dicts of a checkpoint: dictionaries of tensors by name, outermost first.
 *
 * @param dictionaries
 *            dictionaries of tensors, except those of optimizers
 * @param hidden
 *            modules that were saved whole, and dictionaries of tensors among the attributes of other objects
 */
record Candidates(List<KeyPath> dictionaries, List<KeyPath> hidden) {
    private record Place(KeyPath path, boolean hidden) {}

    private static final int MOST = 1000;
    private static final int DEEPEST = 8;
    /** A key in the state of every PyTorch optimizer. */
    private static final String OPTIMIZER = "param_groups";
    /** Single tensors that training scripts store next to state dicts. */
    private static final Pattern BOOKKEEPING = Pattern
            .compile("(?i)[^.]*(?:rng|epoch|step|iter|best|loss|acc|auc|metric|score|seed|lr|decay|num_updates)[^.]*");

    /** Searches dictionaries, lists, tuples and objects; each is visited once, however often it occurs. */
    static Candidates in(Object root) {
        Candidates found = new Candidates(new ArrayList<>(), new ArrayList<>());
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Place> level = List.of(new Place(KeyPath.root(root), false));
        seen.add(root);
        for (int depth = 0; depth <= DEEPEST && !level.isEmpty(); depth++) {
            List<Place> next = new ArrayList<>();
            level.forEach(p -> found.look(p, next, seen));
            level = next;
        }
        return found;
    }

    private void look(Place place, List<Place> next, Set<Object> seen) {
        KeyPath at = place.path;
        Map<?, ?> items = Values.items(at.value());
        Map<?, ?> attributes = Values.attributes(at.value());
        if (items != null && items.containsKey(OPTIMIZER) || attributes != null && attributes.containsKey(OPTIMIZER)) {
            return;
        }
        boolean module = ModuleState.isModule(at.value());
        if (module || isStateDict(at.value())) {
            List<KeyPath> kind = module || place.hidden ? hidden : dictionaries;
            if (kind.size() < MOST) {
                kind.add(at);
            }
        }
        List<?> elements = Values.elements(at.value());
        if (items != null) {
            inside(at, items, place.hidden, next, seen);
        } else if (elements != null) {
            int i = 0;
            for (Object v : elements) {
                inside(at, Integer.toString(i++), v, place.hidden, next, seen);
            }
        }
        if (attributes != null && !module) {
            inside(at, attributes, true, next, seen);
        }
    }

    private static void inside(KeyPath at, Map<?, ?> items, boolean hidden, List<Place> next, Set<Object> seen) {
        items.forEach((k, v) -> {
            if (k instanceof String || k instanceof Long) {
                inside(at, k.toString(), v, hidden, next, seen);
            }
        });
    }

    private static void inside(KeyPath at, String key, Object value, boolean hidden, List<Place> next,
            Set<Object> seen) {
        boolean container = Values.items(value) != null || Values.elements(value) != null
                || Values.attributes(value) != null;
        if (container && seen.add(value)) {
            next.add(new Place(new KeyPath(at, key, value), hidden));
        }
    }

    /** Whether a value is a dictionary with a tensor under a name. */
    static boolean isStateDict(Object value) {
        Map<?, ?> items = Values.items(value);
        return items != null
                && items.entrySet().stream()
                        .anyMatch(e -> e.getKey() instanceof String && Values.isTensor(e.getValue()));
    }

    /** Whether the tensors of a dictionary are, by their names, training state rather than weights. */
    static boolean isBookkeeping(KeyPath at) {
        Map<?, ?> items = Values.items(at.value());
        return items != null && items.entrySet().stream().filter(e -> Values.isTensor(e.getValue()))
                .allMatch(e -> e.getKey() instanceof String name && BOOKKEEPING.matcher(name).matches());
    }

    /** All candidates, for messages. */
    List<KeyPath> paths() {
        return dictionaries.isEmpty() ? hidden : dictionaries;
    }
}
