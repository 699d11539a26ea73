package radedit.undertest;

import java.io.IOException;
import java.util.List;

/** A model under test, or what describes its inputs or results, cannot be used. */
public final class ModelException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is at fault. */
    public enum Reason {
        /** The model's file is damaged, hostile or of another kind than expected. */
        MODEL,
        /** A file of preprocessing, scores or masks is invalid. */
        FILE,
        /** What was asked for contradicts the model, or itself. */
        REQUEST,
        /** What runs models of this kind does not work on this machine. */
        UNAVAILABLE,
        /** The model or its server failed, or returned what cannot be right. */
        RUN
    }

    /** What is at fault. */
    private final Reason reason;
    /** All faults, if several were found. */
    private final List<String> problems;

    /**
     * Creates an exception.
     *
     * @param reason
     *            what is at fault
     * @param message
     *            a sentence that names the file, address or key, and the way out
     */
    public ModelException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.problems = List.of(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param reason
     *            what is at fault
     * @param message
     *            a sentence that names the file, address or key, and the way out
     * @param cause
     *            the cause
     */
    public ModelException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.problems = List.of(message);
    }

    private ModelException(Reason reason, String message, List<String> problems) {
        super(message);
        this.reason = reason;
        this.problems = problems;
    }

    /**
     * {@return an exception about several faults of one file; the message has the first three}
     *
     * @param source
     *            the file
     * @param problems
     *            the faults, each with its place
     */
    static ModelException of(String source, List<String> problems) {
        int said = Math.min(3, problems.size());
        String all = String.join("; ", problems.subList(0, said));
        if (problems.size() > said) {
            all += "; and " + (problems.size() - said) + " more";
        }
        return new ModelException(Reason.FILE,
                source + ": " + (problems.size() == 1 ? "" : problems.size() + " problems: ") + all,
                List.copyOf(problems));
    }

    /** {@return what is at fault} */
    public Reason reason() {
        return reason;
    }

    /** {@return all faults that were found, in the order of the file; at least one} */
    public List<String> problems() {
        return problems;
    }
}
