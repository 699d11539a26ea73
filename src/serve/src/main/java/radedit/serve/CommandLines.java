package radedit.serve;

import com.fasterxml.jackson.databind.JsonNode;

/** Writes the command line that does the same as a request. Options belong to the program, so it is the program's task. */
@FunctionalInterface
public interface CommandLines {
    /**
     * {@return a command line for a POSIX shell}
     *
     * @param kind
     *            {@code edit}, {@code generation} or {@code score}
     * @param request
     *            fields as the interface has them, with defaults filled in; names of files in place of ids
     */
    String of(String kind, JsonNode request);
}
