package radedit.stress.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import radedit.stress.FinishedCase;
import radedit.stress.Role;

/** Divides the cases of a run into groups: by role, dose and target, and these by columns of the manifest. */
final class Grouping {
    /** Role of the group of all additions and removals, where there are both. */
    static final String BOTH = "add and remove";

    /** What a series of doses, or a pair of edit and reversed edit, is about. */
    record Key(String role, String target) {}

    /**
     * Edits of growing dose.
     *
     * @param doses
     *            0, then the doses of the edits, ascending
     * @param cases
     *            for each film, its edits by dose
     */
    record Series(double[] doses, List<List<EvaluatedCase>> cases) {}

    /** An edit, and the one that undoes it. */
    record Pair(EvaluatedCase edit, EvaluatedCase reverse) {}

    private final List<EvaluatedCase> cases = new ArrayList<>();
    private final Map<String, EvaluatedCase> byId = new HashMap<>();
    private final Map<Group, List<EvaluatedCase>> groups = new LinkedHashMap<>();

    /**
     * Takes the cases whose picture was accepted, and whose base's was.
     *
     * @param subgroups
     *            columns to divide by
     */
    Grouping(List<FinishedCase> all, List<String> subgroups) {
        EvaluatedCase.accepted(all).forEach(c -> {
            cases.add(c);
            byId.put(c.id(), c);
        });
        divide("");
        subgroups.forEach(this::divide);
    }

    private void divide(String column) {
        Map<Group, List<EvaluatedCase>> found = new LinkedHashMap<>();
        for (EvaluatedCase c : cases) {
            String role = c.finished().plan().role();
            String value = column.isEmpty() ? "" : c.value(column);
            found.computeIfAbsent(new Group(role, c.dose(), c.target(), column, value), g -> new ArrayList<>()).add(c);
        }
        Map<Group, List<EvaluatedCase>> both = new LinkedHashMap<>();
        found.forEach((g, members) -> {
            Group opposite = new Group(g.role().equals(Role.ADD.word()) ? Role.REMOVE.word() : Role.ADD.word(),
                    g.dose(), g.target(), g.column(), g.value());
            if ((g.role().equals(Role.ADD.word()) || g.role().equals(Role.REMOVE.word()))
                    && found.containsKey(opposite)) {
                both.computeIfAbsent(new Group(BOTH, g.dose(), g.target(), g.column(), g.value()),
                        k -> new ArrayList<>()).addAll(members);
            }
        });
        groups.putAll(found);
        groups.putAll(both);
    }

    /** {@return all cases, each once} */
    List<EvaluatedCase> cases() {
        return cases;
    }

    /** {@return the groups: all, then subgroups} */
    Map<Group, List<EvaluatedCase>> groups() {
        return groups;
    }

    /** {@return the films that have edits of all doses, by what they are about; only where there are doses} */
    Map<Key, Series> series() {
        Map<Key, Map<String, TreeMap<Double, EvaluatedCase>>> byBase = new LinkedHashMap<>();
        for (EvaluatedCase c : cases) {
            if (!c.role().map(Role::isControl).orElse(false)) {
                FinishedCase base = c.base() == null ? c.finished() : c.base();
                byBase.computeIfAbsent(new Key(base.plan().role(), c.target()), k -> new LinkedHashMap<>())
                        .computeIfAbsent(base.plan().id(), b -> new TreeMap<>()).put(c.dose(), c);
            }
        }
        Map<Key, Series> all = new LinkedHashMap<>();
        byBase.forEach((key, films) -> {
            TreeMap<Double, Integer> doses = new TreeMap<>();
            films.values().forEach(m -> m.keySet().forEach(d -> doses.merge(d, 1, Integer::sum)));
            List<Double> common = doses.keySet().stream().filter(d -> d > 0).toList();
            List<List<EvaluatedCase>> complete = films.values().stream()
                    .filter(m -> m.keySet().containsAll(common))
                    .map(m -> common.stream().map(m::get).toList()).toList();
            if (common.size() > 1 && !complete.isEmpty()) {
                double[] axis = new double[common.size() + 1];
                for (int i = 0; i < common.size(); i++) {
                    axis[i + 1] = common.get(i);
                }
                all.put(key, new Series(axis, complete));
            }
        });
        return all;
    }

    /** {@return edits with the edits that undo them, by what they are about} */
    Map<Key, List<Pair>> reversed() {
        Map<Key, List<Pair>> all = new LinkedHashMap<>();
        for (EvaluatedCase c : cases) {
            if (c.role().filter(r -> r == Role.REVERSE).isPresent() && c.base() != null) {
                EvaluatedCase edit = byId.get(c.base().plan().id());
                if (edit != null) {
                    all.computeIfAbsent(new Key(edit.finished().plan().role(), c.target()), k -> new ArrayList<>())
                            .add(new Pair(edit, c));
                }
            }
        }
        return all;
    }
}
