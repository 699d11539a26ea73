package radedit.stress;

import org.jspecify.annotations.Nullable;

/**
 * One edit of a run.
 *
 * @param id
 *            unique in its run, even without regard to case; usable as a file name
 * @param row
 *            the row of the manifest that it comes from, counted from 1
 * @param base
 *            the case that this one is a control of; null if it is no control
 * @param values
 *            what the manifest says, completed by defaults and, for a control, changed
 */
public record StressCase(String id, int row, @Nullable String base, Values values) {
    /** The columns that are about the test, not about the edit. */
    public static final String CASE_ID = "case_id";
    /** The patient, over which the statistics resample. */
    public static final String PATIENT_ID = "patient_id";
    /** What the edit is for. */
    public static final String ROLE = "role";
    /** How strong the edit is, relative to its prompts' weights. */
    public static final String DOSE = "dose";
    /** The class of the model under test that the edit is about. */
    public static final String TARGET = "target";
    /** Whether the film has the target before the edit: 0 or 1. */
    public static final String LABEL = "label";
    /** Whether the edited film has the target: 0 or 1. */
    public static final String LABEL_AFTER = "label_after";
    /** Whether the target's score shall go up or down. */
    public static final String DIRECTION = "direction";

    /** {@return what the edit is for: a role such as {@code add}; empty if nothing is said} */
    public String role() {
        return values.first(ROLE, "");
    }

    /** {@return the patient: as the manifest says, else the film} */
    public String patient() {
        String given = values.first(PATIENT_ID);
        return given == null ? values.first("image", id) : given;
    }

    /** {@return whether its film is the edited film of its base} */
    public boolean isReverse() {
        return base != null && role().equals(Role.REVERSE.word());
    }
}
