package radedit.stress.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Mask;
import radedit.stress.RunException;

/**
 * What a segmenter says about the films of a run.
 *
 * @param name
 *            the model's name in results
 * @param about
 *            which model it is: JSON values by name
 * @param structures
 *            the structures
 * @param lookup
 *            finds the masks of a film
 */
public record MaskBook(String name, Map<String, Object> about, List<String> structures, Lookup lookup) {
    /** Finds the masks of a film. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * {@return the masks of a film, one a structure, in the model's square}
         *
         * @param film
         *            the case's or the original's name
         * @throws IOException
         *             if they cannot be read or computed
         */
        List<Mask> of(String film) throws IOException;
    }

    /**
     * {@return the reference mask of a structure; null if the structure has none}
     *
     * @param index
     *            the structure's
     * @param truth
     *            the reference masks of a case by structure
     */
    @Nullable
    Path reference(int index, Map<String, Path> truth) {
        Path named = truth.get(structures.get(index));
        return named == null && structures.size() == 1 ? truth.get("") : named;
    }

    /**
     * Checks that reference masks are of structures that there are.
     *
     * @param truth
     *            the reference masks of a case by structure
     * @throws RunException
     *             if they are not, with the way out
     */
    void requireKnown(Map<String, Path> truth) {
        for (String structure : truth.keySet()) {
            boolean only = structure.isEmpty() && structures.size() == 1;
            if (!only && !structures.contains(structure)) {
                throw new RunException(name + ": its structures are " + String.join(", ", structures)
                        + (structure.isEmpty()
                                ? "; call the manifest's column truth_mask truth_mask.STRUCTURE, of one of them"
                                : ", none of which is that of the manifest's column truth_mask." + structure));
            }
        }
    }

    Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", name);
        m.put("kind", "segmentation");
        m.put("model", about);
        m.put("structures", structures);
        return m;
    }
}
