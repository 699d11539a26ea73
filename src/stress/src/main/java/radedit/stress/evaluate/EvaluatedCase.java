package radedit.stress.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import radedit.stress.FinishedCase;
import radedit.stress.FinishedCase.Status;
import radedit.stress.Role;
import radedit.stress.StressCase;

/**
 * A case with a picture, and what is known of the truth.
 *
 * @param finished
 *            the case
 * @param base
 *            the case that it is a control of; null if it is none
 */
public record EvaluatedCase(FinishedCase finished, @Nullable FinishedCase base) {
    /**
     * {@return the cases of a run whose picture was accepted, and whose base's was, in the order of the plan}
     *
     * @param all
     *            all cases of the run
     */
    public static List<EvaluatedCase> accepted(List<FinishedCase> all) {
        Map<String, FinishedCase> byId = new HashMap<>();
        all.forEach(c -> byId.put(c.plan().id(), c));
        List<EvaluatedCase> accepted = new ArrayList<>();
        for (FinishedCase c : all) {
            String name = c.plan().base();
            FinishedCase base = name == null ? null : byId.get(name);
            boolean usable = c.status() == Status.DONE && (base == null || base.status() == Status.DONE);
            if (usable && c.files() != null) {
                accepted.add(new EvaluatedCase(c, base));
            }
        }
        return accepted;
    }

    /** {@return the name of the case} */
    public String id() {
        return finished.plan().id();
    }

    /** {@return the patient} */
    public String patient() {
        return finished.plan().patient();
    }

    /** {@return what the edit is for; empty if nothing is said} */
    public Optional<Role> role() {
        return Role.of(finished.plan().role());
    }

    /** {@return how strong the edit is; 1 if nothing is said} */
    public double dose() {
        String given = value(StressCase.DOSE);
        return given.isEmpty() ? 1 : Double.parseDouble(given);
    }

    /** {@return the class that the edit is about; empty if nothing is said} */
    public String target() {
        return value(StressCase.TARGET);
    }

    /**
     * {@return a value of the manifest; empty if there is none}
     *
     * @param column
     *            the column
     */
    public String value(String column) {
        return finished.plan().values().first(column, "");
    }

    /**
     * {@return whether the film has the target before the edit, if that is known: as the column label says, else by the
     * role or the direction of the edit that the case is about}
     */
    public Optional<Boolean> truthBefore() {
        Optional<Boolean> original = labelled("label").or(this::byEdit);
        // the film of a reversed edit is the edited one
        return role().equals(Optional.of(Role.REVERSE))
                ? labelled("label_after").or(() -> original.map(t -> !t))
                : original;
    }

    private Optional<Boolean> byEdit() {
        FinishedCase about = base == null ? finished : base;
        Optional<Role> of = Role.of(about.plan().role());
        if (of.equals(Optional.of(Role.ADD))) {
            return Optional.of(false);
        }
        if (of.equals(Optional.of(Role.REMOVE))) {
            return Optional.of(true);
        }
        String direction = value(StressCase.DIRECTION);
        return direction.isEmpty() || of.map(Role::isControl).orElse(false)
                ? Optional.empty()
                : Optional.of(direction.equals("down"));
    }

    /** {@return whether the film has the target after the edit, if that is known} */
    public Optional<Boolean> truthAfter() {
        Optional<Role> r = role();
        if (r.map(x -> x == Role.SHAM || x == Role.NULL || x == Role.BACKGROUND).orElse(false)) {
            return truthBefore();
        }
        if (r.equals(Optional.of(Role.REVERSE))) {
            return truthBefore().map(t -> !t);
        }
        return labelled("label_after").or(() -> changesTarget() ? truthBefore().map(t -> !t) : truthBefore());
    }

    /** Whether the edit is about the presence of the target. */
    private boolean changesTarget() {
        return role().map(x -> x == Role.ADD || x == Role.REMOVE).orElse(!value(StressCase.DIRECTION).isEmpty());
    }

    private Optional<Boolean> labelled(String column) {
        return switch (value(column)) {
            case "1" -> Optional.of(true);
            case "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
