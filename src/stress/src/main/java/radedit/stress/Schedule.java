package radedit.stress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The order of work: film by film, so that cases of a film find its inversion in memory; a process prefers films that no other
 * one is at work on.
 */
final class Schedule {
    /** Indices of cases that have a film in common, in the order in which they share most. */
    private final List<List<Integer>> groups;
    private final SortedSet<Integer> cases;
    /** Groups that this process holds, in the order in which it took them. */
    private final Set<Integer> mine = new LinkedHashSet<>();

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
     * {@return cases that this process now holds; none if all that is pending is blocked or held by others}
     *
     * @param most
     *            how many at most
     * @param pending
     *            whether a case is not finished
     * @param blocked
     *            whether a case has to wait for another one
     */
    List<Integer> take(int most, IntPredicate pending, IntPredicate blocked, CaseLocks locks) throws IOException {
        List<Integer> taken = new ArrayList<>();
        IntPredicate free = i -> !taken.contains(i) && pending.test(i) && !blocked.test(i);
        for (int g : List.copyOf(mine)) {
            if (taken.size() < most && !take(g, most, free, locks, taken)) {
                mine.remove(g);
                locks.releaseGroup(g);
            }
        }
        for (int g = 0; g < groups.size() && taken.size() < most; g++) {
            if (!mine.contains(g) && groups.get(g).stream().anyMatch(pending::test) && locks.takeGroup(g)) {
                if (take(g, most, free, locks, taken)) {
                    mine.add(g);
                } else {
                    locks.releaseGroup(g);
                }
            }
        }
        for (int g = 0; g < groups.size() && taken.isEmpty(); g++) {
            take(g, most, free, locks, taken); // of a film that another process is at work on
        }
        return taken;
    }

    /** {@return whether any case of a group could be taken} */
    private boolean take(int group, int most, IntPredicate free, CaseLocks locks, List<Integer> taken)
            throws IOException {
        int before = taken.size();
        for (int i : groups.get(group)) {
            if (taken.size() < most && free.test(i) && locks.takeCase(i)) {
                taken.add(i);
            }
        }
        return taken.size() > before;
    }
}
