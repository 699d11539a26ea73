package radedit.stress.evaluate;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.imaging.Mask;

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

    Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", name);
        m.put("kind", "segmentation");
        m.put("model", about);
        m.put("structures", structures);
        return m;
    }
}
