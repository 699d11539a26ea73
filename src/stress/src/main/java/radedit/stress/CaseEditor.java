package radedit.stress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.imaging.Mask;
import radedit.pipeline.EditRequest;
import radedit.pipeline.Listener;

/** Makes requests of what a manifest says. */
public interface CaseEditor {
    /** {@return the columns that have a meaning for an edit} */
    Set<String> columns();

    /** {@return columns that look like a setting of an edit and have no meaning, since they are about the whole run} */
    default Set<String> withoutMeaning() {
        return Set.of();
    }

    /**
     * Checks a case without reading films.
     *
     * @param c
     *            the case
     * @param folder
     *            folder that relative names of files start from
     * @return what is wrong
     */
    List<Problem> check(StressCase c, Path folder);

    /**
     * {@return the files that a case reads, in a fixed order}
     *
     * @param c
     *            a case without problems
     * @param folder
     *            folder that relative names of files start from
     */
    List<Path> files(StressCase c, Path folder);

    /**
     * Reads the film and the masks of a case.
     *
     * @param c
     *            a case without problems
     * @param folder
     *            folder that relative names of files start from
     * @param listener
     *            receives warnings
     * @return the request
     * @throws IOException
     *             if a file cannot be read
     * @throws RuntimeException
     *             if a file or a value cannot be used
     */
    EditRequest request(StressCase c, Path folder, Listener listener) throws IOException;

    /**
     * {@return the reference masks of a case, of its film's size, by their columns in the order of {@link TruthMasks#columns}}
     *
     * @param c
     *            a case without problems
     * @param folder
     *            folder that relative names of files start from
     * @param listener
     *            receives warnings
     * @throws IOException
     *             if a file cannot be read
     * @throws RuntimeException
     *             if a file cannot be used
     */
    default Map<String, Mask> truth(StressCase c, Path folder, Listener listener) throws IOException {
        return Map.of();
    }

    /**
     * {@return why a case failed, in one line}
     *
     * @param e
     *            what {@link #request} or the edit threw
     */
    String reason(Exception e);
}
