package radedit.stress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

/**
 * The order of work: film by film, so that cases of a film find its inversion in memory; a process prefers films that no other
 * one is at work on.
 */
final class Schedule {
    /** Indices of cases that have a film in common, in the order in which they share most. */
    private final List<List<Integer>> groups;
    private final SortedSet<Integer> cases;
    private int current = -1;

    private Schedule(List<List<Integer>> groups) {
        this.groups = groups;
        this.cases = new TreeSet<>(groups.stream().flatMap(List::stream).toList());
    }

    static Schedule of(Plan plan, Shard shard) {
        Map<String, List<Integer>> byFilm = new LinkedHashMap<>();
        Map<String, StressCase> byId = plan.byId();
        for (int i = 0; i < plan.cases().size(); i++) {
            StressCase c = plan.cases().get(i);
            StressCase base = c.base() == null ? c : byId.getOrDefault(c.base(), c);
            byFilm.computeIfAbsent(base.values().first("image", ""), f -> new ArrayList<>()).add(i);
        }
        List<List<Integer>> all = new ArrayList<>();
        int number = 0;
        for (List<Integer> group : byFilm.values()) {
            if (shard.has(number++)) {
                all.add(inOrder(group, plan));
            }
        }
        return new Schedule(all);
    }

    /** Cases of the same seed, steps and base prompt follow each other; reversed ones, which have films of their own, last. */
    private static List<Integer> inOrder(List<Integer> group, Plan plan) {
        Map<List<String>, List<Integer>> alike = new LinkedHashMap<>();
        for (int i : group) {
            StressCase c = plan.cases().get(i);
            Values v = c.values();
            alike.computeIfAbsent(List.of(Boolean.toString(c.isReverse()), v.first("invert_prompt", ""),
                    v.first("seed", ""), v.first("steps", ""), v.first("eta", ""), v.first("size", "")),
                    k -> new ArrayList<>()).add(i);
        }
        List<Integer> ordered = new ArrayList<>();
        alike.forEach((k, v) -> {
            if (k.getFirst().equals("false")) {
                ordered.addAll(v);
            }
        });
        alike.forEach((k, v) -> {
            if (k.getFirst().equals("true")) {
                ordered.addAll(v);
            }
        });
        return ordered;
    }

    /** {@return the indices of all cases, ascending} */
    SortedSet<Integer> cases() {
        return cases;
    }

    /**
     * {@return a case that this process now holds; null if all that is pending is blocked or held by others}
     *
     * @param pending
     *            whether a case is not finished
     * @param blocked
     *            whether a case has to wait for another one
     */
    @Nullable
    Integer next(IntPredicate pending, IntPredicate blocked, CaseLocks locks) throws IOException {
        if (current >= 0) {
            Integer same = from(current, pending, blocked, locks);
            if (same != null) {
                return same;
            }
            locks.releaseGroup(current);
            current = -1;
        }
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).stream().anyMatch(pending::test) && locks.takeGroup(g)) {
                Integer found = from(g, pending, blocked, locks);
                if (found != null) {
                    current = g;
                    return found;
                }
                locks.releaseGroup(g);
            }
        }
        for (int g = 0; g < groups.size(); g++) {
            Integer found = from(g, pending, blocked, locks);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Integer from(int group, IntPredicate pending, IntPredicate blocked, CaseLocks locks)
            throws IOException {
        for (int i : groups.get(group)) {
            if (pending.test(i) && !blocked.test(i) && locks.takeCase(i)) {
                return i;
            }
        }
        return null;
    }
}
