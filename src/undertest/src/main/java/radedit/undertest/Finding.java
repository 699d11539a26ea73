package radedit.undertest;

/**
 * What {@link ModelProbes} found.
 *
 * @param severity
 *            whether a run makes sense
 * @param code
 *            a word for programs, such as {@code second-sigmoid}
 * @param text
 *            one or two sentences: what was measured, what it means, what to do
 */
public record Finding(Severity severity, String code, String text) {
    /** Whether a run makes sense. */
    public enum Severity {
        /** Results would be wrong. */
        ERROR,
        /** Results may be right, but look at this. */
        WARNING
    }
}
