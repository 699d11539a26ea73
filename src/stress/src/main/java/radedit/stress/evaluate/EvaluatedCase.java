package radedit.stress.evaluate;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import radedit.stress.FinishedCase;
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
record EvaluatedCase(FinishedCase finished, @Nullable FinishedCase base) {
    String id() {
        return finished.plan().id();
    }

    String patient() {
        return finished.plan().patient();
    }

    Optional<Role> role() {
        return Role.of(finished.plan().role());
    }

    double dose() {
        String given = value(StressCase.DOSE);
        return given.isEmpty() ? 1 : Double.parseDouble(given);
    }

    String target() {
        return value(StressCase.TARGET);
    }

    /** {@return a value of the manifest; empty if there is none} */
    String value(String column) {
        return finished.plan().values().first(column, "");
    }

    /**
     * {@return whether the film has the target before the edit, if that is known: as the column label says, else by the
     * role or the direction of the edit that the case is about}
     */
    Optional<Boolean> truthBefore() {
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
    Optional<Boolean> truthAfter() {
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
            case "1", "1.0", "true", "yes" -> Optional.of(true);
            case "0", "0.0", "false", "no" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
