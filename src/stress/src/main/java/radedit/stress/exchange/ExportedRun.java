package radedit.stress.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import radedit.stress.FinishedCase;
import radedit.stress.FinishedRun;
import radedit.stress.Role;
import radedit.stress.RunException;
import radedit.stress.evaluate.EvaluatedCase;

/**
 * What is exported of a run: its accepted cases, which are those that models are evaluated on.
 *
 * @param folder
 *            its folder, for messages
 * @param ownColumns
 *            the manifest's columns that were carried through
 * @param cases
 *            the accepted cases, in the order of the plan
 * @param warning
 *            receives what is left out
 */
record ExportedRun(Path folder, List<String> ownColumns, List<EvaluatedCase> cases, Consumer<String> warning) {
    /**
     * {@return what is exported}
     *
     * @throws RunException
     *             if no case is accepted
     */
    static ExportedRun of(FinishedRun run, Consumer<String> warning) {
        List<EvaluatedCase> accepted = EvaluatedCase.accepted(run.cases());
        if (accepted.isEmpty()) {
            throw new RunException(run.folder() + ": no case has an accepted picture");
        }
        return new ExportedRun(run.folder(), run.ownColumns(), accepted, warning);
    }

    static FinishedCase.Files files(EvaluatedCase c) {
        return Objects.requireNonNull(c.finished().files(), "an accepted case has files");
    }

    /** {@return the cases by the film before the edit} */
    Map<String, List<EvaluatedCase>> originals() {
        Map<String, List<EvaluatedCase>> all = new LinkedHashMap<>();
        cases.forEach(c -> all.computeIfAbsent(c.finished().originalName(), n -> new ArrayList<>()).add(c));
        return all;
    }

    /** {@return the cases of rows of the manifest that are no controls} */
    List<EvaluatedCase> edits() {
        return cases.stream().filter(c -> c.base() == null && !c.role().map(Role::isControl).orElse(false)).toList();
    }

    /** {@return the controls of each edit by their role; of doses, the first} */
    Map<String, Map<Role, EvaluatedCase>> controls() {
        Map<String, Map<Role, EvaluatedCase>> all = new HashMap<>();
        for (EvaluatedCase c : cases) {
            FinishedCase base = c.base();
            if (base != null) {
                c.role().ifPresent(r -> all.computeIfAbsent(base.plan().id(), id -> new EnumMap<>(Role.class))
                        .putIfAbsent(r, c));
            }
        }
        return all;
    }

    /** {@return all values of a column, as results.csv has them} */
    static String joined(EvaluatedCase c, String column) {
        return String.join("; ", c.finished().plan().values().all(column));
    }

    /**
     * Refuses an export that would have nothing in it.
     *
     * @throws RunException
     *             if nothing is left
     */
    void require(List<?> left, String needs) {
        if (left.isEmpty()) {
            throw new RunException(folder + ": no case can be exported: " + needs);
        }
    }

    /** Says how many cases are left out; nothing if none are. */
    void leftOut(int cases, String why) {
        if (cases > 0) {
            warning.accept(cases + (cases == 1 ? " case is" : " cases are") + " left out: " + why);
        }
    }
}
