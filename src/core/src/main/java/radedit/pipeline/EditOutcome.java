package radedit.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * What became of one of several edits. One of the two values is null.
 *
 * @param result
 *            the edited film, of several tries the best one; null if the edit failed
 * @param failure
 *            why it failed: what {@link RadEdit#edit(EditRequest, Listener)} would have thrown; null if it did not
 */
public record EditOutcome(@Nullable Result result, @Nullable RuntimeException failure) {
    /**
     * Checks the values.
     *
     * @param result
     *            the edited film; null if the edit failed
     * @param failure
     *            why it failed; null if it did not
     */
    public EditOutcome {
        if ((result == null) == (failure == null)) {
            throw new IllegalArgumentException("an edit has either a result or a failure");
        }
    }

    /** {@return the edited film} Throws the failure if there is none. */
    public Result get() {
        if (result != null) {
            return result;
        }
        throw failure == null ? new IllegalStateException() : failure;
    }
}
