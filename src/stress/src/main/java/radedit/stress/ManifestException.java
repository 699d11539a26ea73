package radedit.stress;

import java.util.List;
import java.util.stream.Collectors;

import radedit.message.Explained;
import radedit.message.Message;

/** A manifest that cannot be used, with everything that is wrong with it. */
public final class ManifestException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;
    private static final int MOST_SHOWN = 50;

    private final transient List<Problem> problems;

    /**
     * Creates an exception whose message has a line for each problem, up to 50.
     *
     * @param name
     *            the manifest's name
     * @param problems
     *            what is wrong; at least one
     */
    public ManifestException(String name, List<Problem> problems) {
        super(message(name, problems));
        this.problems = List.copyOf(problems);
    }

    private static String message(String name, List<Problem> problems) {
        String shown = problems.stream().limit(MOST_SHOWN).map(p -> name + ": " + p)
                .collect(Collectors.joining("\n"));
        int more = problems.size() - MOST_SHOWN;
        return more > 0 ? shown + "\n" + name + ": " + more + " more problems" : shown;
    }

    /** {@return everything that is wrong, in the order of the rows} */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public Message explanation() {
        return Message.of(String.valueOf(getMessage()));
    }
}
